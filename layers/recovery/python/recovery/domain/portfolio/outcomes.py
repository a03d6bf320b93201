"""What became of the people in an experiment, counted by arm, and whether an arm harms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import log

from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.position import Position
from recovery.domain.portfolio.experiments import BAD, Experiment, OutcomeOf, Subject
from recovery.domain.portfolio.sequential import Interval, Share, difference, evidence, share

WATCHED = (OutcomeOf.COMPLAINT, OutcomeOf.OPT_OUT)
WATCHED_ALPHA = 0.01  # each, besides the outcome's own
_DEFAULT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Counts:
    """One arm: people who came in, who were looked at, and how many of them had each outcome."""

    enrolled: int = 0
    looked: int = 0
    hits: Mapping[str, int] = field(default_factory=dict)

    def share(self, outcome: OutcomeOf) -> Share:
        return Share(self.hits.get(outcome.value, 0), self.looked)


@dataclass(frozen=True, slots=True)
class Seen:
    """One person's outcomes; ``hits`` are those that happened."""

    hits: frozenset[OutcomeOf]


@dataclass(frozen=True, slots=True)
class Comparison:
    """An arm against the first one: the difference of their shares, with its interval.

    ``harms`` says why the arm has to stop, None if nothing says so.
    """

    arm: str
    outcome: OutcomeOf
    seen: float
    interval: Interval
    harms: str | None

    @property
    def shows_nothing(self) -> bool:
        """Whether no difference at all is among what the data allow."""
        return self.interval.has(0.0)


def seen_of(
    subject: Subject,
    outcome: OutcomeOf,
    loan: Loan,
    position: Position,
    days_past_due: int,
    *,
    complained: bool,
    opted_out: bool,
) -> Seen:
    """Return what became of the person by the day of the look."""
    hits = {OutcomeOf.COMPLAINT: complained, OutcomeOf.OPT_OUT: opted_out}
    if outcome is OutcomeOf.ON_TIME:
        hits[outcome] = _paid_on_time(subject.due_date, loan, position)
    if outcome is OutcomeOf.CURE:
        hits[outcome] = days_past_due == 0
    if outcome is OutcomeOf.RE_DEFAULT:
        hits[outcome] = days_past_due > _DEFAULT_DAYS or _was_late(subject, loan, position)
    return Seen(frozenset(each for each, is_hit in hits.items() if is_hit))


def _paid_on_time(due_date: date | None, loan: Loan, position: Position) -> bool:
    """Whether what was due by that day was paid by it; an instalment that went is no delay."""
    return all(
        (paid_on is not None and paid_on <= each.due_date) or (paid == each.due and paid_on is None)
        for each, paid, paid_on in zip(
            loan.schedule, position.paid, position.paid_off_on, strict=True
        )
        if each.due_date == due_date
    )


def _was_late(subject: Subject, loan: Loan, position: Position) -> bool:
    """Whether an instalment that was due since was paid over thirty days late."""
    return any(
        paid_on is not None
        and subject.on <= each.due_date
        and paid_on - each.due_date > timedelta(days=_DEFAULT_DAYS)
        for each, paid_on in zip(loan.schedule, position.paid_off_on, strict=True)
    )


def compare(experiment: Experiment, counts: Mapping[str, Counts]) -> tuple[Comparison, ...]:
    """Compare each arm with the first, by the outcome declared and by what is watched."""
    first, *others = (each.name for each in experiment.arms)
    base = counts.get(first, Counts())
    found = []
    for arm in others:
        its = counts.get(arm, Counts())
        for outcome in dict.fromkeys((experiment.outcome, *WATCHED)):
            alpha = _alpha(experiment, outcome, len(others))
            one, other = its.share(outcome), base.share(outcome)
            interval = difference(one, other, alpha)
            harms = _harm(arm, outcome, one, other, alpha)
            found.append(Comparison(arm, outcome, one.value - other.value, interval, harms))
    return tuple(found)


def harm_of(experiment: Experiment, counts: Mapping[str, Counts]) -> str | None:
    """Return why the experiment has to stop; None while no arm is surely worse than the first."""
    first, *others = (each.name for each in experiment.arms)
    base = counts.get(first, Counts())
    for arm in others:
        its = counts.get(arm, Counts())
        for outcome in dict.fromkeys((experiment.outcome, *WATCHED)):
            alpha = _alpha(experiment, outcome, len(others))
            if why := _harm(arm, outcome, its.share(outcome), base.share(outcome), alpha):
                return why
    return None


def arm_interval(counts: Counts, outcome: OutcomeOf, experiment: Experiment) -> Interval:
    """Return what an arm's own true share is between."""
    return share(counts.share(outcome), experiment.alpha_percent / 100)


def together(counts: Iterable[Counts]) -> Counts:
    """Return all arms as one."""
    known = list(counts)
    hits = {each.value: sum(one.hits.get(each.value, 0) for one in known) for each in OutcomeOf}
    return Counts(sum(e.enrolled for e in known), sum(e.looked for e in known), hits)


def _alpha(experiment: Experiment, outcome: OutcomeOf, arms: int) -> float:
    """Return the chance of a mistake that a comparison may take: the arms share theirs."""
    whole = experiment.alpha_percent / 100 if outcome is experiment.outcome else WATCHED_ALPHA
    return whole / arms


def _harm(arm: str, outcome: OutcomeOf, one: Share, other: Share, alpha: float) -> str | None:
    is_worse = one.value > other.value if outcome in BAD else one.value < other.value
    if not one.of or not other.of or not is_worse or evidence(one, other) < log(1 / alpha):
        return None
    what = outcome.value.replace("_", " ")
    return f"{arm} harms: {what} {one.hits} of {one.of}, against {other.hits} of {other.of}"
