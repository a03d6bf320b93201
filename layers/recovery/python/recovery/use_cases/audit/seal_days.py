"""Make the root of each day that is over: one hash over the chains that grew, put under lock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from recovery.domain.shared.daily_root import DailyRoot, reached, tag_of
from recovery.ports.needs import HasChain, HasRoots
from recovery.ports.shared import StaleWriteError

_DAY = timedelta(days=1)
_FIRST_LOOKS_BACK = 7  # days before the first root that may have chains


class SealingPorts(HasChain, HasRoots, Protocol):
    """The chains, and where roots are kept."""


def seal_days(institution_id: str, now: datetime, ports: SealingPorts) -> list[date]:
    """Make the roots of all days (UTC) since the last one, until yesterday; return these days.

    Idempotent: interrupted, it goes on where it stopped, and what is under lock counts. A day on
    which no chain grew has none, so that a quiet institution costs nothing.
    """
    yesterday = now.astimezone(UTC).date() - _DAY
    last = ports.chain.last_seal()
    day = last[0] + _DAY if last else yesterday - _FIRST_LOOKS_BACK * _DAY
    previous, sealed = last[1] if last else "", list[date]()
    while day <= yesterday:
        root = ports.roots.get(day) or _root_of(institution_id, day, previous, ports)
        if root:
            ports.roots.put(root)
            try:
                ports.chain.add_seal(day, root.seal, root.root)
            except StaleWriteError:
                return sealed  # another does the same work
            previous = root.seal
            sealed.append(day)
        day += _DAY
    return sealed


def _root_of(
    institution_id: str, day: date, previous: str, ports: SealingPorts
) -> DailyRoot | None:
    chains = {}
    for loan_id, head in ports.chain.grown_on(day):
        tag = tag_of(institution_id, loan_id)
        chains[tag] = reached(tag, head)
    if not chains:
        return None
    return DailyRoot(institution_id=institution_id, day=day, previous=previous, chains=chains)
