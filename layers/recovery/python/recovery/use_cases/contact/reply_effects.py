"""What a reply brings besides a stop: facts where it says enough, else a task for a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from recovery.documents.people.heard import Heard
from recovery.documents.people.promise_request import PromisesRequest
from recovery.domain.accounting.payment import derived_id
from recovery.domain.accounting.said import DisputeKind
from recovery.domain.agreements.fact_request import DisputeMade, FactRequest
from recovery.domain.agreements.person_facts import Cause, ComplaintAbout
from recovery.domain.agreements.person_request import (
    AskedOfPerson,
    ComplaintMade,
    HardshipTold,
    PersonFactRequest,
)
from recovery.domain.cases.tasks import Task, TaskKind
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.privacy import Privacy, may_answer, others_may_see
from recovery.domain.contact.replies import Reading, ReplyKind
from recovery.domain.contact.reply_record import ReplyRecord
from recovery.domain.loan_state import standings_of
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import FactConflictError, RefusedError
from recovery.domain.shared.money import minor_digits, to_decimal_text
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import (
    HasBus,
    HasMessenger,
    HasNotes,
    HasQueue,
    HasReplies,
    HasTasks,
    HasTimeline,
)
from recovery.use_cases.accounting.record_fact import RecordingPorts, record_fact
from recovery.use_cases.agreements.promise_over_loans import promise_over_loans
from recovery.use_cases.cases.route_tasks import open_tasks
from recovery.use_cases.monitoring.review_loans import readable_loans
from recovery.use_cases.people.record_person_fact import record_person_fact
from recovery.use_cases.people.tasks_of_people import working_day_after
from recovery.use_cases.shared.rules import rules_of

HEARER = Actor(id="replies", name="replies", roles=frozenset({Role.SERVICE}))
_LATEST_HOUR = 16  # what comes later is answered the next working day
_POSTED_WITHIN = timedelta(days=10)
_NO_EFFECT = (
    *(ReplyKind.STOP, ReplyKind.START, ReplyKind.WRONG_PERSON),
    *(ReplyKind.STOP_LESSONS, ReplyKind.START_LESSONS, ReplyKind.GOAL, ReplyKind.LESSON_ANSWER),
)
_IN_WORDS = {"sms": "SMS", "email": "e-mail"}


class ReplyPorts(
    RecordingPorts,
    HasTasks,
    HasTimeline,
    HasBus,
    HasReplies,
    HasNotes,
    HasMessenger,
    HasQueue,
    Protocol,
):
    """What a reply may reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """One person's side of a reply.

    ``people`` are all who have the address. ``privacy``: who else may have written. Facts are dated
    ``today``, the business date; ``local`` is when it came, in the institution's time.
    """

    institution_id: str
    person: Borrower
    people: Sequence[Borrower]
    heard: Heard
    reading: Reading
    reply: ReplyRecord
    privacy: Privacy | None
    today: date
    local: datetime
    now: datetime

    @property
    def received_on(self) -> date:
        return self.local.date()

    @property
    def is_first(self) -> bool:
        """Whether this person is the one of several for whom a thing is done once."""
        return self.people[0].borrower_id == self.person.borrower_id

    @property
    def others_may_have_written(self) -> bool:
        return others_may_see(self.privacy)

    @property
    def by(self) -> str:
        return _IN_WORDS[self.heard.channel]

    @property
    def address_in_words(self) -> str:
        return "e-mail address" if self.heard.channel == "email" else "phone number"


def carry_out(hearing: Hearing, ports: ReplyPorts) -> None:
    """Do what each thing said asks for; what may not be taken from there, a person asks about."""
    said = (hearing.reading.kind, *hearing.reading.also)
    kinds = [each for each in said if each not in _NO_EFFECT]
    if ReplyKind.HELP in kinds or ReplyKind.DISPUTE in kinds:
        # Whoever asks for help is not held to a day; that it is paid is part of the dispute.
        kinds = [each for each in kinds if each not in (ReplyKind.WILL_PAY, ReplyKind.PAID)]
    loans = open_loans(hearing, ports)
    barred = [each for each in kinds if not may_answer(hearing.privacy, each.value)]
    if hearing.reading.kind is ReplyKind.START and not may_answer(hearing.privacy, "start"):
        barred.append(ReplyKind.START)
    if barred:
        if hearing.is_first:
            what = ", ".join(each.replace("_", " ") for each in barred)
            reason = f"somebody else may have written it: {what}. Ask the person themselves"
            open_reply_task(hearing, loans, reason, ports)
        return
    for each in kinds:
        _EFFECTS[each](hearing, loans, ports)


