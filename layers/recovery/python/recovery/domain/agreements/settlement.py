"""A settlement: the rest of the debt is let go once the settled sum is in, and not before.

What is let go are waivers, facts like any other. They follow from the ledger: should money that
completed the settlement be taken back, they are undone, and the debt stands less what was paid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from recovery.domain.accounting.agreed import Agreement, PlanState
from recovery.domain.accounting.fact import FactRecord, Recorded, Undo
from recovery.domain.accounting.history import ComponentName, Waiver
from recovery.domain.accounting.loan import Components
from recovery.domain.agreements.payment_plan import PlanStatus, plans_of, status_at

_LONGEST_ID = 64
_LET_GO = ".let-go."
_COMPONENTS: tuple[ComponentName, ...] = ("penalty", "fee", "interest", "principal")


@dataclass(frozen=True, slots=True)
class LetGo:
    """A waiver, or the undoing of one, that a settlement brings; ``agreement_id`` is whose."""

    fact_id: str
    fact: Waiver | Undo
    agreement_id: str


def is_settled(plans: Iterable[PlanState], as_of: date) -> bool:
    """Whether the sum that ends the debt for less is in."""
    return any(each.settles and status_at(each, as_of) is PlanStatus.COMPLETED for each in plans)


def to_let_go(
    recorded: Recorded, unpaid_on: Callable[[date], Components], today: date
) -> Iterator[LetGo]:
    """Yield what has to go on record so that the waivers are those of the completed settlements.

    ``unpaid_on`` is what all instalments still owe at the end of a day.
    """
    if not any(_settlements(recorded)):
        return
    known = dict(_waivers(recorded))
    completed = dict(_completed(recorded))
    for fact_id, agreement_id in known.items():
        if agreement_id not in completed:
            yield LetGo(_new_id(f"undo-{fact_id}", recorded), Undo(fact_id, today), agreement_id)
    for agreement_id, on in completed.items():
        unpaid = unpaid_on(on)
        for component in _COMPONENTS:
            if getattr(unpaid, component) > 0:
                fact_id = _new_id(f"{_stem(agreement_id)}{component}", recorded)
                yield LetGo(fact_id, Waiver(on, component), agreement_id)


def let_go_by(recorded: Recorded, fact_id: str) -> str | None:
    """Return the agreement that let go what this waiver says; None if none did."""
    return dict(_waivers(recorded)).get(fact_id)


def _completed(recorded: Recorded) -> Iterator[tuple[str, date]]:
    """Yield each settlement whose sum is in, and since when."""
    for plan in plans_of(recorded):
        last = plan.turns[-1]
        if plan.settles and last.status == PlanStatus.COMPLETED:
            yield plan.agreement_id, last.on


def _waivers(recorded: Recorded) -> Iterator[tuple[str, str]]:
    """Yield the waivers that count and came of a settlement, each with its agreement."""
    stems = {_stem(record.fact_id): record.fact_id for record in _settlements(recorded)}
    for each in recorded.counting():
        stem, mark, _ = each.fact_id.partition(_LET_GO)
        if mark and isinstance(each.fact, Waiver) and stem + mark in stems:
            yield each.fact_id, stems[stem + mark]


def _settlements(recorded: Recorded) -> Iterator[FactRecord]:
    """Yield the settlements on record, undone ones too: what they let go has to come back."""
    for each in recorded.facts:
        if isinstance(each.fact, Agreement) and each.fact.settles:
            yield each


def _stem(agreement_id: str) -> str:
    return f"{agreement_id[:40]}{_LET_GO}"


def _new_id(wanted: str, recorded: Recorded) -> str:
    """Return the id, with a number if the loan has a fact with it: undone ones keep theirs."""
    taken = {each.fact_id for each in recorded.facts}
    number, fact_id = 1, wanted[:_LONGEST_ID]
    while fact_id in taken:
        number += 1
        fact_id = f"{wanted[: _LONGEST_ID - 4]}-{number}"
    return fact_id
