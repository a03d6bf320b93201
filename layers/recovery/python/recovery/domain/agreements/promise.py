"""Promises to pay: what may be promised, what the ledger says became of it, and what rests
meanwhile.

A promise is a signal, not a treatment: pressure rests until its date, and a broken one brings a
person's call, never a harder text. What is owed, days past due, limitation and the notices that the
law asks for run on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.accounting.loan_facts import Judged
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.accounting.said import Promise, PromiseEnd, PromiseState
from recovery.domain.agreements.assessment_record import CapacityInForce
from recovery.domain.agreements.household import NO_MONTHS, Months
from recovery.domain.agreements.policy import PromisePolicy
from recovery.domain.agreements.restraints import Block, Kind, Restraint, in_force
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.money import Money

_DAY = timedelta(days=1)
_RESTS = frozenset({Block.REMINDERS, Block.ARREARS, Block.CALLS, Block.ESCALATION, Block.JUDICIAL})
_ONLY_CALLS = _RESTS - {Block.CALLS}
_REMEMBERED_DAYS = 60  # a payment that is posted later changes no judgement any more
_COUNTED_DAYS = 365
_FOLLOWED_UP_DAYS = 14


class PromiseOutcome(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    KEPT = "kept"
    MET_BY_OTHERS = "met_by_a_third_party"
    PARTLY_KEPT = "partly_kept"
    BROKEN = "broken"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


FULFILLED = (PromiseOutcome.KEPT, PromiseOutcome.MET_BY_OTHERS)
MISSED = (PromiseOutcome.PARTLY_KEPT, PromiseOutcome.BROKEN)


def outcome(state: PromiseState, restraints: Iterable[Restraint], as_of: date) -> PromiseOutcome:
    """Say what became of a promise at ``as_of``.

    A death reported before it was judged lets it lapse, as nobody broke it.
    """
    promise = state.promise
    least_minor = promise.amount_minor - promise.tolerance_minor
    if state.own_minor >= least_minor:
        return PromiseOutcome.KEPT
    if state.own_minor + state.others_minor >= least_minor:
        return PromiseOutcome.MET_BY_OTHERS
    if state.ended_on and state.ended_on <= as_of:
        return PromiseOutcome.CANCELLED
    if any(_reported_by(min(as_of, promise.judged_on - _DAY), each) for each in restraints):
        return PromiseOutcome.LAPSED
    if as_of < promise.judged_on:
        return PromiseOutcome.OPEN
    if state.own_minor + state.others_minor:
        return PromiseOutcome.PARTLY_KEPT
    return PromiseOutcome.BROKEN


def _reported_by(day: date, restraint: Restraint) -> bool:
    """Whether it is a death reported until this day, and not called off since."""
    is_death = restraint.kind == Kind.DEATH and restraint.holds(restraint.from_on)
    return is_death and restraint.from_on <= day


def promises_of(recorded: Recorded) -> tuple[PromiseState, ...]:
    """Return every promise that counts, earliest date first, with what was paid on each.

    Several promises are served in the order of their dates, each payment once, and only in time:
    with a value date from the day of the promise on, and not posted before it was made.
    """
    records = recorded.counting()
    ended = {e.fact.promise_id: e.fact.on for e in records if isinstance(e.fact, PromiseEnd)}
    made = [(each, each.fact) for each in records if isinstance(each.fact, Promise)]
    made.sort(key=lambda each: (each[1].pay_on, each[0].recorded_at, each[0].fact_id))
    left_minor = _money_left(recorded)
    served = []
    for record, promise in made:
        state = PromiseState(record.fact_id, promise, ended_on=ended.get(record.fact_id))
        served.append(_served(state, record, recorded.payments, left_minor))
    return tuple(served)


def _money_left(recorded: Recorded) -> dict[str, int]:
    """Return what each payment brought, less what was taken back of it."""
    history = recorded.history()
    left_minor = {each.payment_id: each.amount_minor for each in history.payments}
    for chargeback in history.chargebacks:
        left_minor[chargeback.payment_id] -= chargeback.amount_minor
    return left_minor


def _served(
    state: PromiseState,
    record: FactRecord,
    payments: Iterable[PaymentRecord],
    left_minor: dict[str, int],
) -> PromiseState:
    promise = state.promise
    until = min(promise.last_value_date, state.ended_on or date.max)
    for each in sorted(payments, key=lambda e: (e.payment.value_date, e.payment.payment_id)):
        payment = each.payment
        missing = promise.amount_minor - state.own_minor - state.others_minor
        part_minor = min(missing, left_minor.get(payment.payment_id, 0))
        if part_minor <= 0 or not promise.on <= payment.value_date <= until:
            continue
        was_before = each.posted_at is not None and each.posted_at < record.recorded_at
        if was_before and payment.value_date == promise.on:
            continue
        left_minor[payment.payment_id] -= part_minor
        if payment.payer_kind == "borrower":
            state = replace(state, own_minor=state.own_minor + part_minor)
        else:
            state = replace(state, others_minor=state.others_minor + part_minor)
    return state


def remembered(
    promises: Iterable[PromiseState], before: Iterable[PromiseState], today: date
) -> tuple[PromiseState, ...]:
    """Return those that a review still looks at, with what was told of each before."""
    told = {each.promise_id: each.told for each in before}
    oldest = today - timedelta(days=_REMEMBERED_DAYS)
    return tuple(
        replace(each, told=told.get(each.promise_id, ""))
        for each in promises
        if each.promise.judged_on >= oldest
    )


def forgotten(promises: Iterable[PromiseState], today: date) -> Judged:
    """Count what became of those, of the last year, that a review looks at no more."""
    oldest = today - timedelta(days=_COUNTED_DAYS)
    latest = today - timedelta(days=_REMEMBERED_DAYS)
    counted = [each for each in promises if oldest <= each.promise.judged_on < latest]
    became = [outcome(each, (), today) for each in counted]
    return Judged(
        kept=became.count(PromiseOutcome.KEPT), missed=sum(each in MISSED for each in became)
    )


def restraints_by(
    promises: Iterable[PromiseState], policy: PromisePolicy, restraints: Iterable[Restraint]
) -> Iterator[Restraint]:
    """Yield what each promise holds back: everything that presses until it is judged; after it was
    missed, all but a person's call for a few days."""
    held = tuple(restraints)
    for each in promises:
        promise, last = each.promise, each.promise.judged_on - _DAY
        became = outcome(each, held, promise.judged_on)
        if became is PromiseOutcome.CANCELLED and each.ended_on:
            last = min(last, each.ended_on - _DAY)
        if became not in FULFILLED:
            yield _restraint(each, promise.on, last, _RESTS)
        if became in MISSED and policy.call_days:
            until = last + policy.call_days * _DAY
            yield _restraint(each, last + _DAY, until, _ONLY_CALLS)


