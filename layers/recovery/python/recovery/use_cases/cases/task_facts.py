"""Outcome codes become facts: a promise, a dispute, a complaint, a hardship, a death, a number that
may not be used."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from recovery.documents.shared.plain import to_plain
from recovery.domain.accounting.ownership import TransferNotice
from recovery.domain.accounting.payment import derived_id
from recovery.domain.accounting.said import DisputeKind
from recovery.domain.agreements.fact_request import DisputeMade, FactRequest, PromiseMade
from recovery.domain.agreements.person_facts import Cause, ComplaintAbout
from recovery.domain.agreements.person_request import (
    AskedOfPerson,
    ComplaintMade,
    HardshipTold,
    HoldReported,
    PersonFactRequest,
)
from recovery.domain.agreements.restraints import Kind
from recovery.domain.cases.tasks import Result, Task, TaskKind, TaskOutcome
from recovery.domain.contact.borrower import ContactChange
from recovery.domain.contact.details import replaced, with_confirmed
from recovery.domain.judicial.court_letters import CourtLetter
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.ports.needs import HasBorrowers, HasCourtLetters
from recovery.use_cases.accounting.record_fact import RecordingPorts, record_fact
from recovery.use_cases.cases.answer_notice import answer_notice
from recovery.use_cases.cases.letter_delivered import fact_of_delivery, letter_of, save_end
from recovery.use_cases.cases.notice_given import notice_of
from recovery.use_cases.contact.limits import limits_for
from recovery.use_cases.people.record_person_fact import PersonFactPorts, record_person_fact
from recovery.use_cases.portfolio.prove_transfer_notice import prove_transfer_notice

_NOBODY_MET = (TaskOutcome.NO_ANSWER, TaskOutcome.MOVED_AWAY)
_BY_PHONE = (TaskKind.CALL, TaskKind.PLAN, TaskKind.HARDSHIP)
_SPOKE = (  # with the person themselves
    *(TaskOutcome.REACHED, TaskOutcome.PROMISE, TaskOutcome.PLAN_WANTED, TaskOutcome.DISPUTE),
    *(TaskOutcome.COMPLAINT, TaskOutcome.CANNOT_NOW, TaskOutcome.REFUSED),
)
_FIELDS = {"pay_on": "on", "about": "cause", "causes": "cause", "amount_minor": "amount"}


class TaskFactPorts(RecordingPorts, PersonFactPorts, HasCourtLetters, Protocol):
    """What recording facts of loans and of people needs, and letters that were sent."""


def record_what_came(
    institution_id: str, done: Task, by: Actor, now: datetime, ports: TaskFactPorts
) -> tuple[str, ...]:
    """Record the fact that the task's outcome is, once; return what speaks against a promise.

    Raises RefusedError, in the fields of a result, for what may not go on record.
    """
    result, on = done.result, done.ended_on
    if result is None or on is None:
        return ()
    if done.loan_id and done.kind == TaskKind.VISIT and result.code not in _NOBODY_MET:
        answer_notice(done.loan_id, on, ports)
    try:
        if result.code == TaskOutcome.WRONG_NUMBER:
            _bar_phone(done, ports)
        elif channel := _confirmed_by(done, result):
            confirm_contact(done, channel, ports)
        if letter := letter_of(done, ports):
            _record_letter(letter, institution_id, done, by, now, ports)
        elif of_notice := _notice_request(institution_id, done, ports):
            record_fact(of_notice, by, now, ports)
        elif of_loan := _fact_request(done, result):
            return record_fact(of_loan, by, now, ports).notes
        elif of_person := _person_request(done, result, ports):
            record_person_fact(institution_id, of_person, by, now, ports)
    except RefusedError as refused:
        raise RefusedError(*map(_in_fields_of_a_result, refused.problems)) from None
    return ()


def _confirmed_by(done: Task, result: Result) -> str | None:
    """Return the channel whose address the person was reached at, or ``all`` if they told both."""
    if done.kind == TaskKind.MISSING_DETAILS and done.task_id.startswith(f"{done.person_id}."):
        return "all" if result.code == TaskOutcome.DONE else None
    return "sms" if done.kind in _BY_PHONE and result.code in _SPOKE else None


def confirm_contact(done: Task, channel: str, ports: HasBorrowers) -> None:
    """Record that the person was at an address on the day on which the task was done."""
    found = ports.borrowers.load_many([done.person_id])
    if not found or done.ended_on is None:
        return
    person = found[0]
    if channel == "all":
        confirmed = replace(person, contact_confirmed_on=done.ended_on)
    else:
        confirmed = with_confirmed(person, channel, done.ended_on)
    if former := replaced(person, confirmed):
        change = ContactChange(done.ended_on, done.task_id, former)
        ports.borrowers.save_contact_details(confirmed, change)


def _record_letter(
    letter: CourtLetter,
    institution_id: str,
    done: Task,
    by: Actor,
    now: datetime,
    ports: TaskFactPorts,
) -> None:
    """Record what the letter became, then that it ended: a repeat completes both."""
    assert done.ended_on is not None
    person = ports.borrowers.load(done.person_id)
    policy = ports.institutions.policy(institution_id, done.ended_on)
    limits = limits_for(person, policy.contact)
    fact = fact_of_delivery(letter, done, limits)
    if isinstance(fact, TransferNotice):
        prove_transfer_notice(letter.loan_id, fact, by, now, ports)
    elif fact is not None:
        request = FactRequest(
            fact_id=_fact_id(done),
            loan_id=letter.loan_id,
            fact=fact,
            reason=_reason(done),
            said=_said(done),
        )
        record_fact(request, by, now, ports)
    save_end(letter, done, limits, ports)


def _notice_request(institution_id: str, done: Task, ports: TaskFactPorts) -> FactRequest | None:
    if done.kind != TaskKind.DELIVER_NOTICE or done.ended_on is None or done.loan_id is None:
        return None
    person = ports.borrowers.load(done.person_id)
    policy = ports.institutions.policy(institution_id, done.ended_on)
    given = notice_of(done, limits_for(person, policy.contact))
    if given is None:
        return None
    return FactRequest(
        fact_id=_fact_id(done),
        loan_id=done.loan_id,
        fact=given,
        reason=_reason(done),
        said=_said(done),
    )


def _fact_request(done: Task, result: Result) -> FactRequest | None:
    on, loan_id = done.ended_on, done.loan_id
    assert on is not None
    fact: PromiseMade | DisputeMade
    if result.code == TaskOutcome.PROMISE and result.amount_minor and result.on:
        channel = "visit" if done.kind == TaskKind.VISIT else "phone"
        fact = PromiseMade(on, result.amount_minor, result.on, channel)
    elif result.code == TaskOutcome.DISPUTE and result.cause:
        fact = DisputeMade(on, DisputeKind(result.cause), result.amount_minor)
    else:
        return None
    return FactRequest(
        fact_id=_fact_id(done),
        loan_id=loan_id or "",
        fact=fact,
        reason=_reason(done),
        said=_said(done),
    )


def _person_request(done: Task, result: Result, ports: TaskFactPorts) -> PersonFactRequest | None:
    on = done.ended_on
    assert on is not None
    fact: AskedOfPerson
    match result.code:
        case TaskOutcome.COMPLAINT if result.cause:
            fact = ComplaintMade(on, ComplaintAbout(result.cause), done.loan_id)
        case TaskOutcome.CANNOT_NOW:
            cause = Cause(result.cause or Cause.CANNOT_DEAL_NOW)
            loan = ports.loans.load(done.loan_id).loan if done.loan_id else None
            can_pay = result.amount_minor if loan else None
            currency = loan.currency if loan and can_pay else None
            fact = HardshipTold(on, (cause,), None, can_pay, currency)
        case TaskOutcome.DECEASED_REPORTED:
            fact = HoldReported(Kind.DEATH, on)
        case _:
            return None
    return PersonFactRequest(
        fact_id=_fact_id(done),
        person_id=done.person_id,
        fact=fact,
        reason=_reason(done),
        said=_said(done),
    )


def _bar_phone(done: Task, ports: HasBorrowers) -> None:
    """Bar the number that turned out to be somebody else's, whoever delivers it again."""
    person = ports.borrowers.load(done.person_id)
    if person.phone is None or person.phone in person.barred_phones or done.ended_on is None:
        return
    barred = replace(person, barred_phones=(*person.barred_phones, person.phone))
    change = ContactChange(done.ended_on, done.task_id, replaced(person, barred))
    ports.borrowers.save_contact_details(barred, change)


def _fact_id(done: Task) -> str:
    return derived_id(done.task_id.replace("#", "-"), f"{done.outcome}")


def _reason(done: Task) -> str:
    kind, outcome = (f"{each}".replace("_", " ") for each in (done.kind, done.outcome))
    return f"{outcome}, said in a task: {kind}"


def _said(done: Task) -> str:
    """Return what makes two answers equal: a repeat on another day is one."""
    return json.dumps([done.task_id, to_plain(done.result)], sort_keys=True)


def _in_fields_of_a_result(problem: Problem) -> Problem:
    return replace(problem, field=_FIELDS.get(problem.field, problem.field))
