"""Suits as their facts say, in whatever order these came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.acts import Suit, SuitEnd
from recovery.domain.accounting.court_steps import CourtStep
from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.accounting.history import Chargeback
from recovery.domain.judicial.proceedings import court_of, left_minor, proceedings_of
from tests.builders import a_payment

FILED = date(2026, 3, 2)
DAY = timedelta(days=1)
SUIT = Suit(on=FILED, persons=("B-1",), procedure="ES_MONITORIO", amount_minor=120_000)


def on_record(fact: Any, fact_id: str = "S-1") -> FactRecord:
    return FactRecord(
        fact_id=fact_id,
        loan_id="L-1",
        fact=fact,
        known_on=FILED,
        fingerprint=fact_id,
        reason="from the papers",
        recorded_by="ines",
        recorded_at=datetime(2026, 3, 2, tzinfo=UTC),
    )


def step(kind: Any, on: date = FILED, **said: Any) -> CourtStep:
    return CourtStep(suit_id="S-1", on=on, step=kind, **said)


def suit_with(*facts: Any):
    records = [on_record(SUIT), *(on_record(e, f"F-{n}") for n, e in enumerate(facts))]
    (found,) = proceedings_of(records)
    return found


WHOLE = (
    step("receipt", reference="R-1"),
    step("served", FILED + DAY),
    step("opposed", FILED + 9 * DAY, by_on=FILED + 30 * DAY),
    step("hearing", FILED + 10 * DAY, by_on=FILED + 40 * DAY, answered_by="legal"),
    step("cost", amount_minor=10_000),
    step("refund", FILED + 50 * DAY, amount_minor=6_000),
    step("stayed", FILED + 11 * DAY),
    step("resumed", FILED + 20 * DAY),
    step("judgment", FILED + 50 * DAY, outcome="creditor", amount_minor=110_000),
    step(
        "judgment", FILED + 90 * DAY, outcome="part", amount_minor=90_000, final_on=FILED + 99 * DAY
    ),
    step("cost_order", FILED + 99 * DAY, amount_minor=3_000),
)


@given(st.permutations(WHOLE))
def test_the_order_in_which_steps_became_known_does_not_matter(facts) -> None:
    found = suit_with(*facts)
    assert (found.receipt, found.served_on) == ("R-1", FILED + DAY)
    assert (found.costs_minor, found.refunded_minor, found.awarded_minor) == (10_000, 6_000, 3_000)
    assert found.judgment.outcome == "part" and found.title_on == FILED + 99 * DAY
    assert found.title_minor() == 90_000 and found.stayed_since is None
    assert [each.what for each in found.waits()] == ["opposed", "hearing"]


def test_a_day_that_was_met_waits_no_more_and_none_does_once_it_is_over() -> None:
    hearing = step("hearing", by_on=FILED + 40 * DAY)
    assert [each.step_id for each in suit_with(hearing).waits()] == ["F-0"]
    assert not suit_with(hearing, step("met", step_id="F-0")).waits()
    over = SuitEnd(suit_id="S-1", on=FILED + DAY, outcome="withdrawn")
    assert not suit_with(hearing, over).waits()


def test_a_suit_is_pending_until_it_ends_and_a_title_outlives_it() -> None:
    def court(*facts: Any) -> str:
        return court_of([on_record(SUIT), *(on_record(e, f"F-{n}") for n, e in enumerate(facts))])

    def over(outcome: Any) -> SuitEnd:
        return SuitEnd(suit_id="S-1", on=FILED + DAY, outcome=outcome)

    assert court_of([]) == ""
    assert court() == "pending"
    for outcome in ("dismissed", "withdrawn", "expired", "settled"):
        assert court(over(outcome)) == ""
    assert court(over("upheld")) == "title"
    assert court(over("settled"), step("homologated")) == "title"
    won = step("judgment", outcome="creditor")
    assert court(won) == "pending"
    assert court(replace(won, final_on=FILED)) == "title"  # though nobody said that it is over
    assert court(step("judgment", outcome="debtor", final_on=FILED), over("dismissed")) == ""


def test_what_is_left_counts_payments_since_the_filing_and_never_falls_below_zero() -> None:
    suit = suit_with()

    def left(*payments: Any, facts: tuple[Any, ...] = ()) -> int | None:
        return left_minor(suit, Recorded(payments, facts))

    before = a_payment("P-0", value_date=FILED - DAY, amount_minor=50_000)
    some = a_payment("P-1", value_date=FILED + 12 * DAY, amount_minor=50_000)
    rest = a_payment("P-2", value_date=FILED + 12 * DAY, amount_minor=120_000)
    assert left(before) == 120_000
    assert left(before, some) == 70_000
    assert left(rest) == 0
    assert left(rest, some) == 0  # the surplus is no claim
    assert left(replace(some, reversed_on=FILED + 13 * DAY)) == 120_000
    back = on_record(Chargeback("P-1", FILED + 20 * DAY, 50_000), "C-1")
    assert left(some, facts=(back,)) == 120_000


def test_costs_and_interest_of_the_proceedings_are_owed_only_as_an_order_says() -> None:
    spent = suit_with(step("cost", amount_minor=10_000))
    assert left_minor(spent, Recorded()) == 120_000
    ordered = suit_with(
        step("cost_order", amount_minor=4_000), step("interest_order", amount_minor=500)
    )
    assert left_minor(ordered, Recorded()) == 124_500


def test_a_suit_of_an_unknown_amount_has_none_left_that_is_known() -> None:
    (found,) = proceedings_of([on_record(replace(SUIT, amount_minor=None))])
    assert left_minor(found, Recorded()) is None
