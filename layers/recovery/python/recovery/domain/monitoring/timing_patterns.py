"""Patterns in when instalments are paid: delays, drift, seasons, checkpoints, the first payment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from recovery.domain.monitoring.pattern import (
    Behaviour,
    Finder,
    Pattern,
    PatternKind,
    pattern,
)
from recovery.domain.monitoring.pattern_policy import PatternPolicy
from recovery.domain.monitoring.payment_lines import PaymentLine

_HIGHEST_DELAY_LEVEL = 6  # from 32 days on
_ROW_STEPS = (1, 3, 6)  # instalments on time
_Z_SQUARED = (2_706, 1_000)  # one-sided 95%: 1.645 squared
_AT_LEAST_A_SEASON = 12


def late_last_time(behaviour: Behaviour, policy: PatternPolicy) -> Pattern | None:
    """The last instalment known was late; each doubling of the days is a level."""
    last = behaviour.due()[-1:]
    if not last or not _is_late(last[0], behaviour, policy):
        return None
    days = last[0].days_late(behaviour.as_of)
    level = min(days.bit_length(), _HIGHEST_DELAY_LEVEL)
    return pattern(PatternKind.LATE_LAST_TIME, level, list(last), 1)


def frequent_delays(behaviour: Behaviour, policy: PatternPolicy) -> Pattern | None:
    """Several of the last instalments were late."""
    recent = behaviour.due()[-policy.look_back :]
    late = [each for each in recent if _is_late(each, behaviour, policy)]
    if len(late) < policy.frequent_from:
        return None
    level = len(late) - policy.frequent_from + 1
    return pattern(PatternKind.FREQUENT_DELAYS, level, late, len(recent))


def drifting_later(behaviour: Behaviour, policy: PatternPolicy) -> Pattern | None:
    """Each is paid a little later than the one before, within the grace days too.

    A rank test for trend (Mann 1945, Kendall 1975; one-sided 95%, normal approximation): the
    number of pairs in which the later instalment took more days, less those in which it took fewer.
    One outlier cannot make it, unlike a slope. The days must matter as well: the last third on
    average ``drift_days`` later than the first, and the last one not early.
    """
    recent = _of_this_loan(behaviour)[-policy.look_back :]
    days = [each.days_late(behaviour.as_of) for each in recent]
    count = len(days)
    if count < policy.drift_from or days[-1] < max(1, policy.late_from_days):
        return None
    rises = sum(
        (later > earlier) - (later < earlier)
        for at, earlier in enumerate(days)
        for later in days[at + 1 :]
    )
    variance_by_18 = count * (count - 1) * (2 * count + 5)
    chance = 18 * rises * rises * _Z_SQUARED[1] < _Z_SQUARED[0] * variance_by_18
    third = count // 3
    rise_days = sum(days[-third:]) - sum(days[:third])
    if rises <= 0 or chance or rise_days < policy.drift_days * third:
        return None
    level = 1 + (rise_days >= 2 * third * max(1, policy.drift_days))
    return pattern(PatternKind.DRIFTING_LATER, level, recent, count)


def first_payment_default(behaviour: Behaviour, policy: PatternPolicy) -> Pattern | None:
    """The very first instalment of the loan was missed, or came many days late."""
    lines = sorted(behaviour.lines)
    if not lines or not behaviour.is_known(lines[0]):
        return None
    if lines[0].days_late(behaviour.as_of) < policy.first_default_days:
        return None
    return pattern(PatternKind.FIRST_PAYMENT_DEFAULT, 1, lines[:1], 1)


def seasonal(behaviour: Behaviour, policy: PatternPolicy) -> Pattern | None:
    """Late in the same months of different years, and on time in the others.

    One month late twice is as likely chance, so it takes ``season_from`` instalments.
    """
    due = behaviour.due()
    if len(due) < _AT_LEAST_A_SEASON:
        return None
    by_month: dict[int, list[PaymentLine]] = defaultdict(list)
    for each in due:
        by_month[each.due_date.month].append(each)
    hard: list[PaymentLine] = []
    for lines in by_month.values():
        late = [each for each in lines if _is_late(each, behaviour, policy)]
        years = {each.due_date.year for each in late}
        if len(late) == len(lines) and len(years) >= policy.season_years:
            hard += late
    others = sum(_is_late(each, behaviour, policy) for each in due) - len(hard)
    calm = len(due) - len(hard) - others
    if len(hard) < policy.season_from or 5 * others > calm or len(hard) > calm:
        return None
    rows = sorted(hard, key=lambda each: each.due_date)
    return pattern(PatternKind.SEASONAL, 1, rows, len(due))


def behind_at_checkpoint(behaviour: Behaviour, policy: PatternPolicy) -> Pattern | None:
    """Who pays by the day or week is looked at inside the period: too little of it came on time.

    The last instalments of such a payer are a few days only; a period tells a bad day from a bad
    month. As near-breach checks of working-capital loans do (Apache Fineract).
    """
    lines = _of_this_loan(behaviour)
    since = behaviour.as_of - timedelta(days=policy.checkpoint_days)
    period = [each for each in lines if each.due_date >= since]
    if len(period) < 4 or not _pays_often(lines, policy):
        return None
    late = [each for each in period if _is_late(each, behaviour, policy)]
    due_minor = sum(each.due_minor for each in period)
    on_time_minor = due_minor - sum(each.due_minor for each in late)
    if 100 * on_time_minor >= policy.checkpoint_percent * due_minor:
        return None
    level = 1 + (200 * on_time_minor < policy.checkpoint_percent * due_minor)
    return pattern(PatternKind.BEHIND_AT_CHECKPOINT, level, late, len(period))


def irregular_but_sound(behaviour: Behaviour, policy: PatternPolicy) -> Pattern | None:
    """Paid on very different days, early and late, yet never late for long: no reason to worry."""
    recent = behaviour.due()[-policy.look_back :]
    days = [each.days_late(behaviour.as_of) for each in recent]
    if len(days) < policy.irregular_from or max(days) > policy.sound_within_days:
        return None
    in_part = any(not each.is_complete for each in recent)
    if in_part or max(days) < policy.late_from_days or max(days) - min(days) < policy.spread_days:
        return None
    return pattern(PatternKind.IRREGULAR_BUT_SOUND, 1, list(recent), len(recent))


def early_payer(behaviour: Behaviour, policy: PatternPolicy) -> Pattern | None:
    """The last instalments in a row were paid days before they were due."""
    recent = behaviour.due()[-policy.look_back :]
    row: list[PaymentLine] = []
    for each in reversed(recent):
        if not each.is_complete or each.days_late(behaviour.as_of) > -policy.early_days:
            break
        row.append(each)
    if len(row) < policy.early_from:
        return None
    level = 1 + (len(row) >= 2 * policy.early_from)
    return pattern(PatternKind.EARLY_PAYER, level, row[::-1], len(recent))


def on_time_in_a_row(behaviour: Behaviour, policy: PatternPolicy) -> Pattern | None:
    """The last instalments in a row were paid in full and on time."""
    row: list[PaymentLine] = []
    for each in reversed(behaviour.due()):
        if not each.is_complete or _is_late(each, behaviour, policy):
            break
        row.append(each)
    if not row:
        return None
    level = sum(len(row) >= each for each in _ROW_STEPS)
    return pattern(PatternKind.ON_TIME_IN_A_ROW, level, row[::-1], len(row))


TIMING: tuple[Finder, ...] = (
    first_payment_default,
    late_last_time,
    frequent_delays,
    drifting_later,
    behind_at_checkpoint,
    seasonal,
    irregular_but_sound,
    early_payer,
    on_time_in_a_row,
)


def _of_this_loan(behaviour: Behaviour) -> list[PaymentLine]:
    if not behaviour.elsewhere:
        return list(behaviour.due())
    mine = {(each.loan_id, each.number) for each in behaviour.lines}
    return [each for each in behaviour.due() if (each.loan_id, each.number) in mine]


def _is_late(line: PaymentLine, behaviour: Behaviour, policy: PatternPolicy) -> bool:
    return line.days_late(behaviour.as_of) >= max(1, policy.late_from_days)


def _pays_often(lines: Sequence[PaymentLine], policy: PatternPolicy) -> bool:
    days = [(after.due_date - each.due_date).days for each, after in pairwise(lines)]
    return 2 * sum(each <= policy.checkpoint_gap_days for each in days) > len(days)
