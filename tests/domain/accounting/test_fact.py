"""What counts of everything on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

from recovery.domain.accounting.fact import (
    KINDS,
    FactRecord,
    Recorded,
    RecordedFact,
    Resume,
    Undo,
    date_of,
    kind_of,
)
from recovery.domain.accounting.history import Charge, Chargeback, Waiver
from recovery.domain.accounting.pauses import Pause
from tests.builders import a_payment

ON = date(2026, 3, 1)
AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def a_record(fact_id: str, fact: RecordedFact, minutes: int = 0) -> FactRecord:
    return FactRecord(
        fact_id=fact_id,
        loan_id="L-1",
        fact=fact,
        known_on=ON,
        fingerprint=fact_id,
        reason="said so",
        recorded_by="ana",
        recorded_at=AT + timedelta(minutes=minutes),
    )


CHARGE = a_record("c", Charge(ON, "fee", 500), 1)
WAIVER = a_record("w", Waiver(ON, "fee"), 2)
PAUSE = a_record("p", Pause(ON, date(2026, 6, 1)), 3)


def test_each_kind_has_one_name() -> None:
    assert len(set(KINDS.values())) == len(KINDS)
    assert [kind_of(each.fact) for each in (CHARGE, WAIVER, PAUSE)] == ["charge", "waiver", "pause"]
    assert date_of(PAUSE.fact) == ON


def test_an_undone_fact_no_longer_counts_and_stays_on_record() -> None:
    undone = a_record("u", Undo("c", ON), 4)
    recorded = Recorded(facts=(CHARGE, WAIVER, undone))
    assert recorded.history().charges == ()
    assert recorded.history().waivers == (WAIVER.fact,)
    assert recorded.undone_ids == {"c"}
    assert [each.fact_id for each in recorded.counting()] == ["w"]


def test_a_resume_ends_its_pause_unless_undone() -> None:
    resumed = Recorded(facts=(PAUSE, a_record("r", Resume("p", date(2026, 4, 1)), 4)))
    assert resumed.pauses() == {"p": replace(PAUSE.fact, resumed_on=date(2026, 4, 1))}
    undone = resumed.with_fact(a_record("u", Undo("r", ON), 5))
    assert undone.history().pauses == (PAUSE.fact,)


def test_a_chargeback_of_a_reversed_payment_does_not_count() -> None:
    back = a_record("b", Chargeback("P-1", ON, 400, "AM04"))
    recorded = Recorded((a_payment("P-1"),), (back,))
    assert recorded.history().chargebacks == (back.fact,)
    reversed_ = recorded.with_payments(a_payment("P-1", reversed_on=ON))
    assert reversed_.history().chargebacks == reversed_.history().payments == ()


def test_the_order_of_arrival_does_not_matter() -> None:
    facts = (CHARGE, WAIVER, PAUSE, a_record("r", Resume("p", ON), 4), a_record("u", Undo("w", ON)))
    histories = {repr(Recorded(facts=each).history()) for each in permutations(facts)}
    assert len(histories) == 1