def _restraint(
    each: PromiseState, from_on: date, until: date, held_back: frozenset[Block]
) -> Restraint:
    names = frozenset(block.value for block in held_back)
    return Restraint(Kind.PROMISE, from_on, until, names, "promise", fact_id=each.promise_id)


def judged(
    promises: Sequence[PromiseState], restraints: Iterable[Restraint], as_of: date
) -> tuple[tuple[PromiseState, ...], tuple[tuple[PromiseState, PromiseOutcome], ...]]:
    """Return the promises with their outcome at ``as_of`` as told, and those of which it is new."""
    held = tuple(restraints)
    after, news = [], []
    for each in promises:
        became = outcome(each, held, as_of)
        told = "" if became is PromiseOutcome.OPEN else became.value
        if told != each.told:
            each = replace(each, told=told)
            news.append((each, became))
        after.append(each)
    return tuple(after), tuple(news)


def next_dates(promises: Iterable[PromiseState], policy: PromisePolicy) -> Iterator[date]:
    """Yield the days on which something follows if nothing is paid, and that on which it is counted
    as due; some may be past."""
    for each in promises:
        if each.promise.reminder:
            yield each.promise.pay_on - _DAY
        yield from (each.promise.pay_on, each.promise.judged_on)
        yield each.promise.judged_on + policy.call_days * _DAY


