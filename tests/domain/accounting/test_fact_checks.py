"""Facts that do not fit the loan are refused, each with field and remedy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from recovery.domain.accounting.allocation import take_up
from recovery.domain.accounting.fact import Recorded, RecordedFact, Resume, Undo
from recovery.domain.accounting.fact_checks import OnRecord, fact_problems
from recovery.domain.accounting.history import (
    Charge,
    Chargeback,
    ScheduleVersion,
    Waiver,
    WriteOff,
)
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.loan_facts import NO_FACTS, with_history
from recovery.domain.accounting.pauses import Pause
from recovery.domain.accounting.policy import AllocationPolicy
from tests.builders import FIRST_DUE, a_loan, a_payment, fields
from tests.domain.accounting.test_fact import a_record

TODAY = date(2026, 3, 10)
PAID = a_payment("P-1", payment=Payment("P-1", FIRST_DUE, 11_500))


def on_record(*facts: RecordedFact, payments=(PAID,)) -> OnRecord:
    records = tuple(a_record(f"f{n}", fact, n) for n, fact in enumerate(facts))
    recorded, loan = Recorded(tuple(payments), records), a_loan(instalments=3)
    owed = take_up(loan.schedule, recorded.history(), AllocationPolicy())
    facts_now = with_history(NO_FACTS, recorded.history(), owed)
    return OnRecord(
        replace(loan, schedule=owed.schedule), owed.position, facts_now, recorded, TODAY
    )


@pytest.mark.parametrize(
    ("fact", "field"),
    [
        (Charge(date(2026, 1, 1), "fee", 5), "on"),  # before the disbursement
        (Charge(date(2026, 3, 11), "fee", 5), "on"),  # tomorrow
        (Charge(TODAY, "fee", 5, instalment=9), "instalment"),
        (Waiver(TODAY, "penalty"), "component"),  # there is none
        (Waiver(TODAY, "interest", 3_001), "amount"),
        (Chargeback("P-9", TODAY, 5), "payment_id"),
        (Chargeback("P-1", TODAY, 11_501), "amount"),
        (Chargeback("P-1", date(2026, 1, 31), 5), "on"),
        (Pause(TODAY, TODAY), "to"),
        (Pause(date(2026, 1, 1), None), "from"),  # before the disbursement
        (Resume("f0", TODAY), "pause_id"),
        (WriteOff(TODAY, 23_001), "amount"),
        (Undo("f0", TODAY), "undoes"),
    ],
)
def test_what_does_not_fit_is_refused(fact, field) -> None:
    assert fields(fact_problems(fact, on_record())) == {field}


@pytest.mark.parametrize(
    "fact",
    [
        Charge(date(2026, 1, 2), "fee", 5),
        Waiver(TODAY, "interest", 3_000),
        Chargeback("P-1", TODAY, 11_500),
        Pause(date(2026, 2, 1), None),
        Pause(date(2026, 4, 1), date(2026, 5, 1)),
        WriteOff(TODAY, 23_000),
    ],
)
def test_what_fits_is_recorded(fact) -> None:
    assert not list(fact_problems(fact, on_record()))


def test_a_pause_must_not_overlap_another() -> None:
    known = on_record(Pause(date(2026, 3, 1), date(2026, 4, 1)))
    assert fields(fact_problems(Pause(date(2026, 3, 31), None), known)) == {"from"}
    assert not list(fact_problems(Pause(date(2026, 4, 1), None), known))
    ended = on_record(Pause(date(2026, 3, 1), date(2026, 4, 1)), Resume("f0", TODAY))
    assert not list(fact_problems(Pause(TODAY, date(2026, 3, 20)), ended))


def test_a_pause_is_resumed_on_the_business_date_only() -> None:
    known = on_record(Pause(date(2026, 3, 1), date(2026, 4, 1)))
    assert not list(fact_problems(Resume("f0", TODAY), known))
    assert fields(fact_problems(Resume("f0", date(2026, 3, 9)), known)) == {"on"}
    over = on_record(Pause(date(2026, 2, 1), date(2026, 3, 1)))
    assert fields(fact_problems(Resume("f0", TODAY), over)) == {"pause_id"}


def test_a_paid_loan_is_neither_paused_nor_written_off() -> None:
    paid = a_payment("P-2", payment=Payment("P-2", FIRST_DUE, 23_000))
    known = on_record(payments=(PAID, paid))
    assert fields(fact_problems(Pause(TODAY), known)) == {"loan_id"}
    assert fields(fact_problems(WriteOff(TODAY), known)) == {"loan_id"}


def test_nothing_is_added_to_a_loan_written_off() -> None:
    known = on_record(WriteOff(TODAY))
    for fact in (Charge(TODAY, "fee", 5), Pause(TODAY), WriteOff(TODAY), Waiver(TODAY, "fee")):
        assert fields(fact_problems(fact, known)) == {"kind"}


def test_a_write_off_is_not_undone_while_recoveries_stand() -> None:
    off = WriteOff(date(2026, 3, 1))
    recovered = a_payment("P-2", payment=Payment("P-2", date(2026, 3, 5), 900))
    [problem] = fact_problems(Undo("f0", TODAY), on_record(off, payments=(PAID, recovered)))
    assert problem.field == "undoes" and "P-2" in problem.reason
    assert not list(fact_problems(Undo("f0", TODAY), on_record(off)))


def test_versions_follow_each_other_and_are_undone_from_the_last() -> None:
    schedule = a_loan(instalments=3).schedule
    second = ScheduleVersion(2, date(2026, 2, 5), "reage", schedule)
    third = ScheduleVersion(3, date(2026, 3, 5), "reage", schedule)
    known = on_record(second, third)
    earlier = ScheduleVersion(4, date(2026, 3, 4), "reage", schedule)
    assert fields(fact_problems(earlier, known)) == {"on"}
    assert fields(fact_problems(WriteOff(date(2026, 3, 4)), known)) == {"on"}
    assert fields(fact_problems(Undo("f0", TODAY), known)) == {"undoes"}
    assert not list(fact_problems(Undo("f1", TODAY), known))


def test_a_resumed_pause_is_undone_after_its_resume() -> None:
    known = on_record(Pause(date(2026, 3, 1), None), Resume("f0", TODAY))
    assert fields(fact_problems(Undo("f0", TODAY), known)) == {"undoes"}
    assert not list(fact_problems(Undo("f1", TODAY), known))
