"""One payment for a person with several loans: which loan it pays, by the law of the contracts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from recovery.domain.accounting.lending import DebtOrderRule
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentRef, fingerprint_of
from recovery.domain.intake.split import Debt, Share, split_payment
from recovery.domain.intake.suspense import Why

Ranked = TypeVar("Ranked", bound=Hashable)  # what the loans have in common that one rule ranks


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPayment:
    """A payment requested for a person; ``designation`` are the loans that the payer named."""

    payment: Payment
    borrower_id: str
    currency: str
    designation: tuple[str, ...] = ()
    reference: str | None = None

    @property
    def fingerprint(self) -> str:
        """Equal for equal requests."""
        meant_for = ["person", self.borrower_id, *self.designation]
        return fingerprint_of(self.payment, meant_for, self.currency, self.reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPayment:
    """One payment for a person as recorded: its shares are payments on loans.

    ``rest_id`` is what went to suspense. ``posted_by`` is the id of an actor.
    """

    payment: Payment
    borrower_id: str
    currency: str
    fingerprint: str
    receipt: Mapping[str, object]
    posted_by: str
    posted_at: datetime
    designation: tuple[str, ...] = ()
    reference: str | None = None
    shares: tuple[PaymentRef, ...] = ()
    rest_id: str | None = None


@dataclass(frozen=True, slots=True)
class SharedOut:
    """The shares in the order in which the loans were served, and what no loan takes.

    ``rule_ids`` name the rules for the receipt. ``why_left`` says why something is left;
    ``may_be_kept``: the law lets the last loan keep it as credit.
    """

    shares: tuple[Share, ...]
    left_minor: int
    rule_ids: tuple[str, ...]
    why_left: Why | None = None
    may_be_kept: bool = False


def share_out(
    amount_minor: int,
    debts: Mapping[Ranked, Sequence[Debt]],
    rule_of: Callable[[Ranked], DebtOrderRule],
    designation: Sequence[str] = (),
) -> SharedOut:
    """Split the payment over all loans of one person in one currency.

    ``debts`` are grouped by creditor and law: no rule ranks debts of one among those of another. So
    of several groups only those are served of which the payer named a loan, in the order named.
    What is left then is for the payer to say. A loan that alone owes anything counts as named.
    """
    group_of = {debt.loan_id: each for each, group in debts.items() for debt in group}
    owing_ids = [debt.loan_id for group in debts.values() for debt in group if _owes(debt)]
    owing = list(dict.fromkeys(group_of[loan_id] for loan_id in owing_ids))
    designation = designation or (owing_ids if len(owing_ids) == 1 else ())
    served = list(dict.fromkeys(group_of[loan_id] for loan_id in designation))
    if len(owing) == 1:
        served += [each for each in owing if each not in served]
    shares: list[Share] = []
    rules: list[DebtOrderRule] = []
    left_minor = amount_minor
    for each in served:
        rules.append(rule_of(each))
        if left_minor:
            named = [loan_id for loan_id in designation if group_of[loan_id] == each]
            split = split_payment(left_minor, debts[each], rules[-1], named)
            shares += split.shares
            left_minor = split.left_minor
    why = _why_left(shares, debts, rules, set(owing) - set(served)) if left_minor else None
    return SharedOut(
        tuple(shares),
        left_minor,
        tuple(dict.fromkeys(rule.id for rule in rules)),
        why,
        why == "surplus" and all("due_only" not in rule.by for rule in rules),
    )


def _why_left(
    shares: Sequence[Share],
    debts: Mapping[Ranked, Sequence[Debt]],
    rules: Sequence[DebtOrderRule],
    others: set[Ranked],
) -> Why:
    if others:
        return "not_ranked"
    owed = (each for group in debts.values() for each in group)
    owed_minor = sum(each.due_minor + each.not_due_minor for each in owed)
    if not owed_minor:
        return "nothing_owed"
    paid_minor = sum(share.amount_minor for share in shares)
    return "not_due" if paid_minor < owed_minor else "surplus"


def _owes(debt: Debt) -> bool:
    return bool(debt.due_minor or debt.not_due_minor)
