"""Whether an agreement was offered before a claim is filed, or a title enforced."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from recovery.domain.accounting.agreed import Agreement, Offer, OfferedOption
from recovery.domain.accounting.court_steps import (
    NOT_WANTED,
    OFFERED,
    QUESTION,
    CourtStep,
    PreActionCheck,
)
from recovery.domain.accounting.fact import FactRecord, Recorded, Undo
from recovery.domain.judicial.offered import not_offered, was_offered

SINCE = date(2026, 5, 4)
OPTION = OfferedOption("payment_plan", (), (), 0, 0, 0, "advisor")


def record(fact, fact_id="F-1"):
    return FactRecord(
        fact_id=fact_id,
        loan_id="L-1",
        fact=fact,
        reason="as told",
        recorded_by="Ana Torres",
        recorded_at=datetime(2026, 6, 1, 7, tzinfo=UTC),
        known_on=date(2026, 6, 1),
        fingerprint="x",
    )


def offer(*options):
    return Offer(SINCE, date(2026, 6, 4), "income", "A-1", 1, 100, 90, options, (), ("B-1",))


@pytest.mark.parametrize(
    ("fact", "counts"),
    [
        (offer(OPTION), True),
        (offer(), False),
        (Agreement(SINCE, "O-1", "payment_plan", "signed", "P-1", ("B-1",), "Ana"), True),
        (CourtStep(suit_id="S-1", on=SINCE, step="way_back_offered"), True),
        (CourtStep(suit_id="S-1", on=SINCE, step="told"), False),
        (PreActionCheck(on=SINCE, codes=(OFFERED,), reference="call-7"), True),
        (PreActionCheck(on=SINCE, codes=(NOT_WANTED,), reference="letter-7"), True),
        (PreActionCheck(on=SINCE, codes=("MASC", QUESTION), reference="burofax-7"), False),
    ],
)
def test_an_offer_counts_from_its_day_on(fact, counts: bool) -> None:
    recorded = Recorded(facts=(record(fact),))
    assert was_offered(recorded, SINCE) is counts
    assert not was_offered(recorded, date(2026, 5, 5))


def test_what_was_undone_was_not_offered() -> None:
    said = PreActionCheck(on=SINCE, codes=(OFFERED,), reference="call-7")
    undone = Undo(fact_id="F-1", on=SINCE)
    assert not was_offered(Recorded(facts=(record(said), record(undone, "F-2"))), SINCE)


def test_a_message_that_arrived_is_an_offer_from_its_day_on() -> None:
    assert was_offered(Recorded(), SINCE, [SINCE])
    assert not was_offered(Recorded(), SINCE, [date(2026, 5, 3)])


def test_without_one_the_way_to_make_it_is_named() -> None:
    problem = not_offered(SINCE)
    assert str(SINCE) in problem.reason
    assert OFFERED in problem.remedy and NOT_WANTED in problem.remedy
