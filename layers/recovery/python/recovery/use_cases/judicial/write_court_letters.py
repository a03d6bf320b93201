"""Write the letters before court that are due, keep them under lock, and have people send them.

Each step can be repeated: a letter that is on record is not written again, and its task opens once.
Nothing is sent from here: a person sends it by a medium that proves it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Protocol

from recovery.domain.accounting.owner_facts import history_of
from recovery.domain.accounting.ownership import creditor_before
from recovery.domain.cases.notice_delivery import PAPER
from recovery.domain.cases.stages import Stage
from recovery.domain.contact.borrower import Borrower
from recovery.domain.judicial.claim_rules import LetterRule
from recovery.domain.judicial.collection_costs import collection_costs, letter_rule
from recovery.domain.judicial.court_letters import CourtLetter, letter_id, to_send
from recovery.domain.judicial.law import words_say
from recovery.domain.judicial.letter_outlook import Outlook, written_last
from recovery.domain.judicial.rules import LetterKind
from recovery.domain.outbox import TimelineEntry
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.messages.agreement_letter import Sender
from recovery.messages.court_letter_words import (
    TEMPLATE,
    VERSION,
    CourtLetterFacts,
    court_letter,
    languages_of,
    term_words,
)
from recovery.ports.needs import HasBus, HasLetterFiles, HasPdf, HasTimeline
from recovery.use_cases.cases.route_tasks import end_tasks, open_tasks
from recovery.use_cases.contact.limits import limits_for
from recovery.use_cases.judicial.court_letters import (
    CourtLetterPorts,
    LettersOfLoan,
    letters_of_loan,
)
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.rules import Rules, rules_of

_DAY = timedelta(days=1)


class LetterWritingPorts(CourtLetterPorts, HasPdf, HasLetterFiles, HasTimeline, HasBus, Protocol):
    """What writing and keeping letters needs."""


def write_court_letters(
    loan_id: str, now: datetime, ports: LetterWritingPorts, *, kind: LetterKind | None = None
) -> list[CourtLetter]:
    """Write what is due, of one kind or of all; return what waits to be sent.

    By itself that is done only for a case in pre-action; ``kind`` is what a person asked for.
    Raises LoanNotFoundError; RefusedError for words that the law would not take.
    """
    stored = ports.loans.load(loan_id)
    case = stored.state.case
    if kind is None and (case is None or case.target_stage is not Stage.PRE_ACTION):
        return []
    institution_id = stored.loan.institution_id
    as_of = business_date(institution_id, now, ports.institutions)
    rules = rules_of(institution_id, as_of, ports.institutions)
    of_loan = letters_of_loan(stored, rules, ports)
    letters = []
    for outlook in of_loan.outlooks:
        if kind not in (None, outlook.kind) or outlook.state not in ("due", "under_way"):
            continue
        person = ports.borrowers.load(outlook.person_id)
        before = written_last(of_loan.matter.written, outlook.kind, outlook.person_id)
        if outlook.state == "due":
            letter = _written(outlook, of_loan, person, rules, now, ports)
            if before and not before.ended:
                end_tasks([before.task_id], as_of, ports)
        else:
            assert before is not None
            letter = before
        media = _media(person, rules, as_of)
        open_tasks([to_send(letter, stored.loan, media, as_of)], ports)
        letters.append(letter)
    return letters


def _media(person: Borrower, rules: Rules, as_of: date) -> Iterator[str]:
    """Yield by which media receipt is proven where the person lives."""
    limits = limits_for(person, rules.policy.contact)
    return (each for each in PAPER if limits.proves(each, "received", as_of))


def _written(
    outlook: Outlook,
    of_loan: LettersOfLoan,
    person: Borrower,
    rules: Rules,
    now: datetime,
    ports: LetterWritingPorts,
) -> CourtLetter:
    """Write one letter and keep it: first the file."""
    facts = _facts(outlook, of_loan, person, rules, ports)
    wording = term_words(facts)
    _check_words(outlook.kind, wording, of_loan)
    written = ports.pdf.write(TEMPLATE, court_letter(facts), at=now)
    language, also = languages_of(facts)
    letter = CourtLetter(
        loan_id=facts.loan_id,
        letter_id=facts.letter_id,
        kind=outlook.kind,
        person_id=person.borrower_id,
        language=language,
        also=also,
        template=VERSION,
        sha256=written.sha256,
        written_on=rules.as_of,
        written_at=now,
        amount_minor=facts.principal_minor + facts.interest_minor,
        principal_minor=facts.principal_minor,
        costs_minor=facts.costs_minor if outlook.kind == "demand_before_costs" else None,
        wording=wording,
        term_days=facts.term_days if wording else None,
        change_id=of_loan.change.change_id
        if of_loan.change and outlook.kind == "transfer_notice"
        else "",
        unshown=len(written.unshown),
    )
    ports.letter_files.put(letter.kept, written.content)
    ports.court_letters.add(letter)
    kind = outlook.kind.replace("_", " ")
    text = f"letter {letter.letter_id} written ({kind}): {outlook.code}, {outlook.rule.id}"
    key = f"{letter.letter_id}#{letter.person_id}"
    entry = TimelineEntry(rules.as_of, "letter", text, rules.policy.version, key)
    ports.timeline.add(letter.loan_id, [entry])
    return letter


def _check_words(kind: LetterKind, wording: str, of_loan: LettersOfLoan) -> None:
    """Refuse a term that the law here would not take: it would have to be sent anew."""
    words = of_loan.matter.law.find_words("letter")
    if kind == "demand_before_costs" and words and words_say(words, wording) is not True:
        reason = f"does not state its term as {words.source} asks"
        raise RefusedError(Problem("letter", reason, "Correct the text before any is sent"))


def _facts(
    outlook: Outlook,
    of_loan: LettersOfLoan,
    person: Borrower,
    rules: Rules,
    ports: LetterWritingPorts,
) -> CourtLetterFacts:
    loan, matter, kind = of_loan.stored.loan, of_loan.matter, outlook.kind
    institution = ports.institutions.find(loan.institution_id)
    asked = of_loan.person(person.borrower_id)
    before = sum(each.kind == kind for each in matter.written if each.person_id == asked.person_id)
    change = of_loan.change if kind == "transfer_notice" else None
    former = creditor_before(history_of(loan.institution_id, of_loan.record.recorded.owners))
    names = {loan.institution_id: institution.name}
    old, new = former.creditor if former else "", (change.creditor if change else None) or ""
    law_of_term = letter_rule(matter.law.claims, "consumer", rules.as_of)
    told_after = matter.guarantor_told_after_days
    return CourtLetterFacts(
        rule=matter.law.letter(kind),
        sender=Sender(
            name=institution.name,
            advisor_name=loan.advisor_name,
            advisor_phone=loan.advisor_phone or "",
            phone=institution.phone,
            debt_advice=institution.debt_advice,
            registration_mark=institution.registration_mark,
            grievance_officer=institution.grievance_officer,
            complaints_to=rules.policy.agreements.complaints_to,
        ),
        pay_account=institution.pay_account,
        to_name=person.name,
        language=person.language or "",
        country=person.country,
        loan_id=loan.loan_id,
        letter_id=letter_id(kind, before + 1),
        currency=loan.currency,
        written_on=rules.as_of,
        principal_minor=asked.principal_minor,
        interest_minor=asked.interest_minor,
        costs_minor=_costs_minor(asked.principal_minor, of_loan),
        term_days=_term_days(kind, of_loan, law_of_term),
        since=change.from_on if change else matter.facts.due,
        free_on=rules.as_of + (told_after + 1) * _DAY,
        one_of_several=not asked.is_surety and asked.is_part,
        limit_minor=asked.limit_minor,
        after_debtors=asked.comes_after_debtors,
        old=names.get(old, old),
        new=names.get(new, new),
    )


def _costs_minor(principal_minor: int, of_loan: LettersOfLoan) -> int:
    """Return what the law lets collection cost, to the cent, for this principal."""
    law, facts = of_loan.matter.law, of_loan.matter.facts
    currency, earlier = of_loan.stored.loan.currency, facts.costs_before
    found = collection_costs(principal_minor, law.claims, currency, law.on, earlier)
    return found.amount_minor if found else 0


def _term_days(kind: LetterKind, of_loan: LettersOfLoan, letter: LetterRule | None) -> int:
    if kind == "demand_before_costs":
        return letter.days if letter else 0
    silence = of_loan.matter.law.find_term("negotiation.silence")
    return silence.days if silence else 0
