"""Friendly ways are exhausted when each item is met by evidence that counts."""

from dataclasses import replace
from datetime import date

import pytest

from recovery.domain.judicial.amicable import ITEMS, Evidence, checklist, exhausted
from recovery.domain.judicial.decision import decide
from tests.claims import a_claim, a_dutch_claim, a_law

DAY = date(2026, 3, 1)


def evidence(item, on=DAY, **changes) -> Evidence:
    return Evidence(item=item, on=on, reference=f"{item} {on}", **changes)


DONE = (
    evidence("contact", arrival="arrived"),
    evidence("contact", date(2026, 3, 9), arrival="arrived"),
    *(evidence(each) for each in ITEMS[1:5]),
    evidence("complaint", closed_on=date(2026, 4, 1)),
)


def unmet(given, law=None) -> list[str]:
    return [each.item for each in checklist(given, law or a_law()) if not each.met]


def test_all_items_met_are_exhausted_and_no_dispute_needs_no_evidence() -> None:
    assert unmet(DONE) == []
    assert list(exhausted(DONE, a_law())) == []


def test_nothing_on_record_leaves_everything_but_what_could_be_open() -> None:
    assert unmet(()) == list(ITEMS[:5])


@pytest.mark.parametrize("item", ITEMS[1:5])
def test_each_item_needs_evidence_of_its_own(item) -> None:
    assert unmet([each for each in DONE if each.item != item]) == [item]


@pytest.mark.parametrize(
    ("arrival", "country", "counts"),
    [
        ("arrived", "ES", True),
        (None, "ES", True),
        ("uncollected", "ES", True),
        ("uncollected", "NL", False),
        ("refused", "ES", False),
        ("failed", "ES", False),
        ("unknown", "ES", False),
    ],
)
def test_what_never_arrived_counts_only_where_the_law_says_so(arrival, country, counts) -> None:
    given = [replace(each, arrival=arrival) if each.item == "contact" else each for each in DONE]
    law = a_law(country)
    assert unmet(given, law) == ([] if counts else ["contact"])
    [contact, *_] = checklist(given, law)
    assert len(contact.counted) == (2 if counts else 0)
    assert all("did not arrive" in why for _, why in contact.not_counted)


def test_what_counts_by_law_rests_on_that_rule() -> None:
    given = [replace(e, arrival="uncollected") if e.item == "contact" else e for e in DONE]
    [found] = exhausted(given, a_law())
    assert (found.effect, found.rule.id) == ("permits", "es.judicial.point.uncollected")
    assert decide(a_claim(amicable=tuple(given)), a_law()).status == "READY"
    late = decide(a_claim(amicable=tuple(given)), a_law(on=date(2027, 11, 28)))
    assert late.status != "READY"


def test_two_contacts_on_one_day_are_one() -> None:
    one_day = [replace(each, on=DAY) for each in DONE]
    assert unmet(one_day) == ["contact"]


@pytest.mark.parametrize(
    ("closed_on", "open_"),
    [(None, True), (date(2026, 5, 15), False), (date(2026, 5, 16), True)],
)
@pytest.mark.parametrize("item", ["complaint", "dispute"])
def test_a_complaint_or_dispute_is_closed_first(item, closed_on, open_) -> None:
    given = (*DONE, evidence(item, closed_on=closed_on))
    assert unmet(given) == ([item] if open_ else [])


def test_evidence_of_today_counts_and_of_later_is_not_there_yet() -> None:
    today = [replace(e, on=date(2026, 5, 15)) if e.arrival and e.on > DAY else e for e in DONE]
    assert unmet(today) == []
    later = [replace(e, on=date(2026, 5, 16)) if e.item == "contact" else e for e in DONE]
    assert unmet(later) == ["contact"]


def test_it_blocks_every_procedure_until_it_is_exhausted() -> None:
    for facts, country in ((a_claim(), "ES"), (a_dutch_claim(), "NL")):
        ready = replace(facts, amicable=DONE)
        assert decide(ready, a_law(country)).status == "READY"
        early = decide(replace(facts, amicable=()), a_law(country))
        assert (early.status, early.missing) == ("NEEDS_PREREQUISITE", ("AMICABLE_NOT_EXHAUSTED",))


def test_in_court_already_no_term_is_lost_over_it() -> None:
    facts = a_claim(stage="order_opposed", on_stage=date(2026, 5, 11), amicable=())
    assert decide(facts, a_law()).status == "READY"
