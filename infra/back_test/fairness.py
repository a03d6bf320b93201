"""Whom a warning bothers in vain, by group; and who would have paid late without being bothered.

The warning sees payments and answers alone, no fact about who somebody is or where they live. It
may still be wrong more often about some than about others: of those who then paid on time, how many
had been warned, by language and by place, as far as the files know them. Sex, age, religion and
origin are in no file that is read, so they are not looked at, and cannot be. A difference of one
place alone is a reason to look closer, never a reason to give the place points.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from infra.back_test.picture import wilson
from infra.back_test.walk import Scored
from recovery.domain.monitoring.early_warning import SelfCure
from recovery.domain.monitoring.segments import Segment
from recovery.domain.portfolio.back_test import Trial

FEW = 30  # below so many nothing is said of a group
CURE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``of``, with the 95% interval (Wilson)."""

    count: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.count / self.of


def false_alarms(scored: Iterable[Scored], from_percent: int) -> Mapping[str, Mapping[str, Share]]:
    """Return, by kind of group and group, how many of those who paid on time had been warned.

    An instalment that was paid already is no false alarm: nobody would have been warned.
    """
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for each in scored:
        if each.trial.was_late or each.trial.is_paid:
            continue
        is_warned = each.chance_permille >= 10 * from_percent
        for kind, name in (*each.trial.groups.items(), ("all", "all")):
            counts[kind][name][0] += is_warned
            counts[kind][name][1] += 1
    shares = {
        kind: {name: _share(k, n) for name, (k, n) in sorted(of.items()) if n >= FEW}
        for kind, of in counts.items()
    }
    return {kind: of for kind, of in shares.items() if len(of) > 1 or kind == "all"}


def self_cures(trials: Iterable[Trial]) -> Mapping[Segment, Share]:
    """Return by segment how many of the late instalments came within a week of the due date.

    The files do not say who was reminded meanwhile, so it is the most that came by themselves.
    """
    late: dict[Segment, list[int]] = defaultdict(lambda: [0, 0])
    for each in trials:
        if each.was_late:
            late[each.segment][0] += each.late_days <= CURE_DAYS
            late[each.segment][1] += 1
    return {each: _share(*late[each]) for each in Segment if late[each][1] >= FEW}


def as_weights(cures: Mapping[Segment, Share]) -> Sequence[SelfCure]:
    """Return what the policy's weights take: the low end of each interval, to leave few in need."""
    return tuple(
        SelfCure(segment=segment, percent=int(100 * share.low)) for segment, share in cures.items()
    )


def _share(count: int, of: int) -> Share:
    low, high = wilson(count / of, of)
    return Share(count, of, low, high)
