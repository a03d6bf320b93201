"""Announce what becomes of a loss: written off, recovered, or neither after all."""

from __future__ import annotations

from dataclasses import replace

from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.write_off import NO_LOSS
from recovery.domain.loan_state import LoanState
from recovery.domain.outbox import DomainEvent, Outbox, TimelineEntry
from recovery.domain.shared.money import Money


def recovered_minor(state: LoanState) -> int:
    """Return what has been recovered of what was written off, in minor units."""
    return (state.facts.loss or NO_LOSS).recovered.total


def with_losses(outbox: Outbox, before: LoanState, now: LoanState, loan: Loan) -> Outbox:
    """Add to a change's outbox how the loan's loss changed, with the events that sum up to it.

    A difference is negative where an earlier one no longer holds, such as after a reversal.
    """
    was, loss = before.facts.loss or NO_LOSS, now.facts.loss or NO_LOSS
    written_off_minor = loss.written_off.total - was.written_off.total
    again_minor = loss.recovered.total - was.recovered.total
    detail: dict[str, object] = {
        "loan_id": loan.loan_id,
        "as_of": outbox.as_of.isoformat(),
        "written_off_minor": loss.written_off.total,
        "recovered_minor": loss.recovered.total,
        "currency": loan.currency,
        "loss_class": (loss if loss.written_off.total else was).loss_class.value,
    }
    events = [
        DomainEvent("LossWrittenOff", {**detail, "difference_minor": written_off_minor}),
        DomainEvent("LossRecovered", {**detail, "difference_minor": again_minor}),
    ]
    events = [each for each in events if each.detail["difference_minor"]]
    if not events:
        return outbox
    written_off, recovered, remaining = (
        str(Money(part.total, loan.currency))
        for part in (loss.written_off, loss.recovered, loss.remaining)
    )
    text = f"{written_off} written off, {recovered} recovered of it, {remaining} remaining"
    entry = TimelineEntry(outbox.as_of, "loss", text, key=f"loss#{outbox.outbox_id}")
    return replace(outbox, timeline=(*outbox.timeline, entry), events=(*outbox.events, *events))
