"""Whether a fact may be recorded: everything wrong with it, given what is on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from recovery.domain.accounting.act_checks import act_problems, undo_problems
from recovery.domain.accounting.acts import Act, ContractTerms
from recovery.domain.accounting.details import DetailsChange
from recovery.domain.accounting.fact import (
    FactRecord,
    Recorded,
    RecordedFact,
    Resume,
    Undo,
    date_of,
    kind_of,
)
from recovery.domain.accounting.history import (
    Charge,
    Chargeback,
    ScheduleVersion,
    Waiver,
    WriteOff,
)
from recovery.domain.accounting.loan import Components, Loan
from recovery.domain.accounting.loan_facts import LoanFacts
from recovery.domain.accounting.pauses import Pause
from recovery.domain.accounting.position import Position
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A loan with everything known about it at the business date ``today``."""

    loan: Loan
    position: Position
    facts: LoanFacts
    recorded: Recorded
    today: date

    @property
    def unpaid(self) -> Components:
        """Return what is still owed by component."""
        owed = (each.due for each in self.loan.schedule)
        due = Components(*map(sum, zip(*owed, strict=True)))
        paid = Components(*map(sum, zip(*self.position.paid, strict=True)))
        return due.less(paid)

    @property
    def is_written_off(self) -> bool:
        """Whether the whole loan is written off."""
        return self.facts.loss is not None and self.facts.loss.on is not None

    def find(self, fact_id: str) -> FactRecord | None:
        """Find a fact that still counts."""
        return next((e for e in self.recorded.counting() if e.fact_id == fact_id), None)


def fact_problems(fact: RecordedFact, on_record: OnRecord) -> Iterator[Problem]:
    """Yield every reason why the fact cannot be recorded."""
    yield from _date_problems(fact, on_record)
    if isinstance(fact, Act):
        yield from act_problems(fact, on_record.loan, on_record.recorded, on_record.today)
        return
    if on_record.is_written_off and isinstance(
        fact, Charge | Pause | ScheduleVersion | Waiver | WriteOff
    ):
        reason = f"would add a {kind_of(fact).replace('_', ' ')} to a loan that is written off"
        yield Problem("kind", reason, "Undo the write-off first", "conflict")
        return
    match fact:
        case Charge():
            yield from _instalment_problems(fact.instalment, on_record.loan)
        case Waiver():
            yield from _instalment_problems(fact.instalment, on_record.loan)
            yield from _waiver_problems(fact, on_record)
        case Chargeback():
            yield from _chargeback_problems(fact, on_record)
        case Pause():
            yield from _pause_problems(fact, on_record)
        case Resume():
            yield from _resume_problems(fact, on_record)
        case WriteOff():
            yield from _version_problems(fact, on_record)
            yield from _write_off_problems(fact, on_record)
        case ScheduleVersion():
            yield from _version_problems(fact, on_record)
        case Undo():
            yield from _undo_problems(fact, on_record)


def _date_problems(fact: RecordedFact, on_record: OnRecord) -> Iterator[Problem]:
    on, loan = date_of(fact), on_record.loan
    if on < loan.disbursed_on and not isinstance(fact, ContractTerms):
        reason = f"{on} is before the loan was disbursed on {loan.disbursed_on}"
        field = "from" if isinstance(fact, Pause) else "on"
        yield Problem(field, reason, "Use a later date", "out_of_range")
    if on > on_record.today and not isinstance(fact, Pause):
        reason = f"{on} is in the future; the business date is {on_record.today}"
        yield Problem("on", reason, "Record it on its day", "out_of_range")


def _instalment_problems(number: int | None, loan: Loan) -> Iterator[Problem]:
    if number is not None and all(each.number != number for each in loan.schedule):
        reason = f"the loan has no instalment {number}"
        remedy = "Use one of the loan's instalment numbers, or omit the field"
        yield Problem("instalment", reason, remedy, "not_found")


def _waiver_problems(fact: Waiver, on_record: OnRecord) -> Iterator[Problem]:
    unpaid_minor = on_record.unpaid._asdict()[fact.component]
    if not unpaid_minor:
        yield Problem("component", f"has no unpaid {fact.component} to waive", "Check the loan")
    elif fact.amount_minor is not None and fact.amount_minor > unpaid_minor:
        most = Money(unpaid_minor, on_record.loan.currency)
        reason = f"is more than the unpaid {fact.component}, {most}"
        yield Problem("amount", reason, "Waive at most that, or omit the amount", "out_of_range")


