"""Who owns and who handles a loan, by date.

A change takes effect at close of day: executed on 30 June, the new owner holds from 1 July, so that
a loan has one owner at any instant. Changes and notices are facts, kept as said; the owner on a day
follows from them. A loan never changes institution, and everything that is known about it and its
parties stays where it is: it travels with the loan because it does not move.

Nobody contacts the debtor for an owner of whom the debtor was not told: after a transfer the notice
comes before the first collection (Directive (EU) 2021/2167, art. 10(2)), and a debtor who pays the
old creditor before knowing of the new one is free (Spanish Civil Code, art. 1527).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from recovery.domain.accounting.loan import Payment

_DAY = timedelta(days=1)


class OwnerChangeKind(StrEnum):
    """What changed hands: a creditor's rights, or the handling of them."""

    SALE = "sale"
    TRANSFER = "transfer"
    PLACEMENT = "placement"
    RECALL = "recall"
    BUY_BACK = "buy_back"


CHANGES_CREDITOR = frozenset(
    {OwnerChangeKind.SALE, OwnerChangeKind.TRANSFER, OwnerChangeKind.BUY_BACK}
)


class Medium(StrEnum):
    """How a transfer notice reached the debtor: on paper or another durable medium."""

    LETTER = "letter"
    REGISTERED_LETTER = "registered_letter"
    BUROFAX = "burofax"
    BAILIFF = "bailiff"
    CERTIFIED_EMAIL = "certified_email"
    CERTIFIED_SMS = "certified_sms"
    EMAIL = "email"
    BY_HAND = "by_hand"


class Silence(StrEnum):
    """Why this deployment does not contact the debtor or move the case."""

    OUTSIDE = "outside"
    PLACED = "placed"
    NOT_TOLD = "not_told"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChange:
    """From the day after ``executed_on``, another creditor owns or another servicer handles a loan.

    ``creditor`` is the new one for a sale, transfer or buy-back; ``servicer`` is who handles the
    loan from then on, None for the creditor itself. ``outside``: whoever the change is about (the
    servicer of a placement, otherwise the creditor) works outside this deployment; a creditor for
    whom the loan stays handled here does not.
    ``excepted_by`` and ``excepted_because`` name who let a disputed or zero-balance loan be sold,
    and why.
    """

    change_id: str
    kind: str
    executed_on: date
    creditor: str | None = None
    servicer: str | None = None
    outside: bool = False
    excepted_by: str | None = None
    excepted_because: str | None = None

    @property
    def from_on(self) -> date:
        """The first day of the new owner or servicer."""
        return self.executed_on + _DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferNotice:
    """The debtor was told of a change of creditor; ``proof`` refers to what proves it."""

    change_id: str
    medium: str
    sent_on: date
    proof: str


@dataclass(frozen=True, slots=True)
class OwnerHistory:
    """All that is known about who owned and handled one loan, in any order."""

    first_creditor: str
    changes: tuple[OwnerChange, ...] = ()
    notices: tuple[TransferNotice, ...] = ()

    def in_order(self) -> tuple[OwnerChange, ...]:
        return tuple(sorted(self.changes, key=lambda each: (each.executed_on, each.change_id)))


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns and who handles a loan; ``from_on`` None is since it was disbursed.

    ``outside``: the creditor works outside this deployment. ``handled_outside``: the servicer does.
    """

    creditor: str
    servicer: str | None = None
    outside: bool = False
    handled_outside: bool = False
    from_on: date | None = None


@dataclass(frozen=True, slots=True)
class SilentPeriod:
    """Days on which this deployment is silent, both included; ``until`` None is open-ended."""

    from_on: date
    until: date | None
    why: str


@dataclass(frozen=True, slots=True)
class PassedOn:
    """Money that came in here for a loan owned outside, and so belongs to its owner."""

    payment_id: str
    value_date: date
    amount_minor: int
    to: str


def owner_on(history: OwnerHistory, day: date) -> Owner:
    """Return who owns and who handles the loan on this day."""
    return owner_among(owners(history), day)


def owner_among(found: Sequence[Owner], day: date) -> Owner:
    """Return which of a loan's owners, given first to last, holds on this day."""
    return [each for each in found if each.from_on is None or each.from_on <= day][-1]


