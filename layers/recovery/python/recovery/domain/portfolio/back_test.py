"""Trials of the early warning on a portfolio's past, as it would have been given then.

A trial is one instalment, some days before its due date: what was known then, and what became of
it. Only payments with a value date until that day count, and only loans paid out by then. A loan
that is overdue by then needs more than a warning: it is no trial. An instalment that is paid
already is one, but the warning has nothing to say about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.loan import Instalment, Payment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.accounting.position import paid_off_by_others
from recovery.domain.monitoring.pattern import Behaviour, OwnPayment, PatternKind
from recovery.domain.monitoring.patterns import patterns_of
from recovery.domain.monitoring.payment_lines import PaymentLine, payment_lines
from recovery.domain.monitoring.policy import MonitoringPolicy
from recovery.domain.monitoring.segments import Segment, segment_of


@dataclass(frozen=True, slots=True)
class LoanHistory:
    """A loan with its whole past; ``payments`` in any order.

    ``groups`` are what fairness is looked at by, such as the language: the warning never sees them.
    """

    loan_id: str
    borrower_id: str
    disbursed_on: date
    schedule: tuple[Instalment, ...]
    payments: tuple[Payment, ...]
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trial:
    """One instalment at ``on``; ``was_late`` is known from ``known_on``, ``is_paid`` at ``on``.

    ``late_last_time`` is what the naive rule asks: was the person's last instalment late;
    ``days_late_last_time`` by how much, for the rival that looks at days past due alone.
    ``is_new``: no instalment of the person was due before, so nobody can know. ``late_days`` is by
    how many days it came late in the end, so far if it did not. ``groups`` as in LoanHistory.
    """

    borrower_id: str
    loan_id: str
    number: int
    on: date
    known_on: date
    was_late: bool
    is_paid: bool
    levels: Mapping[PatternKind, int]
    late_last_time: bool
    days_late_last_time: int
    is_new: bool
    segment: Segment
    late_days: int = 0
    groups: Mapping[str, str] = field(default_factory=dict)


def trials_of(
    histories: Iterable[LoanHistory],
    monitoring: MonitoringPolicy,
    allocation: AllocationPolicy,
    until: date,
) -> Iterator[Trial]:
    """Yield every trial whose outcome is known at ``until``, in the order of the loans."""
    by_borrower: dict[str, list[LoanHistory]] = defaultdict(list)
    for each in histories:
        by_borrower[each.borrower_id].append(each)
    for loans in by_borrower.values():
        for loan in loans:
            others = [each for each in loans if each is not loan]
            yield from _of_loan(loan, others, monitoring, allocation, until)


def _of_loan(
    loan: LoanHistory,
    others: list[LoanHistory],
    monitoring: MonitoringPolicy,
    allocation: AllocationPolicy,
    until: date,
) -> Iterator[Trial]:
    policy = monitoring.patterns
    late_from = timedelta(days=max(1, policy.late_from_days))
    at_end = _lines(loan, monitoring, allocation, until)
    for instalment in at_end:
        on = instalment.due_date - timedelta(days=monitoring.warning.days_before)
        known_on = instalment.due_date + late_from
        if known_on > until or on < loan.disbursed_on:
            continue
        lines = _lines(loan, monitoring, allocation, on)
        [now] = [each for each in lines if each.number == instalment.number]
        overdue = any(each.due_date < on and not each.is_complete for each in lines)
        if overdue:
            continue
        known = [each for each in others if each.disbursed_on <= on]
        elsewhere = [line for each in known for line in _lines(each, monitoring, allocation, on)]
        behaviour = Behaviour(
            as_of=on,
            lines=lines,
            elsewhere=tuple(elsewhere),
            payments=tuple(
                OwnPayment(each.value_date, each.amount_minor)
                for each in loan.payments
                if each.value_date <= on and each.payer_kind == "borrower"
            ),
        )
        found = patterns_of(behaviour, policy)
        last = behaviour.due()[-1:]
        days_last = last[0].days_late(on) if last else 0
        yield Trial(
            loan.borrower_id,
            loan.loan_id,
            instalment.number,
            on,
            known_on,
            instalment.days_late(until) >= late_from.days,
            now.is_complete,
            {each.kind: each.level for each in found},
            days_last >= late_from.days,
            max(0, days_last),
            not last,
            segment_of(behaviour, found).segment,
            max(0, instalment.days_late(until)),
            loan.groups,
        )


def _lines(
    loan: LoanHistory, monitoring: MonitoringPolicy, allocation: AllocationPolicy, on: date
) -> tuple[PaymentLine, ...]:
    known = [each for each in loan.payments if each.value_date <= on]
    position = allocate(loan.schedule, known, allocation)
    others = paid_off_by_others(loan.schedule, position, known)
    return payment_lines(
        loan.schedule,
        position,
        monitoring.tolerance,
        paid_by_others=others,
        loan_id=loan.loan_id,
    )
