"""A stranger has the address: bar it, say sorry, assess the breach, look for the person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from recovery.domain.accounting.payment import derived_id
from recovery.domain.accounting.said import PromiseEnd
from recovery.domain.agreements.fact_request import FactRequest
from recovery.domain.agreements.promise import PromiseOutcome, outcome
from recovery.domain.cases.tasks import LONGEST_REASON, Task, TaskKind, role_for
from recovery.domain.contact.borrower import Borrower, ContactChange, Disclosed
from recovery.domain.contact.details import replaced
from recovery.domain.outbox import TimelineEntry
from recovery.domain.shared.actor import Role
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.cases.route_tasks import open_tasks
from recovery.use_cases.contact.answer_once import answer_once
from recovery.use_cases.contact.reply_effects import HEARER, Hearing, ReplyPorts
from recovery.use_cases.people.tasks_of_people import working_day_after
from recovery.use_cases.shared.retrying import retry_until_fresh

# Regulation (EU) 2016/679 art. 33(1): from the moment the controller knows of the breach.
_TO_REPORT = timedelta(hours=72)


def wrong_person(hearing: Hearing, ports: ReplyPorts) -> None:
    """Never write there again, whoever delivers the address, and do what a breach asks for.

    Called for each person who has the address. What was said from there does not bind the person,
    and that they did not answer says nothing of them.
    """
    person_id, heard = hearing.person.borrower_id, hearing.heard
    _bar(hearing, ports)
    told = ports.borrowers.disclosed_at(person_id, heard.channel, heard.address)
    loan_ids = ports.borrowers.loans_of(person_id)
    for loan_id in loan_ids:
        _take_promises_back(loan_id, hearing, ports)
        _tell(loan_id, [each for each in told if each.loan_id == loan_id], hearing, ports)
    if hearing.is_first:
        answer_once(hearing, "sorry_wrong_person", ports)
    open_tasks(_tasks(hearing, told, loan_ids, ports), ports)


def _bar(hearing: Hearing, ports: ReplyPorts) -> None:
    def step() -> None:
        person = ports.borrowers.load(hearing.person.borrower_id)
        barred = _barred(person, hearing.heard.channel)
        change = ContactChange(hearing.today, hearing.heard.reply_id, replaced(person, barred))
        ports.borrowers.save_contact_details(barred, change)

    retry_until_fresh(step)


def _barred(person: Borrower, channel: str) -> Borrower:
    """Bar the phone number, or rule e-mail out, which no delivery undoes."""
    if channel == "email":
        return replace(person, email_consent=False, email_privacy="unsafe")
    if person.phone is None or person.phone in person.barred_phones:
        return person
    return replace(person, barred_phones=(*person.barred_phones, person.phone))


def _take_promises_back(loan_id: str, hearing: Hearing, ports: ReplyPorts) -> None:
    """End the open promises that came from this channel: it was not the person who made them."""
    stored, channel = ports.loans.load(loan_id), hearing.heard.channel
    for each in stored.state.facts.promises:
        made = each.promise.channel == channel
        open_now = outcome(each, stored.state.restraints, hearing.today) is PromiseOutcome.OPEN
        if made and open_now:
            request = FactRequest(
                fact_id=derived_id(each.promise_id, "not_theirs"),
                loan_id=loan_id,
                fact=PromiseEnd(each.promise_id, hearing.today),
                reason="a stranger has the address that it came from",
                said=f"{each.promise_id} not theirs",
            )
            record_fact(request, HEARER, hearing.now, ports)


def _tell(loan_id: str, told: Sequence[Disclosed], hearing: Hearing, ports: ReplyPorts) -> None:
    """Keep exactly what a stranger was told of the loan: kinds and dates."""
    what = "; ".join(_in_words(told)) or "nothing of this loan"
    text = f"a stranger has the {hearing.address_in_words}, it is barred; told there: {what}"
    key = f"{hearing.reply.reply_id}#disclosed"
    ports.timeline.add(loan_id, [TimelineEntry(hearing.today, "reply", text, key=key)])


def _in_words(told: Sequence[Disclosed]) -> Iterator[str]:
    by_kind = sorted(told, key=lambda each: (each.kind, each.on))
    for kind, some in groupby(by_kind, key=lambda each: each.kind):
        yield f"{kind.replace('_', ' ')} on {', '.join(str(each.on) for each in some)}"


def _tasks(
    hearing: Hearing, told: Sequence[Disclosed], loan_ids: Sequence[str], ports: ReplyPorts
) -> Iterator[Task]:
    loan_id = told[-1].loan_id if told else next(iter(loan_ids), None)
    loan_id = loan_id if loan_id in loan_ids else next(iter(loan_ids), None)
    if told:
        yield _incident(hearing, told, loan_id, ports)
    reason = (
        f"the {hearing.address_in_words} is a stranger's: find how to reach the person, and tell"
        " nobody why; that they did not answer there means nothing"
    )
    loan = ports.loans.load(loan_id).loan if loan_id else None
    yield Task(
        task_id=f"{hearing.person.borrower_id}.find.{hearing.reply.reply_id}",
        kind=TaskKind.MISSING_DETAILS,
        person_id=hearing.person.borrower_id,
        loan_id=loan_id,
        role=role_for(TaskKind.MISSING_DETAILS),
        officer=loan.advisor_name if loan else None,
        reason=reason,
        opened_on=hearing.received_on,
        do_by=working_day_after(hearing.received_on, 2),
        about=hearing.reply.reply_id,
    )


def _incident(
    hearing: Hearing, told: Sequence[Disclosed], loan_id: str | None, ports: ReplyPorts
) -> Task:
    zone = ZoneInfo(ports.institutions.time_zone(hearing.institution_id))
    until: datetime = (hearing.heard.received_at + _TO_REPORT).astimezone(zone)
    what = "; ".join(_in_words(told))
    start = f"a stranger got messages for this person; assess, report by {until:%Y-%m-%d %H:%M}"
    reason = f"{start} (GDPR art. 33). Told: {what}"
    if len(reason) > LONGEST_REASON:
        first, last = told[0].on, told[-1].on
        reason = (
            f"{start} (GDPR art. 33). Told: {len(told)} messages from {first} to {last},"
            " each with its kind and date on the loans' timelines"
        )
    return Task(
        task_id=f"{hearing.person.borrower_id}.incident.{hearing.reply.reply_id}",
        kind=TaskKind.INCIDENT,
        person_id=hearing.person.borrower_id,
        loan_id=loan_id,
        role=Role.SUPERVISOR,
        reason=reason,
        opened_on=hearing.received_on,
        do_by=hearing.received_on + _TO_REPORT,
        about=hearing.reply.reply_id,
    )
