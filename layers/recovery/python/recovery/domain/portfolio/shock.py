"""A shock: many people of one place, sector, employer or portfolio in trouble at once.

Each group is compared with its own history: of those who had something due in the last weeks, how
many are late; of those who owe, how many told of a hardship. The chance of so many or more is that
of a beta-binomial distribution. Its mean is the group's own rate, drawn a little towards that of
all; its spread grows where the history is short and where past weeks differed more than chance, as
they do when people share a fate. A group warns if that chance, over all groups and both measures
looked at together (Bonferroni), is less than the false alarms that the policy allows a week.

One person counts once in a week however many instalments they owe: otherwise one family with three
weekly loans would look like a flood.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from math import exp, lgamma

from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.position import Position
from recovery.domain.agreements.restraints import Kind, Restraint
from recovery.domain.monitoring.shock_policy import ShockPolicy

_GROUPS = ("place", "sector", "employer")
_DRAWN_TO_ALL = 20  # people: so much weight has the rate of all against a group's own
_WEEKS_A_YEAR = 52
_LEAST_RATE = 0.002


class Measure(StrEnum):
    """What rises."""

    LATENESS = "lateness"
    HARDSHIP = "hardship"


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """``kind`` is place, sector, employer or portfolio."""

    kind: str
    name: str


@dataclass(slots=True)
class Tally:
    """Who had something due, or owed, in each week back from the day of the look, and who was in
    trouble; week 0 is the last."""

    asked: dict[tuple[Group, Measure, int], set[str]] = field(
        default_factory=lambda: defaultdict(set)
    )
    troubled: dict[tuple[Group, Measure, int], set[str]] = field(
        default_factory=lambda: defaultdict(set)
    )

    def add(self, other: Tally) -> None:
        """Take up what another part of the portfolio counted."""
        for mine, theirs in ((self.asked, other.asked), (self.troubled, other.troubled)):
            for key, people in theirs.items():
                mine[key] |= people


@dataclass(frozen=True, slots=True)
class Shock:
    """``troubled`` of ``people`` in the window, where ``usual_permille`` would be usual; by chance
    so many come with ``chance``. ``person_id`` is one of those in trouble."""

    group: Group
    measure: Measure
    people: int
    troubled: int
    usual_permille: int
    chance: float
    person_id: str


def groups_of(loan: Loan) -> tuple[Group, ...]:
    """Return the groups whose fate the loan may share, as far as they are known."""
    known = [(kind, getattr(loan.profile, kind)) for kind in _GROUPS]
    named = [Group(kind, name) for kind, name in known if name]
    return (*named, Group("portfolio", loan.portfolio))


def count_loan(
    tally: Tally,
    loan: Loan,
    position: Position,
    restraints: Iterable[Restraint],
    policy: ShockPolicy,
    as_of: date,
) -> None:
    """Add what one loan tells. Lateness looks back from the last day whose outcome is known."""
    groups, person = groups_of(loan), loan.borrower_id
    most = policy.window_weeks + policy.history_weeks

    def note(measure: Measure, week: int, *, troubled: bool) -> None:
        for group in groups if 0 <= week < most else ():
            tally.asked[group, measure, week].add(person)
            if troubled:
                tally.troubled[group, measure, week].add(person)

    for instalment, paid_off_on in zip(loan.schedule, position.paid_off_on, strict=True):
        days_known = (as_of - instalment.due_date).days - policy.late_after_days
        if days_known < 0:
            break
        end = paid_off_on or date.max
        late = (end - instalment.due_date).days >= policy.late_after_days
        note(Measure.LATENESS, days_known // 7, troubled=late)
    owes = loan.schedule and any(each is None for each in position.paid_off_on)
    lasted = (as_of - loan.disbursed_on).days // 7
    told = {
        (as_of - each.from_on).days // 7
        for each in restraints
        if each.kind == Kind.HARDSHIP and each.from_on <= as_of
    }
    for week in range(min(lasted + 1, most) if owes or told else 0):
        note(Measure.HARDSHIP, week, troubled=week in told)


def window_start(measure: Measure, policy: ShockPolicy, as_of: date) -> date:
    """Return the first day of the window: the first due date that counts as late in it, or the
    first day on which a hardship was told."""
    unknown = policy.late_after_days if measure is Measure.LATENESS else 0
    return as_of - timedelta(days=unknown + 7 * policy.window_weeks - 1)


def find_shocks(tally: Tally, policy: ShockPolicy) -> tuple[Shock, ...]:
    """Return the groups whose rise neither chance nor another shock explains, the least likely
    first."""
    looked_at = [
        (group, measure, *_counts(tally, group, measure, policy))
        for group, measure in sorted({(each[0], each[1]) for each in tally.asked})
    ]
    looked_at = [each for each in looked_at if _says_something(each[2], each[3], policy)]
    if not looked_at:
        return ()
    allowed = policy.false_alarms_per_year / _WEEKS_A_YEAR / len(looked_at)
    overall = {measure: _overall(looked_at, measure) for measure in Measure}
    found: list[Shock] = []
    told: dict[Measure, set[str]] = {measure: set() for measure in Measure}
    while left := [
        each
        for each in looked_at
        if (each[0], each[1]) not in {(shock.group, shock.measure) for shock in found}
    ]:
        shocks = [_shock(tally, each, overall[each[1]], told[each[1]], policy) for each in left]
        least = min(
            (each for each in shocks if each and each.chance < allowed),
            key=lambda each: (each.chance, each.group, each.measure),
            default=None,
        )
        if least is None:
            break
        found.append(least)
        told[least.measure] |= _of_window(tally.asked, least.group, least.measure, policy)
    return tuple(found)


def _shock(
    tally: Tally, looked: _Looked, overall: float, told: set[str], policy: ShockPolicy
) -> Shock | None:
    """Weigh one group without the people of whom a less likely shock tells already: a flood in one
    place is no rise of the whole portfolio."""
    group, measure, _, before = looked
    asked = _of_window(tally.asked, group, measure, policy) - told
    troubled = _of_window(tally.troubled, group, measure, policy) - told
    if len(asked) < policy.least_people or not troubled:
        return None
    rate, precision = _expected(before, overall)
    chance = tail(len(troubled), len(asked), rate, precision)
    usual = round(1000 * rate)
    return Shock(group, measure, len(asked), len(troubled), usual, chance, min(troubled))


def _of_window(
    weeks: dict[tuple[Group, Measure, int], set[str]],
    group: Group,
    measure: Measure,
    policy: ShockPolicy,
    first: int = 0,
) -> set[str]:
    """Return the people of the window that begins so many weeks back."""
    numbers = range(first, first + policy.window_weeks)
    return set[str]().union(*(weeks.get((group, measure, each), ()) for each in numbers))


_Window = tuple[int, int]  # people asked, people in trouble
_Looked = tuple[Group, Measure, _Window, list[_Window]]


def _counts(
    tally: Tally, group: Group, measure: Measure, policy: ShockPolicy
) -> tuple[_Window, list[_Window]]:
    """Return the window's counts, and those of the windows before it."""

    def window(first: int) -> _Window:
        asked = _of_window(tally.asked, group, measure, policy, first)
        return len(asked), len(_of_window(tally.troubled, group, measure, policy, first))

    starts = range(
        policy.window_weeks, policy.window_weeks + policy.history_weeks, policy.window_weeks
    )
    return window(0), [each for start in starts if (each := window(start))[0]]


