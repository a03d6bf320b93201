"""Options for a borrower in difficulty: two or three that fit, side by side, and why not the rest.

Every option is priced by the schedule engine that would book it, and measured by the borrower's
repayment capacity. What it costs the borrower in all comes before the size of the instalment, as
lower instalments alone help nobody (Dobbie & Song 2017). Help that fits the reason comes first;
something is let go only if nothing else fits, as waivers help those in distress and harm the habit
of others (Mukherjee, Subramanian & Tantri 2017). Every kind is tried, so that the record shows what
was considered (Directive (EU) 2023/2225 art. 35).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.domain.agreements.capacity import by_month_of
from recovery.domain.agreements.lender_view import LenderView, lender_view
from recovery.domain.agreements.option_kinds import CONCESSIONS, FIRST, KEEPS_ALL, Kind
from recovery.domain.agreements.option_search import Candidate, Miss, Search, Trouble
from recovery.domain.agreements.option_ways import authority, find
from recovery.domain.shared.actor import Role

_MOST, _ENOUGH = 3, 2
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way that fits, in minor units.

    extra_minor: what it costs the borrower more than paying as agreed; negative: less.
    largest_month_minor: the most that any month asks.
    approved_by: the least role that may approve it.
    """

    found: Candidate
    extra_minor: int
    largest_month_minor: int
    approved_by: Role
    lender: LenderView

    @property
    def kind(self) -> Kind:
        return self.found.kind

    @property
    def next_payment(self) -> tuple[date, int]:
        return self.found.payments[0]

    @property
    def last_on(self) -> date:
        return self.found.payments[-1][0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """``best``: at most three, the cheapest for the borrower first. ``refused``: every other kind
    that was considered, and why not. ``today_minor``: what is owed in all as agreed."""

    best: tuple[Option, ...]
    refused: tuple[Miss, ...]
    today_minor: int
    overdue_minor: int
    days_past_due: int


def options_for(trouble: Trouble) -> Options:
    """Try every kind of help on a loan and return the best that fit. Raises nothing: what cannot be
    done is among the refused."""
    search = Search(trouble)
    results = {kind: find(kind, search) for kind in Kind}
    fitting = [each for each in results.values() if isinstance(each, Candidate)]
    chosen = _chosen(trouble, fitting)
    refused = [each for each in results.values() if isinstance(each, Miss)]
    refused += _left_out(fitting, chosen)
    order = list(Kind)
    return Options(
        best=tuple(_option(each, search) for each in sorted(chosen, key=_cost)),
        refused=tuple(sorted(refused, key=lambda each: order.index(each.kind))),
        today_minor=search.outstanding_minor,
        overdue_minor=search.overdue_minor,
        days_past_due=search.before.standing.days_past_due,
    )


def _chosen(trouble: Trouble, fitting: Sequence[Candidate]) -> list[Candidate]:
    """Return what helps with this reason, cheapest first, and others only where that is too few."""
    chosen: list[Candidate] = []
    first = FIRST[trouble.reason]
    for kinds, enough in (
        (first, _MOST),
        ([each for each in KEEPS_ALL if each not in first], _ENOUGH),
        (CONCESSIONS, 1),
        ((Kind.SETTLEMENT,), 1),
    ):
        for each in sorted((e for e in fitting if e.kind in kinds), key=_cost):
            if len(chosen) < enough and not _is_known(each, chosen):
                chosen.append(each)
    return chosen


def _cost(candidate: Candidate) -> tuple[int, int, date, int]:
    """What the borrower prefers: the least in all, then the smallest payment, then the soonest."""
    largest = max(amount_minor for _, amount_minor in candidate.payments)
    last = candidate.payments[-1][0]
    return candidate.total_minor, largest, last, list(Kind).index(candidate.kind)


def _is_known(candidate: Candidate, chosen: Sequence[Candidate]) -> bool:
    return any(each.payments == candidate.payments for each in chosen)


def _left_out(fitting: Sequence[Candidate], chosen: Sequence[Candidate]) -> Iterator[Miss]:
    """Yield why something that fits is not among the best."""
    for each in fitting:
        if each in chosen:
            continue
        if _is_known(each, chosen):
            yield Miss(kind=each.kind, code="same_payments")
        elif each.kind in KEEPS_ALL and each.total_minor > min(e.total_minor for e in chosen):
            yield Miss(kind=each.kind, code="costs_more")
        else:
            yield Miss(kind=each.kind, code="not_needed")


def _option(found: Candidate, search: Search) -> Option:
    trouble = search.trouble
    days = search.before.standing.days_past_due
    by_month = by_month_of(found.payments, trouble.on)
    return Option(
        found=found,
        extra_minor=found.total_minor - search.outstanding_minor,
        largest_month_minor=max(by_month.values()),
        approved_by=_approved_by(found, search),
        lender=lender_view(
            search.value_minor, found.payments, trouble.on, search.rate_fraction, days
        ),
    )


def _approved_by(found: Candidate, search: Search) -> Role:
    """Return who may approve it: the loan's own advisor nothing that hides arrears, and what is let
    go only by the tiers; a supervisor where the loan was restructured often enough."""
    if found.let_go_minor and (tier := authority(search, found.let_go_minor)):
        least = Role(tier.role)
        if least is not Role.ADVISOR:
            return least
    hides_arrears = found.action is not None and search.overdue_minor > 0
    if hides_arrears or (found.action is not None and _repeated(search)):
        return Role.SUPERVISOR
    return Role.ADVISOR


def _repeated(search: Search) -> bool:
    policy, on = search.trouble.policy, search.trouble.on
    since = on - policy.restructurings_within_days * _DAY
    versions = search.trouble.account.history.versions
    return sum(since <= each.on <= on for each in versions) >= policy.most_restructurings
