"""Payment patterns that warn of trouble before anything is overdue."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from recovery.domain.accounting.loan import Instalment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.accounting.position import Position
from recovery.domain.monitoring.early_warning import cures_alone, early_warning
from recovery.domain.monitoring.pattern import (
    NO_CONTACTS,
    Behaviour,
    Contacts,
    OwnPayment,
    Pattern,
    PatternKind,
)
from recovery.domain.monitoring.patterns import patterns_of
from recovery.domain.monitoring.payment_lines import PaymentLine, payment_lines
from recovery.domain.monitoring.policy import MonitoringPolicy
from recovery.domain.monitoring.segments import Segment, Segmented, segment_of
from recovery.domain.monitoring.treatment import Act, treatment_for
from recovery.domain.shared.in_words import days_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a review knows of a borrower's behaviour beside the schedule and the position.

    ``paid_by_others`` are the numbers of the instalments that third parties paid off; ``rolled``,
    ``promises``, ``payments`` and ``contacts`` as in Behaviour. ``late_elsewhere`` are the oldest
    unpaid due dates of the person's other loans that are overdue.
    """

    paid_by_others: Collection[int] = ()
    rolled: int = 0
    promises: tuple[int, int] = (0, 0)
    payments: tuple[OwnPayment, ...] = ()
    contacts: Contacts = NO_CONTACTS
    late_elsewhere: tuple[date, ...] = ()

    @property
    def is_calm(self) -> bool:
        """Whether nothing of it can be a sign of trouble."""
        return (
            not (self.rolled or self.promises[1] or self.late_elsewhere)
            and self.contacts == NO_CONTACTS
        )


NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True)
class RiskSignal:
    """A named pattern with its evidence as text."""

    name: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A warning that the instalment due on ``due_date`` may come late, given from ``on`` until
    then, with what is done about it.

    ``because`` are the patterns that weigh most. ``later_days``: by how many days the due date
    would have to move to meet how the person pays; 0 if that is not known.
    """

    on: date
    due_date: date
    signals: tuple[RiskSignal, ...]
    because: tuple[Pattern, ...] = ()
    acts: tuple[Act, ...] = ("call",)
    segment: Segment = Segment.FORGETFUL
    later_days: int = 0


def risk_signals(
    schedule: tuple[Instalment, ...],
    position: Position,
    policy: MonitoringPolicy,
    allocation: AllocationPolicy,
    as_of: date,
    known: Known = NOTHING_KNOWN,
    warning: Warned | None = None,
) -> tuple[RiskSignal, ...]:
    """Find late or incomplete payments among the last instalments due, oldest first; then what the
    early warning rests on, once it is time for it.

    Anything within the tolerance is complete; partial payment of an instalment due today is not a
    signal where prepayments reduce every instalment.
    """
    risk = policy.risk
    warns = warning.signals if warning and warning.on <= as_of else ()
    if not risk.last_instalments:
        return warns
    lines = payment_lines(
        schedule,
        position,
        policy.tolerance,
        paid_by_others=known.paid_by_others,
        until=as_of,
        last=None if known.paid_by_others else risk.last_instalments,
    )
    due = [each for each in lines if not (each.by_others and each.days_late(as_of) <= 0)]
    signals = []
    for line in due[-risk.last_instalments :]:
        where = f"instalment {line.number}, due {line.due_date}"
        if line.paid_off_on is not None:
            days_late = line.days_late(as_of)
            if days_late >= risk.late_from_days:
                evidence = f"{where}, was paid {days_in_words(days_late)} late"
                signals.append(RiskSignal("late payment", evidence))
            continue
        spread = allocation.prepayment == "reduce_instalment" and line.due_date == as_of
        if line.paid_minor and not line.is_complete and not spread:
            signals.append(RiskSignal("incomplete payment", f"{where}, was paid in part"))
    return (*signals, *warns)


def warned(
    schedule: tuple[Instalment, ...],
    position: Position,
    policy: MonitoringPolicy,
    as_of: date,
    known: Known = NOTHING_KNOWN,
) -> Warned | None:
    """Return the warning before the next unpaid due date, which may be one for a later day; None if
    nothing is done about it, if there is no pattern to name, or if an instalment is overdue.

    Patterns are taken as they are on the day of the warning, whichever day it is today: until the
    due date, time alone changes nothing.
    """
    if not any(each.acts for each in policy.warning.treatments):
        return None
    if known.is_calm and _was_never_late(schedule, position):
        return None  # most loans, at no cost: nothing could weigh
    behaviour = behaviour_at(schedule, position, policy, as_of, known)
    coming = _coming(behaviour.lines, as_of)
    if coming is None:
        return None
    on = coming.due_date - timedelta(days=policy.warning.days_before)
    behaviour = replace(behaviour, as_of=on)
    found = patterns_of(behaviour, policy.patterns)
    warning = early_warning(found, policy.warning, on)
    segment = segment_of(behaviour, found).segment
    treatments = policy.warning.treatments
    acts = treatment_for(treatments, warning.band, segment, warning.because)
    if not (acts and warning.because) or cures_alone(policy.warning, segment, on):
        return None
    by_kind = {each.kind: each for each in found}
    because = tuple(by_kind[kind] for kind in warning.because)
    return Warned(
        on=on,
        due_date=coming.due_date,
        signals=tuple(
            RiskSignal(each.kind.replace("_", " "), _said(each, coming.due_date))
            for each in because
        ),
        because=because,
        acts=acts,
        segment=segment,
        later_days=_later_days(behaviour),
    )


def segment_now(
    schedule: tuple[Instalment, ...],
    position: Position,
    policy: MonitoringPolicy,
    as_of: date,
    known: Known = NOTHING_KNOWN,
) -> Segmented | None:
    """Return the borrower's segment by this loan at ``as_of``; None for the two that need nothing,
    new and punctual."""
    if known.is_calm and _was_never_late(schedule, position, as_of):
        return None
    behaviour = behaviour_at(schedule, position, policy, as_of, known)
    found = segment_of(behaviour, patterns_of(behaviour, policy.patterns))
    return None if found.segment in (Segment.NEW, Segment.PUNCTUAL) else found


def behaviour_at(
    schedule: tuple[Instalment, ...],
    position: Position,
    policy: MonitoringPolicy,
    as_of: date,
    known: Known,
) -> Behaviour:
    """Return what patterns are found in: the payments, and what is known beside them."""
    elsewhere = tuple(
        PaymentLine(
            due_date=due_date,
            number=0,
            due_minor=1,
            paid_minor=0,
            paid_off_on=None,
            is_complete=False,
            loan_id=f"other {place}",
        )
        for place, due_date in enumerate(known.late_elsewhere, start=1)
    )
    return Behaviour(
        as_of=as_of,
        lines=payment_lines(
            schedule, position, policy.tolerance, paid_by_others=known.paid_by_others
        ),
        elsewhere=elsewhere,
        payments=known.payments,
        promises=known.promises,
        contacts=known.contacts,
        rolled=known.rolled,
    )


def _was_never_late(
    schedule: tuple[Instalment, ...], position: Position, as_of: date = date.min
) -> bool:
    """Whether no instalment was paid late or in part, nor is unpaid after its day at ``as_of``:
    then the patterns that warn have nothing to rest on."""
    rows = zip(schedule, position.paid, position.paid_off_on, strict=True)
    for instalment, paid, paid_off_on in rows:
        if paid_off_on is None:
            if any(paid) or instalment.due_date < as_of:
                return False
        elif paid_off_on > instalment.due_date:
            return False
    return True


def _coming(lines: tuple[PaymentLine, ...], as_of: date) -> PaymentLine | None:
    """Return the first instalment that is not complete; None if it is overdue, or all are."""
    open_line = next((each for each in lines if not each.is_complete), None)
    return open_line if open_line and open_line.due_date >= as_of else None


def _later_days(behaviour: Behaviour) -> int:
    """Return the median of the days late of this loan's last instalments, at most three."""
    due = [each for each in behaviour.due() if each.number]
    days = sorted(each.days_late(behaviour.as_of) for each in due[-3:])
    return max(0, days[len(days) // 2]) if days else 0


def _said(pattern: Pattern, due_date: date) -> str:
    numbers = ", ".join(str(each.number) for each in pattern.evidence if each.number)
    shown = f"instalments {numbers}; " if numbers else ""
    if pattern.kind is PatternKind.SEVERAL_LOANS_ONE_STRAIN:
        return f"{pattern.count} loans are overdue, before the due date {due_date}"
    return f"{shown}{pattern.count} of {pattern.looked_at}, before the due date {due_date}"