def _says_something(now: _Window, before: list[_Window], policy: ShockPolicy) -> bool:
    history = sum(asked for asked, _ in before)
    return now[0] >= policy.least_people and history >= policy.least_history and len(before) > 2


def _overall(looked_at: Iterable[_Looked], measure: Measure) -> float:
    rows = [row for _, of, _, before in looked_at if of is measure for row in before]
    asked = sum(each for each, _ in rows)
    return (sum(each for _, each in rows) + 0.5) / (asked + 1)


def _expected(before: list[_Window], overall: float) -> tuple[float, float]:
    """Return the rate to expect and the precision of the beta distribution around it."""
    asked, troubled = sum(each for each, _ in before), sum(each for _, each in before)
    rate = (troubled + _DRAWN_TO_ALL * overall) / (asked + _DRAWN_TO_ALL)
    rate = min(1 - _LEAST_RATE, max(_LEAST_RATE, rate))
    variance = rate * (1 - rate)
    apart = sum((k - n * rate) ** 2 / (n * variance) for n, k in before)
    inflation = apart / (len(before) - 1)  # 1 where past windows differ by chance alone
    mean = asked / len(before)
    spread = 0.0
    if inflation > 1 and mean > 1:
        spread = min(1.0, (inflation - 1) / (mean - 1))
    return rate, 1 / (1 / (asked + _DRAWN_TO_ALL) + spread)


def tail(least: int, people: int, rate: float, precision: float) -> float:
    """Return the chance of ``least`` or more of ``people``, beta-binomial."""
    a, b = rate * precision, (1 - rate) * precision

    def chance(k: int) -> float:
        ways = lgamma(people + 1) - lgamma(k + 1) - lgamma(people - k + 1)
        beta = lgamma(k + a) + lgamma(people - k + b) - lgamma(people + precision)
        return exp(ways + beta - lgamma(a) - lgamma(b) + lgamma(precision))

    return min(1.0, sum(chance(k) for k in range(least, people + 1)))