def _chargeback_problems(fact: Chargeback, on_record: OnRecord) -> Iterator[Problem]:
    history = on_record.recorded.history()
    payment = next((e for e in history.payments if e.payment_id == fact.payment_id), None)
    if payment is None:
        reason = f"{fact.payment_id} is no payment that counts on this loan"
        yield Problem("payment_id", reason, "Name a payment of this loan", "not_found")
        return
    if fact.on < payment.value_date:
        reason = f"{fact.on} is before the payment of {payment.value_date}"
        yield Problem("on", reason, "Use the day the money was taken back", "out_of_range")
    before = (e.amount_minor for e in history.chargebacks if e.payment_id == fact.payment_id)
    left_minor = payment.amount_minor - sum(before)
    if fact.amount_minor > left_minor:
        left = Money(left_minor, on_record.loan.currency)
        reason = f"is more than what is left of the payment, {left}"
        yield Problem("amount", reason, "Take back at most that", "out_of_range")


def _pause_problems(fact: Pause, on_record: OnRecord) -> Iterator[Problem]:
    if not on_record.unpaid.total:
        yield Problem("loan_id", "owes nothing that could be paused", "Check the loan", "conflict")
    if fact.to_date is not None and fact.to_date <= fact.from_date:
        yield Problem("to", "is not after from", "Give the last paused day, or leave it out")
        return
    for pause_id, other in on_record.recorded.pauses().items():
        if fact.from_date < other.ends_on and other.from_date < fact.ends_on:
            ends = other.ends_on if other.ends_on < date.max else "further notice"
            reason = f"overlaps pause {pause_id}, from {other.from_date} until {ends}"
            yield Problem("from", reason, "Resume that one first, or start later", "conflict")


def _resume_problems(fact: Resume, on_record: OnRecord) -> Iterator[Problem]:
    pause = on_record.recorded.pauses().get(fact.pause_id)
    if pause is None:
        reason = f"{fact.pause_id} is no pause of this loan"
        yield Problem("pause_id", reason, "Name a pause on record", "not_found")
    elif not pause.from_date <= fact.on < pause.ends_on:
        yield Problem("pause_id", f"{fact.pause_id} does not run on {fact.on}", "Check the pause")
    if fact.on != on_record.today:
        reason = f"{fact.on} is not the business date"
        yield Problem("on", reason, f"Resume on {on_record.today}, or omit it", "out_of_range")
    if not on_record.unpaid.total:
        yield Problem("loan_id", "is not active any more", "Check the loan", "conflict")


def _write_off_problems(fact: WriteOff, on_record: OnRecord) -> Iterator[Problem]:
    unpaid_minor = on_record.unpaid.total
    if not unpaid_minor:
        yield Problem("loan_id", "owes nothing to write off", "Check the loan", "conflict")
    elif fact.amount_minor is not None and fact.amount_minor > unpaid_minor:
        reason = f"is more than is owed, {Money(unpaid_minor, on_record.loan.currency)}"
        remedy = "Write off at most that, or omit the amount for all"
        yield Problem("amount", reason, remedy, "out_of_range")


def _version_problems(fact: ScheduleVersion | WriteOff, on_record: OnRecord) -> Iterator[Problem]:
    later = [e.on for e in on_record.recorded.history().versions if e.on > fact.on]
    if later:
        reason = f"{fact.on} is before the version of {max(later)}"
        yield Problem("on", reason, "Use that day or a later one", "conflict")


def _undo_problems(fact: Undo, on_record: OnRecord) -> Iterator[Problem]:
    record = on_record.find(fact.fact_id)
    if record is None:
        reason = f"{fact.fact_id} is no fact of this loan that counts"
        yield Problem("undoes", reason, "Name one that is not undone yet", "not_found")
        return
    undone, history = record.fact, on_record.recorded.history()
    yield from undo_problems(fact.fact_id, undone, on_record.recorded)
    if isinstance(undone, DetailsChange):
        reason = f"{fact.fact_id} is what the core banking system says"
        yield Problem("undoes", reason, "Correct it there, and deliver it again")
    if isinstance(undone, WriteOff):
        after = [e.payment_id for e in history.payments if e.value_date > undone.on]
        if after:
            reason = f"{fact.fact_id} is a write-off with recoveries: {', '.join(after)}"
            yield Problem("undoes", reason, "Reverse or move these first", "conflict")
    if isinstance(undone, ScheduleVersion):
        later = [e.version for e in history.versions if e.version > undone.version]
        if later:
            reason = f"{fact.fact_id} is the base of version {min(later)}"
            yield Problem("undoes", reason, "Undo the later version first", "conflict")
    if isinstance(undone, Pause) and any(
        isinstance(e.fact, Resume) and e.fact.pause_id == fact.fact_id
        for e in on_record.recorded.counting()
    ):
        reason = f"{fact.fact_id} is a pause that was resumed"
        yield Problem("undoes", reason, "Undo the resume first", "conflict")
