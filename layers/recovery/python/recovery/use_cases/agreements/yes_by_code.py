"""The yes by a code: send one to a debtor's own address, and take the answer.

Sending and answering change nothing of the loan. The agreement is a fact of its own, recorded by
whoever may approve it (`yes_proof`).
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Protocol

from recovery.domain.accounting.agreed import Agreement, Offer
from recovery.domain.accounting.fact import Recorded
from recovery.domain.agreements.restraints import Kind, in_force
from recovery.domain.agreements.signing import who_signs
from recovery.domain.agreements.yes_code import (
    DIGITS,
    LASTS,
    YesCode,
    answered,
    answering_problems,
    asking_problems,
    digest_of,
    newest_of,
    next_id,
    terms_of,
    tried,
    wrong_code,
)
from recovery.domain.contact.addresses import normalised
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.private_channels import private_channels
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.audit import Act, AuditEntry
from recovery.domain.shared.errors import NotOnRecordError, Problem, RefusedError
from recovery.messages import language_with_text
from recovery.messages.yes_code_words import render_yes_code
from recovery.ports.accounting import StoredLoan
from recovery.ports.contact import SendingFailedError, UndeliverableError
from recovery.ports.needs import (
    HasAudit,
    HasBorrowers,
    HasInstitutions,
    HasLoans,
    HasMessenger,
    HasYesCodes,
)
from recovery.use_cases.agreements.said import people_pack_of
from recovery.use_cases.agreements.yes_proof import offer_of
from recovery.use_cases.contact.limits import limits_for
from recovery.use_cases.people.person import find_person
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.rules import rules_of


class AnsweringPorts(HasLoans, HasYesCodes, HasAudit, Protocol):
    """What taking an answer needs."""


class CodePorts(AnsweringPorts, HasBorrowers, HasInstitutions, HasMessenger, Protocol):
    """What sending a code needs."""


def send_code(
    loan_id: str,
    offer_id: str,
    option: str,
    person_id: str,
    channel: str | None,
    by: Actor,
    now: datetime,
    ports: CodePorts,
) -> YesCode:
    """Send the debtor a code for one option of an offer; without a channel, where they prefer.

    It goes to a private address alone, where they were known to be lately. Raises
    LoanNotFoundError, NotOnRecordError, RefusedError; StaleWriteError if another is sent
    at the same moment.
    """
    stored, recorded = ports.loans.load(loan_id), ports.loans.recorded(loan_id)
    loan = stored.loan
    today = business_date(loan.institution_id, now, ports.institutions)
    rules = rules_of(loan.institution_id, today, ports.institutions)
    offer = _offer(loan_id, offer_id, recorded)
    _check_option(offer, option)
    person = find_person(person_id, ports)
    codes = ports.yes_codes.of_offer(loan_id, offer_id)
    problems = [*_offer_problems(stored, recorded, offer_id, offer, option, person, today)]
    problems += asking_problems(codes, person_id, now)
    left = private_channels(limits_for(person, rules.policy.contact), person, today)
    way = channel or next(iter(left), "")
    problems += _address_problems(person, way, left, by, ports)
    language = language_with_text((person.language, person.second_language))
    if language is None:
        remedy = "Read it aloud to them in their language, and record that"
        problems.append(Problem("person_id", f"reads {person.language}, not ours", remedy))
    if problems or language is None:
        raise RefusedError(*problems)
    typed = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    salt = secrets.token_hex(16)
    terms = terms_of(loan_id, offer_id, offer, option, loan.currency)
    code = YesCode(
        code_id=next_id(codes),
        loan_id=loan_id,
        offer_id=offer_id,
        option=option,
        terms=terms,
        person_id=person_id,
        channel=way,
        salt=salt,
        digest=digest_of(typed, salt, person_id, terms),
        asked_by=by,
        asked_at=now,
        until=now + LASTS,
    )
    ports.yes_codes.add(code)
    _send(typed, code, offer, person, language, stored, ports)
    about = f"{loan_id} {offer_id} {option}"
    ports.audit.add(person_id, AuditEntry(now, Act.YES_CODE_SENT, by, about))
    return code


def answer_code(
    loan_id: str,
    offer_id: str,
    option: str,
    person_id: str,
    typed: str,
    by: Actor,
    now: datetime,
    ports: AnsweringPorts,
) -> YesCode:
    """Take the code as the debtor's yes; the same right answer again changes nothing.

    Each try is counted before it is compared. Raises LoanNotFoundError, NotOnRecordError,
    RefusedError, StaleWriteError if somebody else tries at the same moment.
    """
    loan = ports.loans.load(loan_id).loan
    offer = _offer(loan_id, offer_id, ports.loans.recorded(loan_id))
    _check_option(offer, option)
    code = newest_of(ports.yes_codes.of_offer(loan_id, offer_id), person_id)
    if code is None:
        raise NotOnRecordError("person_id", f"code for {person_id} and offer {offer_id}")
    terms = terms_of(loan_id, offer_id, offer, option, loan.currency)
    if problems := list(answering_problems(code, terms, now)):
        raise RefusedError(*problems)
    if code.answered_at:
        if not code.matches(typed):
            raise RefusedError(Problem("code", "is not the one that was sent", "Look again"))
        return code
    counted = tried(code)
    ports.yes_codes.save(counted, tries=code.tries)
    if not counted.matches(typed):
        raise RefusedError(wrong_code(counted))
    said = answered(counted, by, now)
    ports.yes_codes.save(said, tries=counted.tries)
    about = f"{loan_id} {offer_id} {option}"
    ports.audit.add(person_id, AuditEntry(now, Act.YES_CODE_ANSWERED, by, about))
    return said


def _offer(loan_id: str, offer_id: str, recorded: Recorded) -> Offer:
    if found := offer_of(offer_id, recorded):
        return found
    raise NotOnRecordError("offer_id", f"offer {offer_id} of loan {loan_id}")


def _check_option(offer: Offer, option: str) -> None:
    if offer.find(option) is None:
        shown = ", ".join(each.kind for each in offer.options)
        reason = f"{option} was not offered"
        raise RefusedError(Problem("option", reason, f"The offer shows: {shown}", "not_found"))


def _offer_problems(
    stored: StoredLoan,
    recorded: Recorded,
    offer_id: str,
    offer: Offer,
    option: str,
    person: Borrower,
    on: date,
) -> list[Problem]:
    """Return why nobody says yes to this offer, or not this person."""
    problems = []
    if on > offer.expires_on:
        reason = f"{offer_id} expired on {offer.expires_on}"
        problems.append(Problem("offer_id", reason, "Make a new offer", "conflict"))
    for each in recorded.counting():
        if isinstance(each.fact, Agreement) and each.fact.offer_id == offer_id:
            reason = f"{offer_id} was accepted as agreement {each.fact_id}"
            problems.append(Problem("offer_id", reason, "Nothing is left to say", "conflict"))
    signing = who_signs(stored.loan, recorded, on, people_pack_of(stored.loan), option)
    if person.borrower_id not in (*signing.debtors, *signing.guarantors):
        reason = f"{person.borrower_id} is no debtor or guarantor of this loan"
        problems.append(Problem("person_id", reason, "Name one who says yes"))
    restraints = (*person.restraints, *stored.state.restraints)
    if any(each.kind == Kind.DEATH for each in in_force(restraints, on)):
        reason = "belongs to somebody whose death was reported"
        problems.append(Problem("person_id", reason, "Ask who represents the estate", "conflict"))
    return problems


def _address_problems(
    person: Borrower, way: str, left: tuple[str, ...], by: Actor, ports: HasBorrowers
) -> list[Problem]:
    """Return why no code goes there: others may read it, or somebody put the address there who
    would then hold both ends."""
    remedy = "Let them confirm an address that only they read, or sign on paper"
    if way not in left:
        named = f"by {way} " if way else ""
        reason = f"cannot be reached {named}where only they read and were known to be lately"
        return [Problem("channel", reason, remedy, "not_allowed")]
    address = person.address_of(way) or ""
    people = ports.borrowers.people_at(way, normalised(address))
    if any(each.borrower_id != person.borrower_id for each in people):
        reason = "leads to an address that somebody else has too"
        return [Problem("channel", reason, remedy, "not_allowed")]
    field = "email" if way == "email" else "phone"
    changes = ports.borrowers.contact_changes(person.borrower_id)
    last = next((each for each in reversed(changes) if field in each.former), None)
    if last and last.by and last.by == by.id:
        reason = f"leads to an address that {by.in_words()} changed"
        return [Problem("channel", reason, "Let somebody else send the code", "not_allowed")]
    return []


def _send(
    typed: str,
    code: YesCode,
    offer: Offer,
    person: Borrower,
    language: str,
    stored: StoredLoan,
    ports: CodePorts,
) -> None:
    """Send the code with what it says yes to. Raises RefusedError if it cannot be sent."""
    loan = stored.loan
    institution = ports.institutions.find(loan.institution_id)
    option = offer.find(code.option)
    assert option
    said = render_yes_code(
        typed, option, loan.currency, language, person.country, institution.name, LASTS
    )
    address = person.address_of(code.channel) or ""
    try:
        if code.channel == "email":
            ports.messenger.send_email(
                *(address, said.subject, said.text, said.html, said.sender),
                reply_to=institution.reply_to,
            )
        else:
            ports.messenger.send_sms(address, said.sms, sender=institution.sms_number)
    except (UndeliverableError, SendingFailedError) as error:
        reason = f"could not be used now: {error}"
        remedy = "Try again, or let them sign on paper"
        raise RefusedError(Problem("channel", reason, remedy, "conflict")) from None
