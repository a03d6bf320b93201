"""Look for shocks while the report of the day reads every loan; let people weigh a relief."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from shlex import quote
from threading import Lock
from typing import Protocol

from recovery.domain.cases.tasks import Task, TaskKind
from recovery.domain.outbox import DomainEvent
from recovery.domain.portfolio.shock import Shock, Tally, count_loan, find_shocks
from recovery.domain.shared.actor import Role
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import HasTasks, HasTimeline, LoansAndInstitutions
from recovery.use_cases.cases.route_tasks import TaskPorts, open_tasks
from recovery.use_cases.portfolio.read_report import Read, read_report
from recovery.use_cases.shared.rules import Rules

_ONE_SHOCK_DAYS = 56  # what is found again within eight weeks is the same shock
_TIME_TO_WEIGH = timedelta(days=3)


class ShockPorts(LoansAndInstitutions, TaskPorts, HasTasks, HasTimeline, Protocol):
    """Loans, their rules, and where tasks and events go."""


@dataclass(frozen=True, slots=True)
class Looked:
    """The shocks, which of them are new, and the report that was read meanwhile."""

    shocks: tuple[Shock, ...]
    new: tuple[Shock, ...]
    read: Read


def detect_shocks(
    institution_id: str,
    now: datetime,
    ports: ShockPorts,
    *,
    shards: int,
    seen: Callable[[int], None] = lambda loans: None,
) -> Looked:
    """Find shocks at the business date; raise an event and a task for each new one.

    A repeat within eight weeks raises nothing again.
    """
    tally, lock = Tally(), Lock()

    def look(stored: StoredLoan, rules: Rules) -> None:
        loan, state, policy = stored.loan, stored.state, rules.policy.monitoring.shocks
        with lock:
            count_loan(tally, loan, state.position, state.restraints, policy, rules.as_of)

    read = read_report(institution_id, None, now, ports, shards=shards, seen=seen, look=look)
    as_of = read.report.as_of
    policy = ports.institutions.policy(institution_id, as_of)
    shocks = find_shocks(tally, policy.monitoring.shocks)
    new = tuple(each for each in shocks if _raise(each, as_of, policy.version, ports))
    return Looked(shocks, new, read)


def in_words(shock: Shock) -> str:
    """Say what is unusual, such as "place Riverside: lateness of 12 of 30, where 8% is usual"."""
    usual = f"{shock.usual_permille // 10}.{shock.usual_permille % 10}%"
    return (
        f"{shock.group.kind} {shock.group.name}: {shock.measure} of {shock.troubled}"
        f" of {shock.people} people, where {usual} is usual"
    )


def _raise(shock: Shock, as_of: date, version: int, ports: ShockPorts) -> bool:
    """Open the task and announce the shock; return whether it is new."""
    task = shock_task(shock, as_of)
    earlier = shock_task(shock, as_of - timedelta(days=_ONE_SHOCK_DAYS))
    known = [ports.tasks.find(each.task_id) for each in (task, earlier)]
    since = as_of - timedelta(days=_ONE_SHOCK_DAYS)
    if any(each and each.opened_on > since for each in known):
        return False
    open_tasks([task], ports)
    ports.bus.publish([_event(shock, as_of, version)])
    return True


def shock_task(shock: Shock, as_of: date) -> Task:
    """Return the task to weigh a collective relief; its id is the same for eight weeks."""
    group = f"{shock.group.kind}.{shock.group.name}.{shock.measure}"
    why = f"{in_words(shock)}: weigh a collective relief, first with `{_dry_run(shock)}`"
    mark = hashlib.sha256(group.encode()).hexdigest()[:12]
    return Task(
        task_id=f"shock.{mark}.{as_of.toordinal() // _ONE_SHOCK_DAYS}",
        kind=TaskKind.SHOCK,
        person_id=shock.person_id,
        role=Role.SUPERVISOR,
        reason=why[:300],
        opened_on=as_of,
        do_by=as_of + _TIME_TO_WEIGH,
    )


def _dry_run(shock: Shock) -> str:
    return f"recovery relief apply --dry-run --{shock.group.kind} {quote(shock.group.name)}"


def _event(shock: Shock, as_of: date, version: int) -> DomainEvent:
    return DomainEvent(
        "ShockDetected",
        {
            "as_of": as_of.isoformat(),
            "group": shock.group.kind,
            "of": shock.group.name,
            "measure": shock.measure.value,
            "people": shock.people,
            "troubled": shock.troubled,
            "usual_permille": shock.usual_permille,
            "policy_version": version,
        },
    )