def _hardship(hearing: Hearing, loans: Sequence[StoredLoan], ports: ReplyPorts) -> None:
    told = HardshipTold(hearing.today, (Cause.CANNOT_DEAL_NOW,))
    _record_of_person(hearing, ReplyKind.HELP, told, loans, ports)


def _complaint(hearing: Hearing, loans: Sequence[StoredLoan], ports: ReplyPorts) -> None:
    made = ComplaintMade(hearing.today, ComplaintAbout.CONDUCT)
    _record_of_person(hearing, ReplyKind.COMPLAINT, made, loans, ports)


def _record_of_person(
    hearing: Hearing,
    kind: ReplyKind,
    fact: AskedOfPerson,
    loans: Sequence[StoredLoan],
    ports: ReplyPorts,
) -> None:
    request = PersonFactRequest(
        fact_id=derived_id(hearing.reply.reply_id, kind.value),
        person_id=hearing.person.borrower_id,
        fact=fact,
        reason=f"said by {hearing.by}; the words are in the notes",
        said=f"{hearing.reply.reply_id} {kind}",
    )
    _or_ask(
        hearing,
        loans,
        kind,
        lambda: record_person_fact(hearing.institution_id, request, HEARER, hearing.now, ports),
        ports,
    )


def _dispute(hearing: Hearing, loans: Sequence[StoredLoan], ports: ReplyPorts) -> None:
    meant = _loan_meant(hearing, loans, ports)
    if meant is None:
        open_reply_task(
            hearing, loans, "disputes something, but which loan is not clear: ask", ports
        )
        return
    about = DisputeKind.OTHER
    if hearing.reading.not_mine:
        about = DisputeKind.NOT_MINE
    elif ReplyKind.PAID in hearing.reading.also:
        about = DisputeKind.PAID_ALREADY
    request = FactRequest(
        fact_id=derived_id(hearing.reply.reply_id, ReplyKind.DISPUTE.value),
        loan_id=meant.loan.loan_id,
        fact=DisputeMade(hearing.today, about),
        reason=f"said by {hearing.by}; the words are in the notes",
        said=f"{hearing.reply.reply_id} dispute",
    )
    record = lambda: record_fact(request, HEARER, hearing.now, ports)  # noqa: E731
    _or_ask(hearing, loans, ReplyKind.DISPUTE, record, ports)


def _promise(hearing: Hearing, loans: Sequence[StoredLoan], ports: ReplyPorts) -> None:
    reading, overdue = hearing.reading, _overdue_minor(hearing, loans, ports)
    parts = _parts(hearing, loans, overdue)
    if reading.pay_on is None or reading.unclear or ReplyKind.PAID in reading.also or not parts:
        reason = "wants to pay, but when, how much or on which loan is not clear: ask kindly"
        open_reply_task(hearing, loans, reason, ports)
        return
    request = PromisesRequest(
        person_id=hearing.person.borrower_id,
        promise_id=derived_id(hearing.reply.reply_id, "promise"),
        reason=f"said by {hearing.by}",
        pay_on=reading.pay_on,
        channel=hearing.heard.channel,
        parts=parts,
        on=hearing.today,
    )
    _or_ask(
        hearing,
        loans,
        ReplyKind.WILL_PAY,
        lambda: promise_over_loans(hearing.institution_id, request, HEARER, hearing.now, ports),
        ports,
    )


def _parts(
    hearing: Hearing, loans: Sequence[StoredLoan], overdue_minor: Mapping[str, int]
) -> tuple[tuple[str, str], ...]:
    """Return how much is promised on which loan: what is overdue, unless an amount is named.

    () if that is not clear: nothing is overdue, or an amount is to be spread over several loans.
    """
    amount = hearing.reading.amount
    late = [each.loan for each in loans if overdue_minor[each.loan.loan_id]]
    if amount is None:
        return tuple(
            (each.loan_id, to_decimal_text(overdue_minor[each.loan_id], each.currency))
            for each in late
        )
    if len(late) != 1:
        return ()
    digits = minor_digits(late[0].currency)
    amount_minor = amount.scaleb(digits)
    if amount_minor != amount_minor.to_integral_value():
        return ()
    return ((late[0].loan_id, to_decimal_text(int(amount_minor), late[0].currency)),)


