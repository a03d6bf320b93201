"""Letters before court that were written and are kept, and the fact that each becomes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from recovery.domain.accounting.acts import Demand, Medium, NegotiationOpened, Proof, Purpose
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.notices import NoticeGiven
from recovery.domain.accounting.ownership import TransferNotice
from recovery.domain.agreements.kept_letter import KeptLetter
from recovery.domain.cases.tasks import Task, TaskKind
from recovery.domain.judicial.rules import LetterKind
from recovery.domain.shared.actor import Role

PURPOSES: dict[str, Purpose] = {
    "demand_before_costs": "before_costs",
    "balance_notice": "balance",
}
# Readers see these: no word of them may frighten.
_NAMES: dict[LetterKind, str] = {
    "negotiation_request": "talk",
    "demand_before_costs": "term",
    "balance_notice": "balance",
    "guarantor_warning": "ahead",
    "guarantor_notice": "guarantor",
    "transfer_notice": "owner",
}
_TIME_TO_SEND = timedelta(days=7)
_PROOFS: dict[str, Proof] = {
    "received": "proven",
    "refused": "refused",
    "uncollected": "uncollected",
    "not_delivered": "returned",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtLetter:
    """One person's letter before court, as it was written on a day.

    ``amount_minor`` is what it says that they owe, of it ``principal_minor``; ``costs_minor`` are
    costs that it names, ``wording`` and ``term_days`` how it states its term. ``change_id`` is the
    change of creditor that it tells of. ``language`` is that of the text that counts, ``also`` that
    of the text beside it. ``sha256`` is the hash of the file; ``unshown`` is how many characters no
    font has. ``ended`` is how sending it ended, "" until then.
    """

    loan_id: str
    letter_id: str
    kind: LetterKind
    person_id: str
    language: str
    template: str
    sha256: str
    written_on: date
    written_at: datetime
    also: str = ""
    amount_minor: int = 0
    principal_minor: int = 0
    costs_minor: int | None = None
    wording: str = ""
    term_days: int | None = None
    change_id: str = ""
    unshown: int = 0
    ended: str = ""

    @property
    def kept(self) -> KeptLetter:
        """The file as the store of letters knows it."""
        return KeptLetter(
            loan_id=self.loan_id,
            agreement_id=self.letter_id,
            person_id=self.person_id,
            language=self.language,
            template=self.template,
            sha256=self.sha256,
            written_at=self.written_at,
            unshown=self.unshown,
        )

    @property
    def task_id(self) -> str:
        """The id of the task to send it."""
        return f"{self.loan_id}.{self.letter_id}.{self.person_id}"[:160]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a letter ended: ``received``, ``refused``, ``uncollected`` or ``not_delivered``.

    ``on`` is the day of that. ``counts``: the law of the place takes it as given, by this medium.
    """

    ended: str
    medium: str
    sent_on: date
    on: date
    proof: str
    counts: bool


def letter_id(kind: LetterKind, number: int) -> str:
    """Return the id of a person's letter, unique among theirs about a loan, such as "talk-2"."""
    return f"{_NAMES[kind]}-{number}"


def to_send(letter: CourtLetter, loan: Loan, media: Iterable[str], as_of: date) -> Task:
    """Return the task to send the letter by a medium that proves it; a guarantor hears it said."""
    how = ", ".join(each.replace("_", " ") for each in media) or "ask a lawyer which"
    first = "tell amount and rights yourself, then " if letter.kind == "guarantor_notice" else ""
    return Task(
        task_id=letter.task_id,
        kind=TaskKind.DELIVER_LETTER,
        person_id=letter.person_id,
        loan_id=letter.loan_id,
        role=Role.ADVISOR,
        officer=loan.advisor_name or None,
        reason=f"{first}send letter {letter.letter_id} so that it can be proved: {how}",
        opened_on=as_of,
        do_by=as_of + _TIME_TO_SEND,
        about=letter.letter_id,
    )


CourtLetterFact = Demand | NegotiationOpened | NoticeGiven | TransferNotice


def fact_of(letter: CourtLetter, delivery: Delivery) -> CourtLetterFact:
    """Return the fact that the letter became; one without proof is on record too, and proves
    nothing."""
    proof = _PROOFS[delivery.ended]
    if not delivery.counts and proof != "returned":
        proof = "none"
    persons, medium = (letter.person_id,), cast(Medium, delivery.medium)
    if letter.kind == "negotiation_request":
        return NegotiationOpened(
            on=delivery.sent_on,
            persons=persons,
            form="direct_negotiation",
            medium=medium,
            proof=proof,
            received_on=None if proof == "returned" else delivery.on,
            reference=delivery.proof,
        )
    if letter.kind == "transfer_notice":
        return TransferNotice(
            change_id=letter.change_id,
            medium=delivery.medium,
            sent_on=delivery.sent_on,
            proof=delivery.proof,
        )
    if letter.kind not in PURPOSES:
        return NoticeGiven(
            notice=letter.kind,
            on=delivery.on,
            medium=delivery.medium,
            sent_on=delivery.sent_on,
            ended=delivery.ended,
            proof=delivery.proof,
            counts=delivery.counts,
            persons=persons,
        )
    return Demand(
        on=delivery.on,
        persons=persons,
        medium=medium,
        proof=proof,
        purpose=PURPOSES[letter.kind],
        sent_on=delivery.sent_on,
        reference=delivery.proof,
        amount_minor=letter.amount_minor,
        costs_minor=letter.costs_minor,
        wording=letter.wording,
        term_days=letter.term_days,
    )