def reminder_due(
    promises: Iterable[PromiseState], restraints: Iterable[Restraint], as_of: date
) -> PromiseState | None:
    """Return the promise of which the person wants to be reminded today, the day before."""
    held = tuple(restraints)
    for each in promises:
        wanted = each.promise.reminder and each.promise.pay_on - _DAY == as_of
        if wanted and outcome(each, held, as_of) is PromiseOutcome.OPEN:
            return each
    return None


def count_due(judged_ones: Iterable[PromiseState], as_of: date) -> int:
    """Return how many promises are to be kept today, and are not yet."""
    return sum(each.promise.pay_on == as_of and not each.told for each in judged_ones)


def missed_lately(
    promises: Iterable[PromiseState], policy: PromisePolicy, as_of: date
) -> PromiseState | None:
    """Return the last promise that was missed, once the days for a person's call are over."""
    found = [
        each
        for each in promises
        if each.told in MISSED
        and each.promise.judged_on + policy.call_days * _DAY <= as_of
        and as_of < each.promise.judged_on + _FOLLOWED_UP_DAYS * _DAY
    ]
    return max(found, key=lambda each: each.promise.pay_on, default=None)


@dataclass(frozen=True, slots=True)
class Situation:
    """What a new promise is weighed against; ``supervised``: a supervisor accepts it.

    ``capacity`` is the last one known of the person, ``own`` what falls due on their other loans.
    """

    standing: Standing
    promises: tuple[PromiseState, ...]
    recorded: Recorded
    restraints: tuple[Restraint, ...]
    currency: str
    today: date
    supervised: bool = False
    capacity: CapacityInForce | None = None
    own: Months = NO_MONTHS


def promise_problems(
    promise: Promise, situation: Situation, policy: PromisePolicy
) -> Iterator[Problem]:
    """Yield every reason why it cannot be accepted."""
    standing, pay_on = situation.standing, promise.pay_on
    if promise.on > situation.today:
        reason = f"{promise.on} is in the future; the business date is {situation.today}"
        yield Problem("on", reason, "Give the day on which it was made", "out_of_range")
    if pay_on < promise.on:
        yield Problem("pay_on", f"{pay_on} is past", "Promise a day to come", "out_of_range")
    latest = promise.on + policy.most_days_ahead * _DAY
    if pay_on > latest:
        reason = f"{pay_on} is more than {policy.most_days_ahead} days away"
        remedy = f"Agree on {latest} at the latest; for longer, offer a payment plan"
        yield Problem("pay_on", reason, remedy, "out_of_range")
    next_due = standing.next_due_date
    if standing.overdue.total and next_due and pay_on > next_due:
        reason = f"{pay_on} is past the next due date, {next_due}"
        yield Problem("pay_on", reason, "Agree on that day at the latest", "out_of_range")
    owed_minor = standing.outstanding.total
    if not owed_minor:
        yield Problem("loan_id", "owes nothing to be promised", "Check the loan", "conflict")
    elif promise.amount_minor > owed_minor:
        reason = f"is more than is owed, {Money(owed_minor, situation.currency)}"
        yield Problem("amount", reason, "Promise at most that", "out_of_range")
    if any(each.kind == Kind.DEATH for each in in_force(situation.restraints, promise.on)):
        reason = "belongs to somebody whose death was reported"
        yield Problem("loan_id", reason, "Ask who represents the estate", "conflict")
    yield from _repeated(situation, policy)


def _repeated(situation: Situation, policy: PromisePolicy) -> Iterator[Problem]:
    since = situation.standing.oldest_due_date
    made = [each for each in situation.promises if since and each.promise.on > since]
    made = [each for each in made if not each.ended_on]
    if len(made) >= policy.most_in_arrears and not situation.supervised:
        reason = f"would be promise {len(made) + 1} in these arrears"
        remedy = "Let a supervisor accept it, or offer a payment plan"
        yield Problem("promise_id", reason, remedy, "conflict")
