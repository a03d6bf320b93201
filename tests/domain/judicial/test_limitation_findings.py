"""When a claim prescribes: which acts count, which came too late, and that time never heals."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.questions.act_words import read_act_words
from recovery.domain.judicial.decision import decide
from recovery.domain.judicial.facts import Act, Negotiation
from recovery.domain.judicial.finding import Finding
from recovery.domain.judicial.limitation import DuePart, LimitationFacts
from recovery.domain.judicial.limitation_acts import LimitationAct, Obligor
from recovery.domain.judicial.limitation_findings import (
    clocks_of,
    for_a_lawyer,
    limitation,
    note_clock,
)
from recovery.domain.shared.errors import RefusedError
from tests.claims import a_claim, a_dutch_claim, a_law

DUE = date(2021, 1, 10)
DAY = timedelta(days=1)


def acts(*given) -> tuple[Act, ...]:
    return tuple(an_act(on, kind) for on, kind in given)


def an_act(on, kind) -> Act:
    try:
        return Act(on=on, kind=kind, meaning=read_act_words(kind, on, kind, ("debtor",)))
    except RefusedError:
        return Act(on=on, kind=kind)


def last_day(facts, law) -> date | None:
    [clock] = clocks_of(facts, law)
    return clock.prescribes_on


def the_finding(facts, law) -> Finding | None:
    return next(iter(limitation(facts, law)), None)


def old(*given, **changes):
    return a_claim(due=DUE, acts=acts(*given), negotiation=None, **changes)


@pytest.mark.parametrize(
    ("given_acts", "expected"),
    [
        ((), date(2026, 1, 10)),
        (((date(2021, 3, 5), "demand with proof"),), date(2026, 3, 5)),
        (
            (
                (date(2021, 3, 5), "demand with proof"),
                (date(2023, 6, 1), "burofax, returned 'unknown'"),
                (date(2025, 2, 2), "phone call, without proof"),
            ),
            date(2026, 3, 5),
        ),
        (((date(2024, 2, 29), "acknowledgement of the debt"),), date(2029, 2, 28)),
        (((date(2026, 1, 10), "burofax"),), date(2031, 1, 10)),  # on the last day
        (((date(2026, 1, 11), "burofax"),), date(2026, 1, 10)),  # nothing revives it
        (((date(2025, 1, 1), "smoke signals"),), date(2026, 1, 10)),
    ],
)
def test_the_last_day_follows_from_the_acts_that_count(given_acts, expected) -> None:
    assert last_day(old(*given_acts), a_law(on=date(2027, 2, 1))) == expected


def test_each_act_says_why_it_does_not_count() -> None:
    given_acts = ((date(2022, 1, 1), "phone call"), (date(2027, 1, 1), "burofax"))
    found = the_finding(old(*given_acts), a_law(on=date(2027, 2, 1)))
    assert found is not None and isinstance(found.details["interruptions"], tuple)
    assert [row["counts"] for row in found.details["interruptions"]] == [
        "no: without proof that it arrived it reaches nobody",
        "no: it came after the last day",
    ]


@pytest.mark.parametrize(("days", "effect"), [(0, "permits"), (1, "stops")])
def test_the_last_day_is_still_a_day(days, effect) -> None:
    found = the_finding(old(), a_law(on=date(2026, 1, 10) + days * DAY))
    assert found is not None and found.effect == effect


def test_from_the_day_it_falls_due_its_last_day_is_known() -> None:
    found = the_finding(a_claim(due=a_law().on, negotiation=None), a_law())
    assert found is not None and found.details["prescribes"] == date(2031, 5, 15)


def test_nothing_is_said_where_nobody_knows_or_a_court_decided() -> None:
    assert the_finding(replace(old(), due=None), a_law()) is None
    assert the_finding(old(stage="order_unopposed"), a_law()) is None
    assert the_finding(a_claim(due=date(2026, 12, 1)), a_law()) is None


def test_only_a_proven_request_to_negotiate_is_an_act() -> None:
    proven = Negotiation(kind="invitation", received=date(2025, 6, 1), proof="burofax")
    for attempt, expected in (
        (proven, date(2030, 7, 1)),
        (replace(proven, proof="none"), date(2026, 1, 10)),
        (replace(proven, kind="plain demand"), date(2026, 1, 10)),
    ):
        assert last_day(replace(old(), negotiation=attempt), a_law()) == expected


def test_in_the_netherlands_a_writing_reserves_the_right() -> None:
    due = date(2020, 9, 15)
    for kind, expected in (
        ("written, reserves right to performance", date(2025, 12, 1)),
        ("phone call", date(2025, 9, 15)),
        ("written reminder", date(2025, 9, 15)),
    ):
        facts = a_dutch_claim(due=due, acts=acts((date(2020, 12, 1), kind)))
        assert last_day(facts, a_law("NL")) == expected


@given(
    st.lists(
        st.tuples(
            st.dates(date(2020, 1, 1), date(2036, 1, 1)),
            st.sampled_from(["burofax", "phone call", "payment", "x"]),
        ),
        max_size=5,
    ),
    st.dates(date(2020, 1, 1), date(2036, 1, 1)),
    st.integers(1, 3000),
)
def test_a_later_day_never_revives_what_prescribed(given_acts, on, later) -> None:
    facts = a_claim(due=date(2020, 1, 1), acts=acts(*given_acts), negotiation=None)

    def stopped(day: date) -> bool:
        past = tuple(act for act in facts.acts or () if act.on <= on)
        found = the_finding(replace(facts, acts=past), a_law(on=day))
        return found is not None and found.effect == "stops"

    assert not stopped(on) or stopped(on + later * DAY)


@given(st.lists(st.dates(date(2016, 1, 2), date(2030, 1, 1)), max_size=5), st.randoms())
def test_the_order_in_which_acts_are_told_does_not_matter(days, random) -> None:
    told = [(day, "burofax") for day in days]
    expected = last_day(old(*told), a_law())
    random.shuffle(told)
    assert last_day(old(*told), a_law()) == expected


def of_two(*given_acts: LimitationAct, **changes):
    """Two instalments that a debtor owes and a guarantor answers for, sued together."""
    history = LimitationFacts(
        claim="contract",
        parts=(DuePart(part="1", due_on=DUE), DuePart(part="2", due_on=date(2021, 10, 10))),
        obligors=(
            Obligor(person_id="ana", role="debtor"),
            Obligor(person_id="luis", role="guarantor"),
        ),
        acts=given_acts,
        region="ES-M",
    )
    return a_claim(due=DUE, history=history, negotiation=None, debtors=("ana", "luis"), **changes)


def asked(facts, on) -> list[str]:
    return [each.code for each in limitation(facts, a_law(on=on)) if each.code]


def test_what_is_too_old_is_left_out_part_by_part_and_person_by_person() -> None:
    demand = LimitationAct(
        act_id="d", act="demand", on=date(2021, 12, 1), persons=("ana",), proof="proven"
    )
    both = ["LEAVE_OUT_PRESCRIBED_PARTS", "LEAVE_OUT_PRESCRIBED_DEFENDANT"]
    assert asked(of_two(), date(2026, 1, 10)) == []
    assert asked(of_two(), date(2026, 1, 11)) == both[:1]
    assert asked(of_two(parts_left_out=frozenset({"1"})), date(2026, 1, 11)) == []
    assert asked(of_two(), date(2026, 10, 11)) == ["PRESCRIBED"]
    assert asked(of_two(demand), date(2026, 10, 10)) == []
    assert asked(of_two(demand), date(2026, 10, 11)) == both[1:]  # it did not reach luis
    assert asked(of_two(demand), date(2026, 12, 2)) == ["PRESCRIBED"]


def test_the_request_to_negotiate_counts_for_whom_it_went_to() -> None:
    request = Negotiation(kind="invitation", received=date(2025, 12, 1), proof="burofax")
    for to, codes in (
        (("ana",), ["LEAVE_OUT_PRESCRIBED_DEFENDANT"]),
        (("ana", "luis"), []),
        (None, ["PRESCRIBED"]),
    ):
        facts = replace(of_two(), negotiation=replace(request, to=to))
        assert asked(facts, date(2026, 10, 11)) == codes


def test_whether_an_act_renews_a_note_was_not_read() -> None:
    note = a_claim(due=date(2023, 4, 10), acts=acts((date(2026, 4, 1), "burofax")))
    for on, status in ((date(2026, 4, 10), "running"), (date(2026, 4, 11), "unsettled")):
        clock = note_clock(note, a_law(on=on))
        assert clock is not None and clock.status == status
    suit = replace(note, acts=acts((date(2026, 4, 1), "claim filed in court")))
    clock = note_clock(suit, a_law(on=date(2026, 4, 11)))
    assert clock is not None and clock.status == "pending"


def test_what_may_change_the_last_day_is_asked_by_name() -> None:
    refused = old((date(2022, 1, 1), "burofax, refused"), (date(2022, 2, 1), "smoke signals"))
    asks = list(for_a_lawyer(refused, a_law(on=date(2026, 2, 1))))
    assert [each.fact for each in asks] == ["interruptions", "interruptions"]
    assert "not known" in asks[0].why and "demand of 2022-01-01" in asks[1].why
    flood = for_a_lawyer(old(), a_law(on=date(2026, 1, 15)))
    assert [each.fact for each in flood] == ["region"]
    assert not list(for_a_lawyer(old(region="ES-M"), a_law(on=date(2026, 1, 15))))


def test_a_period_that_nobody_verified_permits_nothing() -> None:
    [found] = limitation(a_claim(acts=()), a_law("FR"))
    assert (found.effect, found.rule.confidence) == ("permits", "U")
    assert decide(a_claim(acts=()), a_law("FR")).status == "BLOCKED"
