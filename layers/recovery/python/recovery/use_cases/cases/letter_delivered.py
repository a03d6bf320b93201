"""A letter before court that a person sent: as the fact that it became."""

from __future__ import annotations

from dataclasses import replace

from recovery.domain.accounting.ownership import TransferNotice
from recovery.domain.cases.tasks import DELIVERY_ENDS, Task, TaskKind, TaskOutcome
from recovery.domain.contact.places import Limits
from recovery.domain.judicial.court_letters import (
    CourtLetter,
    CourtLetterFact,
    Delivery,
    fact_of,
)
from recovery.domain.shared.errors import NotOnRecordError
from recovery.ports.needs import HasCourtLetters

NOT_PROVEN = "not_proven"  # how a letter ended whose receipt the law of the place does not take


def letter_of(done: Task, ports: HasCourtLetters) -> CourtLetter | None:
    """Return the letter that the task was to send; None for another task, or another outcome.

    Raises NotOnRecordError.
    """
    sent = done.result is not None and done.result.code in DELIVERY_ENDS
    if done.kind != TaskKind.DELIVER_LETTER or not sent or done.loan_id is None:
        return None
    letter = ports.court_letters.find(done.loan_id, done.about, done.person_id)
    if letter is None:
        raise NotOnRecordError("task_id", f"letter {done.about} of loan {done.loan_id}")
    return letter


def fact_of_delivery(letter: CourtLetter, done: Task, limits: Limits) -> CourtLetterFact | None:
    """Return the fact; None for a notice of a new creditor that nothing proves.

    Whether its receipt is proven is for the law of the place where the person lives.
    """
    delivery = _delivery(done, limits)
    fact = fact_of(letter, delivery)
    return None if isinstance(fact, TransferNotice) and not delivery.counts else fact


def save_end(letter: CourtLetter, done: Task, limits: Limits, ports: HasCourtLetters) -> None:
    """Put on record how sending it ended, so that another is written if need be."""
    delivery = _delivery(done, limits)
    undelivered = delivery.ended == TaskOutcome.NOT_DELIVERED
    ended = delivery.ended if delivery.counts or undelivered else NOT_PROVEN
    ports.court_letters.save(replace(letter, ended=ended))


def _delivery(done: Task, limits: Limits) -> Delivery:
    result = done.result
    assert result and result.medium and result.sent_on and result.on
    return Delivery(
        ended=result.code,
        medium=result.medium,
        sent_on=result.sent_on,
        on=result.on,
        proof=result.proof or "",
        counts=result.code != TaskOutcome.NOT_DELIVERED
        and limits.proves(result.medium, result.code, result.on),
    )
