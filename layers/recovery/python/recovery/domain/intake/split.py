"""Split one payment over a person's loans by the rule of the contracts' law.

The payer's own word comes first where the law obeys it, then the steps of the rule, such as: what
is due, the most burdensome, the oldest, each in proportion (CC 1172-1174; BW 6:43). What a share
pays within its loan is the loan's own allocation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from recovery.domain.accounting.lending import DebtOrderRule
from recovery.domain.shared.errors import Problem, RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """What is owed on one loan at the payment's value date, in minor units.

    ``due_minor`` is due by that day, overdue or not; ``not_due_minor`` comes later, 0 if it may not
    be paid early. ``oldest_due_on`` is the due date of the oldest instalment not fully paid.
    """

    loan_id: str
    due_minor: int
    oldest_due_on: date
    disbursed_on: date
    not_due_minor: int = 0
    annual_rate_pct: Decimal | None = None
    secured: bool = False


class Share(NamedTuple):
    """The part of a payment that goes to one loan, in minor units above zero."""

    loan_id: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Split:
    """The shares, in the order in which the loans were served, and what no loan takes.

    ``rule_id`` names the rule, for the receipt.
    """

    shares: tuple[Share, ...]
    left_minor: int
    rule_id: str


class _Part(NamedTuple):
    """The due part of a debt, or the part that comes later."""

    debt: Debt
    due: bool
    amount_minor: int


def split_payment(
    amount_minor: int,
    debts: Sequence[Debt],
    rule: DebtOrderRule,
    designated: Sequence[str] = (),
) -> Split:
    """Split a payment over the loans of one person with one creditor; each loan comes once.

    The loans have one currency and one law: a rule ranks only debts of the same kind under the same
    law (CC 1172), so the caller groups them, and asks a person which group an undesignated payment
    is for. ``designated`` are the loans that the payer named, in that order: they are paid first,
    each up to all that is owed on it, if the rule obeys the payer. The order of ``debts`` makes no
    difference.

    Raises RefusedError if there is nothing to split, or the payer named a loan that is not here.
    """
    if amount_minor < 1:
        remedy = "Split an amount above zero"
        raise RefusedError(Problem("amount_minor", "is no payment", remedy, "out_of_range"))
    if unknown := [each for each in designated if each not in {debt.loan_id for debt in debts}]:
        reason = f"{unknown[0]} is none of the payer's loans in this currency and under this law"
        remedy = "Name some of them, or none"
        raise RefusedError(Problem("designated", reason, remedy, "not_found"))
    shares: dict[str, int] = defaultdict(int)
    left_minor = amount_minor
    named = tuple(designated) if rule.designation else ()
    for group in _groups(debts, rule, named):
        for part, paid_minor in _paid(group, left_minor):
            shares[part.debt.loan_id] += paid_minor
            left_minor -= paid_minor
    split = tuple(Share(loan_id, minor) for loan_id, minor in shares.items() if minor)
    assert sum(share.amount_minor for share in split) + left_minor == amount_minor, "money lost"
    return Split(split, left_minor, rule.id)


def _groups(
    debts: Sequence[Debt], rule: DebtOrderRule, named: tuple[str, ...]
) -> Iterator[list[_Part]]:
    """Yield the parts to pay, those that rank equal together, first to last."""
    owing = [each for each in debts if each.due_minor or each.not_due_minor]
    rates_known = all(each.annual_rate_pct is not None for each in owing)

    def rank(part: _Part) -> tuple[object, ...]:
        if part.debt.loan_id in named:
            return (0, named.index(part.debt.loan_id), not part.due)
        return (1, *(_rank(step, part, rates_known) for step in rule.by))

    parts = [
        _Part(debt, due, minor)
        for debt in owing
        for due, minor in ((True, debt.due_minor), (False, debt.not_due_minor))
        if minor and (due or debt.loan_id in named or "due_only" not in rule.by)
    ]
    parts.sort(key=lambda part: (rank(part), part.debt.loan_id, not part.due))
    for _, group in groupby(parts, key=rank):
        yield list(group)


def _rank(step: str, part: _Part, rates_known: bool) -> object:
    """Return what sorts a part by this step, first the one to pay first.

    Which debt is the most burdensome, the laws leave open. Here it is the one at the higher rate,
    and of two at the same rate the secured one; where a rate is unknown, rates decide nothing.
    """
    debt = part.debt
    match step:
        case "due_first":
            return not part.due
        case "most_burdensome":
            rate = debt.annual_rate_pct if rates_known and debt.annual_rate_pct else 0
            return (-rate, not debt.secured)
        case "oldest":
            return (debt.oldest_due_on, debt.disbursed_on)
        case _:
            return 0


def _paid(group: list[_Part], left_minor: int) -> Iterator[tuple[_Part, int]]:
    """Pay the group in full, or in proportion: largest remainders first, then by loan id."""
    owed_minor = sum(part.amount_minor for part in group)
    if owed_minor <= left_minor:
        yield from ((part, part.amount_minor) for part in group)
        return
    exact = [divmod(left_minor * part.amount_minor, owed_minor) for part in group]
    rest_minor = left_minor - sum(whole for whole, _ in exact)
    by_remainder = sorted(range(len(group)), key=lambda index: (-exact[index][1], index))
    rounded_up = set(by_remainder[:rest_minor])
    for index, part in enumerate(group):
        yield part, exact[index][0] + (index in rounded_up)
