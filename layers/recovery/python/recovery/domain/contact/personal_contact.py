"""How often a person may be called and visited: what people did with their tasks counts.

Caps hold over all loans and tasks. Whoever asked to be called back is called, whatever was before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.domain.cases.tasks import LAPSED, Task, TaskKind, TaskOutcome
from recovery.domain.contact.contact_rules import Counted
from recovery.domain.contact.places import Limits

_CALLS = (TaskKind.CALL, TaskKind.MISSING_DETAILS)
_NOBODY = frozenset(  # nobody was talked to
    (TaskOutcome.NO_ANSWER, TaskOutcome.WRONG_NUMBER, TaskOutcome.MOVED_AWAY)
)
_NO_TALK = frozenset((*_NOBODY, TaskOutcome.VISIT_DONE, TaskOutcome.DONE, LAPSED))
# Any of these may be full: a call may become a conversation.
_NEEDS: dict[str, tuple[Counted, ...]] = {
    TaskKind.CALL: ("calls", "conversations"),
    TaskKind.VISIT: ("visits", "conversations"),
}


@dataclass(frozen=True, slots=True)
class Full:
    """A cap is reached: ``free_on`` is the first day on which one more is within it."""

    counted: Counted
    times: int
    days: int
    free_on: date

    def in_words(self) -> str:
        """Say it to whoever wanted to call or visit."""
        name = self.counted if self.times > 1 else self.counted.removesuffix("s")
        days = "day" if self.days == 1 else f"{self.days} days"
        return f"they had {self.times} {name} in the last {days}"


def cap_reached(task: Task, others: Iterable[Task], limits: Limits, today: date) -> Full | None:
    """Return the cap that one more call or visit for this task would break, None if it breaks none.

    ``others`` are all tasks about the person, this one among them or not.
    """
    wanted = _NEEDS.get(task.kind, ())
    done = list(_contacts(each for each in others if each.task_id != task.task_id))
    done += _contacts([task])
    found = []
    for counted in wanted:
        days_of = sorted(on for what, on in done if what == counted)
        for most, days in limits.caps(counted, today):
            recent = [on for on in days_of if 0 <= (today - on).days < days]
            if len(recent) >= most:
                free_on = (recent[-most] if most else today) + timedelta(days=days)
                found.append(Full(counted, len(recent), days, free_on))
    return max(found, key=lambda each: each.free_on, default=None)


def _contacts(tasks: Iterable[Task]) -> Iterator[tuple[Counted, date]]:
    """Yield each call, visit and conversation, with its day."""
    for task in tasks:
        if task.kind not in (*_CALLS, TaskKind.VISIT):
            continue
        way: Counted = "visits" if task.kind == TaskKind.VISIT else "calls"
        yield from ((way, each.at.date()) for each in task.tries)
        outcome = task.outcome
        if task.ended_on is None or outcome in (*_NOBODY, TaskOutcome.DONE, LAPSED):
            continue
        yield way, task.ended_on
        if outcome not in _NO_TALK:
            yield "conversations", task.ended_on
