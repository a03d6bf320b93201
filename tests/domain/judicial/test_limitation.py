"""Clocks: until when, after which acts, and what a day more or an act more can change."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.packs.reading import careful_claim_pack, claim_pack
from recovery.domain.judicial.limitation import DuePart, LimitationFacts, limitation_clocks
from recovery.domain.judicial.limitation_acts import LimitationAct, Obligor

SPAIN, NETHERLANDS, UNKNOWN = claim_pack("ES"), claim_pack("NL"), careful_claim_pack()
DEBTOR = Obligor(person_id="debtor", role="debtor")
GUARANTOR = Obligor(person_id="guarantor", role="guarantor")
ON = date(2026, 12, 1)
DAY = timedelta(days=1)


def act(kind="demand", on=date(2021, 3, 5), act_id="1", **more) -> LimitationAct:
    said = {"persons": ("debtor",), "proof": "proven", "written": True, **more}
    return LimitationAct(act_id=act_id, act=kind, on=on, **said)


def facts(*acts: LimitationAct, due_on=date(2021, 1, 10), **more) -> LimitationFacts:
    said = {"claim": "contract", "region": "ES-M", "obligors": (DEBTOR,), **more}
    return LimitationFacts(parts=(DuePart(part="60", due_on=due_on),), acts=acts, **said)


def clock(found: LimitationFacts, as_of=ON, pack=SPAIN, person="debtor"):
    [one] = [each for each in limitation_clocks(found, pack, as_of) if each.person_id == person]
    return one


def test_the_old_debt_of_scenario_15() -> None:
    call = act(on=date(2025, 2, 2), act_id="call", proof="none", written=False)
    burofax = act(on=date(2023, 5, 2), act_id="burofax", proof="returned")
    asked = facts(act(), call, burofax, obligors=(DEBTOR, GUARANTOR))
    found = clock(asked)
    assert (found.status, found.prescribes_on) == ("time_barred", date(2026, 3, 5))
    assert [each.act.act_id for each in found.counted] == ["1"]
    assert [(each.act.act_id, each.why) for each in found.not_counted] == [
        ("burofax", "proof_fails"),
        ("call", "proof_fails"),
    ]
    assert not any(each.may_count for each in found.not_counted)
    guarantor = clock(asked, person="guarantor")
    assert (guarantor.status, guarantor.prescribes_on) == ("time_barred", date(2026, 1, 10))
    assert guarantor.not_counted[0].why == "does_not_reach"


def test_the_last_day_itself_is_in_time() -> None:
    assert clock(facts(), as_of=date(2021, 1, 10)).status == "running"
    assert clock(facts(), as_of=date(2026, 1, 10)).status == "running"
    assert clock(facts(), as_of=date(2026, 1, 11)).status == "time_barred"
    on_it, late = act(on=date(2026, 1, 10)), act(on=date(2026, 1, 11))
    assert clock(facts(on_it)).prescribes_on == date(2031, 1, 10)
    assert clock(facts(late)).prescribes_on == date(2026, 1, 10)
    assert clock(facts(late)).not_counted[0].why == "too_late"


def test_an_act_on_the_due_date_counts() -> None:
    found = clock(facts(act("claim_filed", on=date(2021, 1, 10))))
    assert (found.status, len(found.counted)) == ("pending", 1)


def test_what_is_not_due_has_no_clock_yet() -> None:
    assert clock(facts(due_on=date(2027, 1, 1))).status == "not_due"
    early = clock(facts(act(on=date(2020, 12, 1))))
    assert (early.prescribes_on, early.not_counted[0].why) == (date(2026, 1, 10), "before_due")


def test_each_instalment_has_its_clock_until_the_loan_is_called_in() -> None:
    parts = tuple(DuePart(part=str(n), due_on=date(2022, n, 1)) for n in range(1, 7))
    asked = replace(facts(), parts=parts)
    found = limitation_clocks(asked, SPAIN, ON)
    assert [each.prescribes_on for each in found] == [date(2027, n, 1) for n in range(1, 7)]
    called_in = replace(asked, called_in_on=date(2022, 3, 15))
    found = limitation_clocks(called_in, SPAIN, ON)
    assert [(each.parts, each.prescribes_on) for each in found] == [
        (("1",), date(2027, 1, 1)),
        (("2",), date(2027, 2, 1)),
        (("3",), date(2027, 3, 1)),
        (("4", "5", "6"), date(2027, 3, 15)),
    ]
    before = limitation_clocks(called_in, SPAIN, date(2022, 3, 14))
    assert len(before) == 6, "nobody knew yet that it would be called in"
    assert len(limitation_clocks(called_in, SPAIN, date(2022, 3, 15))) == 4
    on_a_due_date = replace(asked, called_in_on=date(2022, 5, 1))
    assert [each.parts for each in limitation_clocks(on_a_due_date, SPAIN, ON)][-2:] == [
        ("5",),
        ("6",),
    ]
    late = replace(asked, called_in_on=date(2022, 8, 1))
    assert [each.parts for each in limitation_clocks(late, SPAIN, ON)] == [
        (str(n),) for n in range(1, 7)
    ]


def test_where_the_law_does_not_count_by_instalment_there_is_one_clock() -> None:
    parts = tuple(DuePart(part=str(n), due_on=date(2022, n, 1)) for n in (1, 6))
    asked = replace(facts(claim="judgment"), parts=parts)
    [found] = limitation_clocks(asked, SPAIN, ON)
    assert (found.parts, found.started_on) == (("1", "6"), date(2022, 6, 1))
    [found] = limitation_clocks(replace(asked, called_in_on=date(2022, 3, 1)), SPAIN, ON)
    assert found.started_on == date(2022, 3, 1)


def test_an_act_about_one_instalment_renews_only_that() -> None:
    parts = (DuePart(part="1", due_on=date(2022, 1, 1)), DuePart(part="2", due_on=date(2022, 2, 1)))
    about = act(on=date(2023, 1, 1), parts=frozenset({"2"}))
    one, two = limitation_clocks(replace(facts(about), parts=parts), SPAIN, ON)
    assert (one.prescribes_on, two.prescribes_on) == (date(2027, 1, 1), date(2028, 1, 1))
    assert one.not_counted[0].why == "other_instalment"
    unsure = replace(about, proof="uncollected")
    one, two = limitation_clocks(replace(facts(unsure), parts=parts), SPAIN, ON)
    assert (one.may_prescribe_on, two.may_prescribe_on) == (date(2027, 1, 1), date(2028, 1, 1))


def test_a_bill_lives_three_years_in_spain() -> None:
    bill = facts(claim="bill", due_on=date(2023, 4, 10))
    assert clock(bill, as_of=date(2026, 5, 15)).prescribes_on == date(2026, 4, 10)
    assert clock(bill, as_of=date(2026, 5, 15)).status == "time_barred"
    debt = facts(due_on=date(2023, 4, 10))
    assert clock(debt, as_of=date(2026, 5, 15)).prescribes_on == date(2028, 4, 10)


def test_a_judgment_lapses_in_spain_and_no_demand_renews_it() -> None:
    judgment = facts(act(on=date(2024, 1, 1)), claim="judgment", due_on=date(2021, 6, 1))
    found = clock(judgment)
    assert (found.prescribes_on, found.status) == (date(2026, 6, 1), "time_barred")
    assert found.not_counted[0].why == "not_interruptible"
    assert found.rule.ex_officio


def test_a_judgment_in_the_netherlands_is_renewed_for_five_years_and_never_shortened() -> None:
    judgment = facts(act(on=date(2024, 1, 1)), claim="judgment", due_on=date(2010, 6, 1))
    assert clock(judgment, pack=NETHERLANDS).prescribes_on == date(2030, 6, 1)
    late = facts(act(on=date(2026, 7, 1)), claim="judgment", due_on=date(2010, 6, 1))
    assert clock(late, pack=NETHERLANDS).prescribes_on == date(2031, 7, 1)


def test_while_a_court_decides_time_stands_still() -> None:
    suit = act("claim_filed", on=date(2025, 5, 1))
    pending = clock(facts(suit, obligors=(DEBTOR, GUARANTOR)))
    assert (pending.status, pending.prescribes_on, pending.may_be_sued) == ("pending", None, True)
    guarantor = clock(facts(suit, obligors=(DEBTOR, GUARANTOR)), person="guarantor")
    assert (guarantor.status, guarantor.prescribes_on) == ("running", date(2030, 5, 1))


def test_a_suit_that_was_won_begins_the_clock_of_the_judgment() -> None:
    won = act("claim_filed", on=date(2025, 5, 1), ended_on=date(2026, 2, 1), upheld=True)
    found = clock(facts(won))
    assert (found.claim, found.started_on) == ("judgment", date(2026, 2, 1))
    assert found.prescribes_on == date(2031, 2, 1)
    before = clock(facts(won), as_of=date(2026, 1, 31))
    assert before.status == "pending", "the decision was not known yet"
    assert clock(facts(won), as_of=date(2026, 2, 1)).claim == "judgment"
    assert clock(facts(won), pack=NETHERLANDS).prescribes_on == date(2046, 2, 1)


def test_a_suit_that_failed_leaves_six_months_in_the_netherlands() -> None:
    lost = act("claim_filed", on=date(2025, 12, 1), ended_on=date(2026, 9, 30), upheld=False)
    found = clock(facts(lost), pack=NETHERLANDS)
    assert found.prescribes_on == date(2027, 3, 30)
    assert found.not_counted[0].why == "failed_suit"
    spain = clock(facts(lost))
    assert spain.prescribes_on == date(2030, 12, 1), "from its filing (CC 1973)"


def test_a_request_to_negotiate_renews_from_its_end() -> None:
    asked = act("negotiation_request", on=date(2025, 6, 1))
    assert clock(facts(asked)).prescribes_on == date(2030, 6, 1)
    received = replace(asked, received_on=date(2025, 6, 3))
    assert clock(facts(received)).prescribes_on == date(2030, 7, 3)
    talks = replace(received, answered=True, ended_on=date(2025, 9, 1))
    assert clock(facts(talks)).prescribes_on == date(2030, 9, 1)
    unanswered = replace(received, ended_on=date(2025, 9, 1))
    assert clock(facts(unanswered)).prescribes_on == date(2030, 7, 3)
    refused_soon = replace(received, ended_on=date(2025, 6, 10))
    assert clock(facts(refused_soon)).prescribes_on == date(2030, 6, 10)


def test_the_flood_leaves_out_twelve_days_in_its_province() -> None:
    asked = facts(region="ES-V", due_on=date(2022, 6, 1))
    assert clock(asked).prescribes_on == date(2027, 6, 13)
    assert clock(replace(asked, region="ES-M")).prescribes_on == date(2027, 6, 1)
    within = facts(act(on=date(2024, 11, 5)), region="ES-V", due_on=date(2022, 6, 1))
    assert clock(within).prescribes_on == date(2029, 11, 10), "five days were left: 6 to 10"
    last = facts(act(on=date(2024, 11, 9)), region="ES-V", due_on=date(2022, 6, 1))
    assert clock(last).prescribes_on == date(2029, 11, 10), "one day was left"
    after = facts(act(on=date(2024, 11, 10)), region="ES-V", due_on=date(2022, 6, 1))
    assert clock(after).prescribes_on == date(2029, 11, 10)


def test_a_clock_that_ends_during_the_flood_moves_too() -> None:
    asked = facts(region="ES-V", due_on=date(2019, 11, 4))
    assert clock(asked, as_of=date(2024, 11, 12)).prescribes_on == date(2024, 11, 16)
    first = facts(region="ES-V", due_on=date(2019, 10, 30))
    assert clock(first, as_of=date(2024, 11, 12)).prescribes_on == date(2024, 11, 11)
    over = facts(region="ES-V", due_on=date(2019, 10, 29))
    assert clock(over, as_of=date(2024, 11, 12)).prescribes_on == date(2024, 10, 29)


def test_where_the_place_is_not_said_the_days_may_count() -> None:
    asked = facts(region=None, due_on=date(2022, 6, 1))
    found = clock(asked)
    assert (found.prescribes_on, found.may_prescribe_on) == (date(2027, 6, 1), date(2027, 6, 13))
    assert clock(asked, as_of=date(2027, 6, 5)).status == "unsettled"


def test_between_the_two_last_days_a_lawyer_says() -> None:
    uncollected = act(on=date(2023, 1, 1), proof="uncollected")
    found = clock(facts(uncollected))
    assert (found.prescribes_on, found.may_prescribe_on) == (date(2026, 1, 10), date(2028, 1, 1))
    assert (found.status, found.is_barred, found.may_be_sued) == ("unsettled", True, False)
    assert found.not_counted[0].may_count
    early = facts(act(proof="uncollected"))
    assert clock(early, as_of=date(2026, 1, 10)).status == "running"
    assert clock(early, as_of=date(2026, 3, 5)).status == "unsettled"
    assert clock(early, as_of=date(2026, 3, 6)).status == "time_barred"


@pytest.mark.parametrize("as_of", [date(2022, 1, 1), date(2024, 1, 11), date(2035, 1, 1)])
def test_under_an_unknown_law_nothing_may_be_sued(as_of) -> None:
    found = clock(facts(), pack=UNKNOWN, as_of=as_of)
    assert not found.may_be_sued
    assert found.status == ("unverified" if as_of <= date(2024, 1, 10) else "unsettled")


def test_once_its_rule_is_past_review_nothing_may_be_sued() -> None:
    recent = facts(due_on=date(2026, 1, 10))
    assert clock(recent, as_of=SPAIN.own.limitation[0].review_by).may_be_sued
    assert clock(recent, as_of=SPAIN.own.limitation[0].review_by + DAY).status == "unverified"


DAYS = st.dates(date(2016, 1, 1), date(2032, 1, 1))
ACTS = st.lists(
    st.builds(
        lambda kind, on, proof, person, days, flags: act(
            kind,
            on,
            proof=proof,
            persons=(person,),
            written=flags[0],
            received_on=on + days * DAY if kind == "negotiation_request" and flags[1] else None,
            answered=kind == "negotiation_request" and flags[1] and flags[2],
            ended_on=on + 2 * days * DAY if kind in TALKS and flags[2] else None,
            upheld=flags[1] if kind == "claim_filed" and flags[2] else None,
        ),
        st.sampled_from(
            ["demand", "acknowledgement", "payment", "negotiation_request", "claim_filed"]
        ),
        DAYS,
        st.sampled_from(["proven", "proven", "refused", "uncollected", "returned", "none"]),
        st.sampled_from(["debtor", "guarantor"]),
        st.integers(0, 400),
        st.tuples(st.booleans(), st.booleans(), st.booleans()),
    ),
    max_size=6,
)
TALKS = ("negotiation_request", "claim_filed")
PACKS = st.sampled_from([SPAIN, NETHERLANDS, UNKNOWN])
REGIONS = st.sampled_from([None, "ES-V", "ES-M"])


def of_all(acts, due_on, region) -> LimitationFacts:
    numbered = [replace(each, act_id=str(index)) for index, each in enumerate(acts)]
    return facts(*numbered, due_on=due_on, region=region, obligors=(DEBTOR, GUARANTOR))


@given(ACTS, DAYS, PACKS, REGIONS, DAYS, st.integers(1, 2000))
def test_a_later_day_never_revives_a_barred_clock(acts, due_on, pack, region, as_of, days) -> None:
    asked = of_all(acts, due_on, region)
    now = limitation_clocks(asked, pack, as_of)
    later = limitation_clocks(asked, pack, as_of + days * DAY)
    for before, after in zip(now, later, strict=True):
        if before.is_barred:
            assert after.is_barred
            assert not after.may_be_sued


@given(ACTS, DAYS, PACKS, REGIONS, DAYS)
def test_what_may_count_only_ever_lengthens(acts, due_on, pack, region, as_of) -> None:
    for each in limitation_clocks(of_all(acts, due_on, region), pack, as_of):
        if each.prescribes_on is not None and each.claim == "contract":
            assert each.may_prescribe_on is None or each.may_prescribe_on >= each.prescribes_on
        assert len(each.counted) + len(each.not_counted) == sum(a.on <= as_of for a in acts)
        assert each.may_be_sued is (each.status in ("running", "pending"))


@given(ACTS, DAYS, PACKS, DAYS)
def test_an_act_without_proof_changes_nothing(acts, due_on, pack, as_of) -> None:
    proven = of_all([each for each in acts if each.proof not in ("none", "returned")], due_on, None)
    everything = of_all(acts, due_on, None)
    assert [
        (each.prescribes_on, each.may_prescribe_on, each.status)
        for each in limitation_clocks(proven, pack, as_of)
    ] == [
        (each.prescribes_on, each.may_prescribe_on, each.status)
        for each in limitation_clocks(everything, pack, as_of)
    ]