def owners(history: OwnerHistory) -> tuple[Owner, ...]:
    """Return every owner, first to last, the future ones too."""
    found = [Owner(history.first_creditor)]
    for change in history.in_order():
        found.append(_after(found[-1], change))
    return tuple(found)


def silence_on(history: OwnerHistory, day: date) -> Silence | None:
    """Return why the loan is silent here on this day; None if it is not."""
    owner = owner_on(history, day)
    if owner.outside:
        return Silence.OUTSIDE
    if owner.handled_outside:
        return Silence.PLACED
    return None if _is_told(history, day) else Silence.NOT_TOLD


def may_contact(history: OwnerHistory, day: date) -> bool:
    """Whether this deployment may contact the debtor for the owner of this day.

    It may if the loan is owned and handled here, and notice of its last change of creditor was
    sent: from the day after, since days are whole. A loan bought back before anybody told the
    debtor of the sale needs none.
    """
    return silence_on(history, day) is None


def silent_periods(history: OwnerHistory) -> tuple[SilentPeriod, ...]:
    """Return all periods in which the loan is silent here, past and future ones, in order."""
    turns = {each.from_on for each in history.changes}
    turns |= {each.sent_on + _DAY for each in history.notices}
    periods: list[SilentPeriod] = []
    for day in sorted(turns):
        why = silence_on(history, day)
        until = min((each - _DAY for each in turns if each > day), default=None)
        if why and periods and periods[-1].why == why and periods[-1].until == day - _DAY:
            periods[-1] = SilentPeriod(periods[-1].from_on, until, why)
        elif why:
            periods.append(SilentPeriod(day, until, why))
    return tuple(periods)


def passed_on(found: Sequence[Owner], payment: Payment) -> PassedOn | None:
    """Return what is passed on of a payment that came in here; None if its money is kept.

    Who of these owners holds on its value date gets all of it. The debt falls all the same.
    """
    owner = owner_among(found, payment.value_date)
    if not owner.outside:
        return None
    return PassedOn(payment.payment_id, payment.value_date, payment.amount_minor, owner.creditor)


def creditor_before(history: OwnerHistory) -> Owner | None:
    """Return the owner before the last change of creditor; None if there was no change."""
    found, owner = None, Owner(history.first_creditor)
    for change in history.in_order():
        if change.kind in CHANGES_CREDITOR:
            found = owner
        owner = _after(owner, change)
    return found


def bought_back(history: OwnerHistory, change_id: str, executed_on: date) -> OwnerChange:
    """Return the change that gives a loan back to its owner before the last change of creditor.

    Nobody else handles it then: a placement made before the sale has to be made anew. What may not
    be recorded, ``change_problems`` refuses.
    """
    before = creditor_before(history)
    return OwnerChange(
        change_id=change_id,
        kind=OwnerChangeKind.BUY_BACK,
        executed_on=executed_on,
        creditor=before.creditor if before else None,
        outside=before.outside if before else False,
    )


def _after(owner: Owner, change: OwnerChange) -> Owner:
    if change.kind in CHANGES_CREDITOR:
        assert change.creditor is not None
        return Owner(
            change.creditor, change.servicer, outside=change.outside, from_on=change.from_on
        )
    return Owner(
        owner.creditor,
        change.servicer,
        outside=owner.outside,
        handled_outside=change.servicer is not None and change.outside,
        from_on=change.from_on,
    )


def _is_told(history: OwnerHistory, day: date) -> bool:
    """Whether the debtor had proven notice of the last change of creditor before this day."""
    changed = [
        each for each in history.in_order() if each.from_on <= day and each.kind in CHANGES_CREDITOR
    ]
    if not changed:
        return True
    last = changed[-1]
    if any(each.change_id == last.change_id and each.sent_on < day for each in history.notices):
        return True
    return last.kind == OwnerChangeKind.BUY_BACK and _last_told(history, day) == last.creditor


def _last_told(history: OwnerHistory, day: date) -> str:
    """Return the creditor of whom the debtor last had proven notice before this day."""
    told = {each.change_id for each in history.notices if each.sent_on < day}
    known = history.first_creditor
    for change in history.in_order():
        if change.from_on <= day and change.change_id in told and change.creditor:
            known = change.creditor
    return known
