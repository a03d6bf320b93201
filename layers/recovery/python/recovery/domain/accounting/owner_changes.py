"""What may go on record about a loan's owner: one change a day, each after the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from recovery.domain.accounting.ownership import (
    CHANGES_CREDITOR,
    Medium,
    OwnerChange,
    OwnerChangeKind,
    OwnerHistory,
    TransferNotice,
    creditor_before,
    owners,
)
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.free_text import free_text_problems

LONGEST_ID, LONGEST_PROOF = 128, 200


def change_problems(
    history: OwnerHistory, change: OwnerChange, disbursed_on: date, as_of: date
) -> Iterator[Problem]:
    """Yield why this change may not follow on this history, at the business date ``as_of``."""
    if change.kind not in tuple(OwnerChangeKind):
        remedy = f"Use one of: {', '.join(OwnerChangeKind)}"
        yield Problem("kind", f"{change.kind!r} is unknown", remedy)
        return
    yield from free_text_problems("change_id", change.change_id, LONGEST_ID)
    yield from _date_problems(history, change, disbursed_on, as_of)
    yield from _party_problems(history, change)


def notice_problems(
    history: OwnerHistory, notice: TransferNotice, as_of: date
) -> Iterator[Problem]:
    """Yield why this notice may not go on record, at the business date ``as_of``."""
    change = next((each for each in history.changes if each.change_id == notice.change_id), None)
    if change is None or change.kind not in CHANGES_CREDITOR:
        reason = f"{notice.change_id} is no sale, transfer or buy-back of this loan"
        yield Problem("change_id", reason, "Use the id of the change it is about", "not_found")
    elif notice.sent_on < change.from_on:
        reason = f"{notice.sent_on} is before the new owner's first day, {change.from_on}"
        remedy = "Give proof of a notice sent after the transfer"
        yield Problem("sent_on", reason, remedy, "out_of_range")
    if notice.sent_on > as_of:
        reason = f"{notice.sent_on} is in the future; today is {as_of}"
        yield Problem("sent_on", reason, "Record the notice once it was sent", "out_of_range")
    if notice.medium not in tuple(Medium):
        remedy = f"Use one of: {', '.join(Medium)}"
        yield Problem("medium", f"{notice.medium!r} is no durable medium", remedy)
    yield from free_text_problems("proof", notice.proof, LONGEST_PROOF)


def _date_problems(
    history: OwnerHistory, change: OwnerChange, disbursed_on: date, as_of: date
) -> Iterator[Problem]:
    day = change.executed_on
    if day > as_of:
        remedy = "Execute it on that day or later; until then, only check the list"
        reason = f"{day} is in the future; today is {as_of}"
        yield Problem("executed_on", reason, remedy, "out_of_range")
    if day < disbursed_on:
        reason = f"{day} is before the loan was disbursed on {disbursed_on}"
        yield Problem("executed_on", reason, "Check the day and the loan", "out_of_range")
    last = max((each.executed_on for each in history.changes), default=None)
    if last and day <= last:
        reason = f"{day} is not after the loan's last change of owner or servicer, on {last}"
        yield Problem("executed_on", reason, "Use a later day: a change takes effect once a day")


def _party_problems(history: OwnerHistory, change: OwnerChange) -> Iterator[Problem]:
    owner, kind = owners(history)[-1], change.kind
    if kind in (OwnerChangeKind.SALE, OwnerChangeKind.PLACEMENT) and owner.outside:
        reason = f"{change.change_id} is about a loan that {owner.creditor} owns"
        yield Problem("change_id", reason, "Buy the loan back first, or take it off", "conflict")
    if kind in CHANGES_CREDITOR:
        yield from free_text_problems("creditor", change.creditor or "", LONGEST_ID)
        if change.creditor == owner.creditor:
            reason = f"{owner.creditor} owns the loan already"
            yield Problem("creditor", reason, "Name the new creditor", "conflict")
    if kind == OwnerChangeKind.BUY_BACK and change.creditor != _gave_it_away(history):
        reason = f"{change.creditor or 'nobody'} is not who gave the loan away last"
        remedy = "Buy back only what was sold; record anything else as a transfer"
        yield Problem("creditor", reason, remedy, "conflict")
    if kind == OwnerChangeKind.PLACEMENT:
        yield from free_text_problems("servicer", change.servicer or "", LONGEST_ID)
        if change.servicer and change.servicer == owner.servicer:
            reason = f"{owner.servicer} handles the loan already"
            yield Problem("servicer", reason, "Name the new servicer", "conflict")
    if kind == OwnerChangeKind.RECALL and owner.servicer is None:
        yield Problem("kind", "is recall, of a loan that is placed with nobody", "Take it off")


def _gave_it_away(history: OwnerHistory) -> str | None:
    """Return who sold or transferred the loan last, if it has not come back since."""
    changes = [each for each in history.in_order() if each.kind in CHANGES_CREDITOR]
    if not changes or changes[-1].kind == OwnerChangeKind.BUY_BACK:
        return None
    before = creditor_before(history)
    return before.creditor if before else None
