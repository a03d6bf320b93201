"""What is known of the letters before court: who may be asked, what was sent, how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from recovery.domain.accounting.notices import NoticeGiven
from recovery.domain.judicial.court_letters import CourtLetter
from recovery.domain.judicial.facts import Facts
from recovery.domain.judicial.finding import Decision
from recovery.domain.judicial.law import Law
from recovery.domain.judicial.legal_record import LegalRecord
from recovery.domain.judicial.rules import JudicialRule, LetterKind

# due: to be written now. waits: something comes first. under_way: written, not sent yet. running:
# it arrived, and its term is not over. done: it serves. held: the person or the case is protected.
State = Literal["due", "waits", "under_way", "running", "done", "held"]
MISSING, WRONG, LAPSED = "NOT_SENT", "WRONG_LETTER", "LAPSED"
NOT_PROVEN, OUTDATED = "RECEIPT_NOT_PROVEN", "OUTDATED"
BORROWER_FIRST, GUARANTOR_FIRST = "BORROWER_HEARS_FIRST", "TELL_AMOUNT_AND_RIGHTS_FIRST"
PROTECTED, ADDRESS = "PERSON_IS_PROTECTED", "ADDRESS_UNKNOWN"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Somebody who owes the debt, or answers for it, with what they may be asked for.

    ``held_by`` is the kind of restraint that keeps judicial steps from them. ``is_consumer``: they
    are, or may be. ``comes_after_debtors``: only once the debtors' means were tried.
    ``is_part``: others owe parts of their own.
    """

    person_id: str
    is_surety: bool = False
    principal_minor: int = 0
    interest_minor: int = 0
    is_consumer: bool = True
    comes_after_debtors: bool = False
    limit_minor: int | None = None
    held_by: str = ""
    is_part: bool = False

    @property
    def amount_minor(self) -> int:
        return self.principal_minor + self.interest_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How a letter to a person stands: ``code`` says why, ``rule`` what asks for it.

    ``free_on`` is the first day after what runs or is waited for, ``until`` the last on which it
    serves; ``sent`` is the id of the fact that it rests on.
    """

    kind: LetterKind
    person_id: str
    state: State
    rule: JudicialRule
    code: str = ""
    free_on: date | None = None
    until: date | None = None
    sent: str = ""

    def next_days(self) -> Iterator[date]:
        """Yield the days on which it stands otherwise."""
        if self.free_on:
            yield self.free_on
        if self.until:
            yield self.until + _DAY


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice about a guarantor, with its fact's id."""

    fact_id: str
    fact: NoticeGiven


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What the letters rest on. ``claim`` is what may be claimed in all; ``notices`` are facts with
    their ids. ``untold_change``: a change of creditor of which somebody was not told yet.
    ``confirmed`` are codes of what a person checked."""

    facts: Facts
    law: Law
    decision: Decision
    addressees: tuple[Addressee, ...]
    record: LegalRecord
    notices: tuple[Notice, ...] = ()
    written: tuple[CourtLetter, ...] = ()
    untold_change: str = ""
    confirmed: frozenset[str] = frozenset()
    guarantor_told_after_days: int = 7
    letter_valid_days: int = 14


def next_day(outlooks: Iterable[Outlook], as_of: date) -> date | None:
    """Return the next day on which one of them stands otherwise."""
    days = (day for each in outlooks for day in each.next_days())
    return min((day for day in days if day > as_of), default=None)


def written_last(
    written: Iterable[CourtLetter], kind: LetterKind, person_id: str
) -> CourtLetter | None:
    """Return the letter of this kind to this person that was written last."""
    found = [each for each in written if each.kind == kind and each.person_id == person_id]
    return max(found, key=lambda each: (each.written_at, each.letter_id), default=None)
