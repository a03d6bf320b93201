"""The amount of a claim: to the cent as worked out another way, and as a judge would check it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.documents.packs.reading import careful_claim_pack, claim_pack, lending_pack
from recovery.domain.accounting.lending import component_order
from recovery.domain.judicial.claim import Claim, calculate_claim
from recovery.domain.judicial.claim_facts import (
    AwardedCosts,
    ClaimFacts,
    ClaimPart,
    ClaimPayment,
)
from recovery.domain.judicial.lawful_rates import AgreedRates
from tests.domain.judicial.claim_recomputed import RateOn, recomputed

ON = date(2026, 11, 27)
DAY = timedelta(days=1)
NONE = AgreedRates()
UNFAIR = AgreedRates(ordinary_pct=Decimal(18), late_pct=Decimal(25))
FAIR = AgreedRates(ordinary_pct=Decimal(18), late_pct=Decimal("19.5"))
DUE = date(2024, 3, 1)


def part(name="1", due_on=DUE, principal_minor=100_000, **more) -> ClaimPart:
    return ClaimPart(part=name, due_on=due_on, principal_minor=principal_minor, **more)


def paid(on: date, amount_minor: int, part: str | None = None, payment_id="P") -> ClaimPayment:
    return ClaimPayment(payment_id=payment_id, on=on, amount_minor=amount_minor, part=part)


def claim(*parts: ClaimPart, law="ES", as_of=ON, agreed=NONE, **more) -> Claim:
    facts = ClaimFacts(currency="EUR", parts=parts, agreed=agreed, **more)
    return calculate_claim(facts, claim_pack(law), component_order(lending_pack(law), as_of), as_of)


def amounts(found: Claim, kind: str) -> list[int]:
    return [each.amount_minor for each in found.lines if each.kind == kind]


def test_the_surcharge_falls_away_and_the_ordinary_rate_goes_on() -> None:
    found = claim(part(), agreed=UNFAIR, as_of=date(2025, 3, 1))
    assert [(e.kind, e.days, e.annual_pct, e.amount_minor) for e in found.lines] == [
        ("principal", None, None, 100_000),
        ("ordinary_interest", 305, Decimal(18), 15_000),
        ("ordinary_interest", 60, Decimal(18), 2959),
    ]
    assert found.lines[1].rules[0].id == "es.claim.late_rates.consumer"
    assert claim(part(), agreed=FAIR).total_minor > claim(part(), agreed=UNFAIR).total_minor


def test_a_year_of_statutory_interest_is_its_rate_and_then_bears_interest() -> None:
    found = claim(part(due_on=date(2024, 12, 31)), law="NL", as_of=date(2026, 12, 31))
    assert amounts(found, "late_interest") == [6000, 4240]
    assert [e.base_minor for e in found.lines if e.annual_pct] == [100_000, 106_000]


def test_legal_interest_runs_from_the_demand_and_without_one_it_is_asked_for() -> None:
    demanded = claim(part(), demanded_on=date(2025, 12, 31))
    [line] = [each for each in demanded.lines if each.annual_pct]
    assert (line.from_on, line.days, line.amount_minor) == (date(2026, 1, 1), 331, 2947)
    unknown = claim(part())
    assert (unknown.total_minor, unknown.gaps[0].why) == (100_000, "no_demand")
    assert (unknown.gaps[0].from_on, unknown.gaps[0].to_on) == (DUE + DAY, ON)


def test_interest_is_paid_before_principal_as_in_scenario_17() -> None:
    owed = part(due_on=date(2026, 1, 1), interest_minor=20_000)
    found = claim(owed, as_of=date(2026, 2, 1), payments=(paid(date(2026, 1, 15), 50_000),))
    assert (found.principal_minor, found.interest_minor) == (70_000, 0)
    [line] = [each for each in found.lines if each.kind == "payment"]
    assert line.spread == (0, 20_000, 30_000) and line.amount_minor == -50_000


def test_more_than_is_owed_is_kept_apart() -> None:
    owed = part(due_on=date(2026, 1, 1))
    found = claim(owed, payments=(paid(date(2026, 1, 15), 120_000),))
    assert (found.total_minor, found.credit_minor) == (0, 20_000)
    twice = (paid(date(2026, 1, 15), 100_000), paid(date(2026, 1, 20), 100_000, payment_id="Q"))
    assert claim(owed, payments=twice).credit_minor == 100_000


def test_what_is_paid_early_pays_what_falls_due_next() -> None:
    later = part("2", due_on=date(2026, 6, 1))
    found = claim(
        part(due_on=date(2026, 1, 1)), later, payments=(paid(date(2025, 12, 1), 150_000),)
    )
    assert [(e.to_on, e.amount_minor) for e in found.lines if e.kind == "payment"] == [
        (date(2026, 1, 1), -100_000),
        (date(2026, 6, 1), -50_000),
    ]
    assert found.principal_minor == 50_000


def test_the_payers_word_comes_first() -> None:
    one, two = part("1", date(2025, 1, 1), 50_000), part("2", date(2025, 6, 1), 50_000)
    named = claim(one, two, agreed=FAIR, payments=(paid(date(2025, 7, 1), 40_000, "2"),))
    unnamed = claim(one, two, agreed=FAIR, payments=(paid(date(2025, 7, 1), 40_000),))
    last = {e.part: e.base_minor for e in named.lines if e.annual_pct}
    assert last["1"] == 50_000 and last["2"] == 10_801
    last = {e.part: e.base_minor for e in unnamed.lines if e.annual_pct}
    assert last["2"] == 50_000 and last["1"] < 50_000


def test_costs_are_paid_first_in_the_netherlands_and_last_in_spain() -> None:
    awarded = (AwardedCosts(on=date(2026, 1, 10), amount_minor=5000, basis="decision 12/2026"),)
    owed = part(due_on=date(2026, 1, 1))
    payments = (paid(date(2026, 2, 1), 5000),)
    dutch = claim(owed, law="NL", awarded=awarded, payments=payments)
    assert dutch.costs_minor == 0 and dutch.principal_minor == 100_000
    spanish = claim(owed, awarded=awarded, payments=payments)
    assert spanish.costs_minor == 5000 and spanish.principal_minor == 95_000


def test_what_is_disputed_barred_or_not_due_is_left_out_and_named() -> None:
    found = claim(
        part("1", date(2026, 1, 1), interest_minor=500, disputed_minor=100_200),
        part("2", date(2026, 2, 1), left_out="time_barred"),
        part("3", ON),
        part("4", date(2026, 3, 1), disputed_minor=100_000),
    )
    assert [(each.part, each.why, each.amount_minor) for each in found.not_claimed] == [
        ("1", "disputed", 100_200),
        ("2", "time_barred", 100_000),
        ("4", "disputed", 100_000),
        ("3", "not_due", 100_000),
    ]
    assert (found.principal_minor, found.interest_minor) == (0, 300)


def test_ordinary_interest_runs_until_the_loan_was_called_in() -> None:
    called_in = part("rest", date(2025, 3, 1), ordinary_from=date(2024, 12, 1))
    found = claim(called_in, agreed=UNFAIR, as_of=date(2025, 3, 2))
    before = [e for e in found.lines if e.because == "ordinary_rate_agreed"]
    assert [(e.from_on, e.to_on, e.days, e.amount_minor) for e in before] == [
        (date(2024, 12, 2), date(2024, 12, 31), 30, 1475),
        (date(2025, 1, 1), date(2025, 3, 1), 60, 2959),
    ]


def test_from_a_judgment_procedural_interest_runs_on_all_that_it_awards() -> None:
    found = claim(part(), agreed=UNFAIR, judged_on=date(2026, 6, 1))
    [line] = [each for each in found.lines if each.kind == "procedural_interest"]
    assert line.annual_pct == Decimal("5.25") and line.days == 179
    assert line.base_minor == 100_000 + sum(amounts(found, "ordinary_interest"))


def test_where_the_law_has_no_procedural_rate_the_other_goes_on() -> None:
    with_judgment = claim(part(), law="NL", judged_on=date(2026, 2, 28))
    assert not amounts(with_judgment, "procedural_interest")
    assert with_judgment.interest_minor >= claim(part(), law="NL").interest_minor


def test_days_without_a_verified_rate_bear_nothing_and_are_named() -> None:
    found = claim(part(due_on=date(2022, 6, 1)), law="NL")
    [gap] = found.gaps
    assert (gap.from_on, gap.to_on) == (date(2022, 6, 2), date(2023, 12, 31))
    assert gap.why == "no_statutory_rate"
    assert amounts(found, "late_interest")[0] == 2926, "153 days of 366 at 7 %"


def test_nobody_files_on_a_rate_past_its_review() -> None:
    assert claim(part(), law="NL").may_be_filed
    late = claim(part(), law="NL", as_of=date(2027, 2, 1))
    assert not late.may_be_filed
    assert "nl.claim.rates.statutory" in {each.id for each in late.expired}


def test_under_an_unknown_law_only_what_was_scheduled_is_claimed() -> None:
    facts = ClaimFacts(
        currency="EUR",
        parts=(part(interest_minor=700),),
        agreed=FAIR,
        payments=(paid(date(2025, 1, 1), 1000),),
    )
    found = calculate_claim(facts, careful_claim_pack(), None, ON)
    assert (found.total_minor, found.may_be_filed) == (99_700, False)
    assert found.gaps[0].why == "no_rule_for_late_rate"


def test_a_year_may_have_360_days_by_contract() -> None:
    found = claim(part(due_on=date(2025, 1, 1)), agreed=FAIR, year="360", as_of=date(2025, 12, 27))
    assert amounts(found, "late_interest") == [19_500]


DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 30))
PARTS = st.lists(
    st.tuples(DAYS, st.integers(0, 500_000), st.integers(0, 20_000)), min_size=1, max_size=4
)
PAYMENTS = st.lists(
    st.tuples(DAYS, st.integers(1, 400_000), st.sampled_from([None, "0", "1"])), max_size=4
)


def facts_of(parts, payments, agreed, **more) -> ClaimFacts:
    names = {str(index) for index in range(len(parts))}
    return ClaimFacts(
        currency="EUR",
        parts=tuple(
            ClaimPart(part=str(index), due_on=on, principal_minor=owed, interest_minor=interest)
            for index, (on, owed, interest) in enumerate(parts)
        ),
        agreed=agreed,
        payments=tuple(
            paid(on, amount, name if name in names else None, f"P{index}")
            for index, (on, amount, name) in enumerate(payments)
        ),
        **more,
    )


def calculated(facts: ClaimFacts, law: str, as_of: date) -> Claim:
    return calculate_claim(facts, claim_pack(law), component_order(lending_pack(law), ON), as_of)


def check_against_another_way(
    facts: ClaimFacts, law: str, as_of: date, rate_on: RateOn, compounds: bool = False
) -> None:
    found = calculated(facts, law, as_of)
    parts = [(e.part, e.due_on, e.principal_minor, e.interest_minor) for e in facts.parts]
    payments = [(e.on, e.amount_minor, e.part) for e in facts.payments if e.on <= as_of]
    expected = recomputed(parts, payments, as_of, rate_on, compounds=compounds)
    assert {
        "principal": found.principal_minor,
        "interest": found.interest_minor,
        "credit": found.credit_minor,
    } == expected


@settings(max_examples=40)
@given(PARTS, PAYMENTS, DAYS)
def test_statutory_interest_that_compounds_agrees_with_another_way(parts, payments, as_of) -> None:
    rates = {2024: Fraction(7), 2025: Fraction(6), 2026: Fraction(4)}
    facts = facts_of(parts, payments, NONE)
    check_against_another_way(facts, "NL", as_of, lambda day: rates.get(day.year), compounds=True)


@settings(max_examples=40)
@given(PARTS, PAYMENTS, DAYS, st.decimals(0, 30, places=2), st.decimals(0, 40, places=2))
def test_an_agreed_late_rate_agrees_with_another_way(
    parts, payments, as_of, ordinary, late
) -> None:
    fair = late <= ordinary + 2
    facts = facts_of(parts, payments, AgreedRates(ordinary_pct=ordinary, late_pct=late))
    percent = Fraction(late if fair else ordinary)
    check_against_another_way(facts, "ES", as_of, lambda day: percent)


@settings(max_examples=40)
@given(PARTS, PAYMENTS, DAYS, DAYS)
def test_legal_interest_from_a_demand_agrees_with_another_way(
    parts, payments, as_of, demanded_on
) -> None:
    facts = facts_of(parts, payments, NONE, demanded_on=demanded_on)
    check_against_another_way(
        facts, "ES", as_of, lambda day: Fraction(13, 4) if day > demanded_on else None
    )


AGREED = st.sampled_from([NONE, FAIR, UNFAIR, AgreedRates(capacity="business")])
LAWS = st.sampled_from(["ES", "NL"])
EXTRAS = st.fixed_dictionaries(
    {"demanded_on": st.none() | DAYS, "judged_on": st.none() | DAYS},
)


@given(PARTS, PAYMENTS, AGREED, LAWS, EXTRAS, DAYS)
def test_lines_add_up_and_nothing_paid_is_lost(parts, payments, agreed, law, extras, as_of) -> None:
    facts = facts_of(parts, payments, agreed, **extras)
    found = calculated(facts, law, as_of)
    assert sum(each.amount_minor for each in found.lines) == found.total_minor
    received = sum(each.amount_minor for each in facts.payments if each.on <= as_of)
    assert received == found.credit_minor - sum(amounts(found, "payment"))
    assert min(found.principal_minor, found.interest_minor, found.credit_minor) >= 0


@given(PARTS, PAYMENTS, AGREED, LAWS, EXTRAS, DAYS)
def test_a_judge_can_work_out_each_line_of_interest(
    parts, payments, agreed, law, extras, as_of
) -> None:
    for line in calculated(facts_of(parts, payments, agreed, **extras), law, as_of).lines:
        if line.annual_pct is None:
            continue
        assert line.from_on.year == line.to_on.year
        assert (line.to_on - line.from_on).days + 1 == line.days
        exact = Fraction(line.base_minor) * Fraction(line.annual_pct) * line.days
        assert line.amount_minor == floor(exact / 100 / line.year_days + Fraction(1, 2))
        assert line.rules


@given(PARTS, PAYMENTS, AGREED, LAWS, EXTRAS, DAYS, st.integers(1, 900))
def test_a_later_day_never_lowers_a_claim_without_a_payment(
    parts, payments, agreed, law, extras, as_of, days
) -> None:
    facts = facts_of(parts, payments, agreed, **extras)
    later_on = as_of + days * DAY
    facts = replace(facts, payments=tuple(e for e in facts.payments if e.on <= as_of))
    now, later = calculated(facts, law, as_of), calculated(facts, law, later_on)
    assert later.total_minor - later.credit_minor >= now.total_minor - now.credit_minor