def _paid(hearing: Hearing, loans: Sequence[StoredLoan], ports: ReplyPorts) -> None:
    """Ask for the receipt of a payment that we do not know of."""
    since = hearing.today - _POSTED_WITHIN
    known = (each.state.position.last_value_date for each in loans)
    if not any(on is not None and on >= since for on in known):
        reason = "says it is paid, and no payment is known: thank them, ask for the receipt, look"
        open_reply_task(hearing, loans, f"{reason} in suspense", ports)


def _other(hearing: Hearing, loans: Sequence[StoredLoan], ports: ReplyPorts) -> None:
    open_reply_task(hearing, loans, "wrote something: read it in the notes, and answer", ports)


_EFFECTS: Mapping[ReplyKind, Callable[[Hearing, Sequence[StoredLoan], ReplyPorts], None]] = {
    ReplyKind.HELP: _hardship,
    ReplyKind.COMPLAINT: _complaint,
    ReplyKind.DISPUTE: _dispute,
    ReplyKind.WILL_PAY: _promise,
    ReplyKind.PAID: _paid,
    ReplyKind.OTHER: _other,
}


def _or_ask(
    hearing: Hearing,
    loans: Sequence[StoredLoan],
    kind: ReplyKind,
    record: Callable[[], object],
    ports: ReplyPorts,
) -> None:
    """Put it on record; if that is refused, an advisor goes on from the reasons."""
    try:
        record()
    except FactConflictError:
        return  # it is on record, from a try before in which other amounts were due
    except RefusedError as refused:
        why = "; ".join(f"{each.field} {each.reason}" for each in refused.problems)
        open_reply_task(
            hearing, loans, f"{kind.replace('_', ' ')} cannot be taken as it is: {why}", ports
        )


def open_loans(hearing: Hearing, ports: ReplyPorts) -> list[StoredLoan]:
    """Return the person's loans that a reply may be about."""
    loans, _ = readable_loans(ports.borrowers.loans_of(hearing.person.borrower_id), ports.loans)
    return [each for each in loans if each.state.closed is None]


def open_reply_task(
    hearing: Hearing, loans: Sequence[StoredLoan], reason: str, ports: ReplyPorts
) -> None:
    """Open the task to answer, within the day; the words themselves are in the notes."""
    meant = _loan_meant(hearing, loans, ports) or next(iter(loans), None)
    with_it = ""
    if hearing.heard.attachments:
        with_it = f" ({hearing.heard.attachments} attached)"
    on = hearing.received_on
    is_late = hearing.local.hour >= _LATEST_HOUR or on.weekday() > 4
    task = Task(
        task_id=f"{hearing.person.borrower_id}.reply.{hearing.reply.reply_id}",
        kind=TaskKind.REPLY,
        person_id=hearing.person.borrower_id,
        loan_id=meant.loan.loan_id if meant else None,
        role=Role.TRAINED if ReplyKind.HELP in hearing.reading.also else Role.ADVISOR,
        officer=meant.loan.advisor_name if meant else None,
        reason=f"reply by {hearing.by}{with_it}: {reason}"[:300],
        opened_on=on,
        do_by=working_day_after(on, 1) if is_late else on,
        about=hearing.reply.reply_id,
    )
    open_tasks([task], ports)


def _loan_meant(
    hearing: Hearing, loans: Sequence[StoredLoan], ports: ReplyPorts
) -> StoredLoan | None:
    """Return the loan that it is about: the only one, the only one that is late, or the one of the
    last message that went there."""
    overdue_minor = _overdue_minor(hearing, loans, ports)
    late = [each for each in loans if overdue_minor[each.loan.loan_id]]
    for some in (loans, late):
        if len(some) == 1:
            return some[0]
    heard, by_id = hearing.heard, {each.loan.loan_id: each for each in loans}
    told = ports.borrowers.disclosed_at(hearing.person.borrower_id, heard.channel, heard.address)
    about = [each.loan_id for each in told if each.loan_id in by_id]
    return by_id[about[-1]] if about else None


def _overdue_minor(
    hearing: Hearing, loans: Sequence[StoredLoan], ports: ReplyPorts
) -> dict[str, int]:
    rules = rules_of(hearing.institution_id, hearing.today, ports.institutions)
    found = {}
    for stored in loans:
        charges = rules.charges(stored.loan, stored.state)
        standings = standings_of(stored.loan, stored.state, rules.policy, rules.as_of, charges)
        found[stored.loan.loan_id] = standings.collectible.overdue.total
    return found
