"""Show and open a loan's letters before court: which are due and why, and those that are kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from recovery.domain.judicial.court_letters import CourtLetter
from recovery.domain.judicial.letter_outlook import Outlook
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.audit import Act, AuditEntry
from recovery.domain.shared.iso_dates import iso
from recovery.domain.shared.money import to_decimal_text
from recovery.ports.needs import HasAudit, HasCourtLetters, HasLetterFiles, HasLoans
from recovery.use_cases.judicial.court_letters import CourtLetterPorts, letters_of_loan
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.rules import rules_of


class KeptLetterPorts(HasLoans, HasCourtLetters, HasLetterFiles, HasAudit, Protocol):
    """Where letters are kept, and who opened one."""


def read_outlook(loan_id: str, now: datetime, ports: CourtLetterPorts) -> dict[str, Any]:
    """Return the procedure, how each letter stands with the rule for it, and what is kept.

    Raises LoanNotFoundError; RefusedError where the law cannot be asked.
    """
    stored = ports.loans.load(loan_id)
    institution_id = stored.loan.institution_id
    as_of = business_date(institution_id, now, ports.institutions)
    rules = rules_of(institution_id, as_of, ports.institutions)
    found = letters_of_loan(stored, rules, ports)
    return {
        "loan_id": loan_id,
        "as_of": as_of.isoformat(),
        "procedure": found.matter.decision.procedure,
        "missing": list(found.matter.decision.missing),
        "blocking": list(found.matter.decision.blocking),
        "letters": [outlook_document(each) for each in found.outlooks],
        "kept": kept_documents(found.matter.written, stored.loan.currency),
    }


def outlook_document(outlook: Outlook) -> dict[str, Any]:
    rule = outlook.rule
    return {
        "kind": outlook.kind,
        "person_id": outlook.person_id,
        "state": outlook.state,
        "why": outlook.code or None,
        "free_on": iso(outlook.free_on),
        "until": iso(outlook.until),
        "rests_on": outlook.sent or None,
        "rule": rule.id,
        "says": rule.says,
        "source": rule.source,
        "confidence": rule.confidence,
    }


def kept_documents(letters: Iterable[CourtLetter], currency: str) -> list[dict[str, Any]]:
    return [
        {
            "letter_id": each.letter_id,
            "kind": each.kind,
            "person_id": each.person_id,
            "language": each.language,
            "also": each.also or None,
            "written_on": each.written_on.isoformat(),
            "amount": to_decimal_text(each.amount_minor, currency),
            "costs": None
            if each.costs_minor is None
            else to_decimal_text(each.costs_minor, currency),
            "sha256": each.sha256,
            "template": each.template,
            "ended": each.ended or None,
            "task_id": each.task_id,
        }
        for each in letters
    ]


def read_court_letters(
    loan_id: str, by: Actor, now: datetime, ports: KeptLetterPorts
) -> list[dict[str, Any]]:
    """Show the letters that are kept, each with a link that opens it for some minutes; who asked is
    kept. Raises LoanNotFoundError."""
    currency = ports.loans.load(loan_id).loan.currency
    letters = ports.court_letters.of_loan(loan_id)
    for each in letters:
        _note(each, by, now, ports)
    shown = kept_documents(letters, currency)
    links = (ports.letter_files.link(each.kept) for each in letters)
    return [{**each, "link": link} for each, link in zip(shown, links, strict=True)]


def open_court_letter(
    letter: CourtLetter, by: Actor, now: datetime, ports: KeptLetterPorts
) -> bytes:
    """Return the file; who opened it is kept."""
    _note(letter, by, now, ports)
    return ports.letter_files.read(letter.kept)


def _note(letter: CourtLetter, by: Actor, now: datetime, ports: HasAudit) -> None:
    about = f"{letter.loan_id} {letter.letter_id}"
    ports.audit.add(letter.person_id, AuditEntry(now, Act.LETTER_READ, by, about))
