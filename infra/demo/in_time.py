"""How many cases opened before anything was overdue, of those that could be seen coming."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from recovery.adapters.dynamodb import codec, keys
from recovery.domain.cases.record import Step
from recovery.domain.cases.stage import Outcome, Stage
from recovery.ports.accounting import StoredLoan

_CALM = frozenset((Stage.PREVENTION, Outcome.CURED, Outcome.PAID_OFF))


@dataclass(frozen=True, slots=True)
class InTime:
    """Cases by how they opened.

    ``overdue_at_import`` are of loans that came overdue, and ``no_sign`` of people who had never
    paid late or in part before: nobody could see those coming, and the share leaves them out.
    ``before_overdue`` opened before anything was overdue, ``by_warning`` of them by an early
    warning; ``without_a_late_day`` of them were cured or paid off and never overdue. ``too_late``
    opened on an overdue day, though payments had shown a sign before.
    """

    overdue_at_import: int = 0
    new: int = 0
    no_sign: int = 0
    before_overdue: int = 0
    by_warning: int = 0
    without_a_late_day: int = 0
    too_late: int = 0

    @property
    def avoidable(self) -> int:
        """How many could be seen coming."""
        return self.before_overdue + self.too_late


def in_time(cases: Iterable[Mapping[str, Any]], start: date, ports: Any) -> InTime:
    """Count the cases in these items; the demo plays from ``start`` on."""
    known = [
        (keys.parts(each["pk"])[1], each.get("outcome"), codec.path_from_json(each["path"]))
        for each in cases
    ]
    told = [(loan_id, outcome, path) for loan_id, outcome, path in known if path]
    new = [each for each in told if each[2][0].on >= start]
    early = [(outcome, path) for _, outcome, path in new if _is_early(path[0])]
    late = [(loan_id, path[0].on) for loan_id, _, path in new if not _is_early(path[0])]
    without = sum(not had_sign(ports.loans.load(loan_id), on) for loan_id, on in late)
    return InTime(
        overdue_at_import=sum(path[0].on < start and not _is_early(path[0]) for *_, path in told),
        new=len(new),
        no_sign=without,
        before_overdue=len(early),
        by_warning=sum("before the due date" in path[0].reason for _, path in early),
        without_a_late_day=sum(bool(outcome) and _is_calm(path) for outcome, path in early),
        too_late=len(late) - without,
    )


def had_sign(stored: StoredLoan, opened_on: date) -> bool:
    """Whether an instalment was paid late before the one that is overdue when the case opened."""
    rows = zip(stored.loan.schedule, stored.state.position.paid_off_on, strict=True)
    return any(
        paid_on is not None and each.due_date < paid_on < opened_on for each, paid_on in rows
    )


def _is_early(step: Step) -> bool:
    return step.stage == Stage.PREVENTION and "past due" not in step.reason


def _is_calm(path: Sequence[Step]) -> bool:
    return all(step.stage in _CALM for step in path)
