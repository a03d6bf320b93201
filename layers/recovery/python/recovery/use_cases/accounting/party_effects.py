"""What a payment or its reversal changes between the parties of a loan, to be told."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.guarantees import GuaranteeUse, Recourse, guarantee_use, recourses
from recovery.domain.accounting.ledger import accrue
from recovery.domain.accounting.loan import Loan, Payment
from recovery.domain.accounting.paid_shares import Account, account_of, dues_of
from recovery.domain.accounting.party import Party, parties_at, sureties
from recovery.domain.cases.tasks import LONGEST_REASON, Task, TaskKind
from recovery.domain.loan_state import LoanState
from recovery.domain.outbox import DomainEvent, Outbox, TimelineEntry
from recovery.domain.shared.actor import Role
from recovery.domain.shared.money import Money, to_decimal_text
from recovery.use_cases.shared.rules import Rules

_TIME_TO_SETTLE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Books:
    """A loan and everything on record about it, at one moment."""

    loan: Loan
    state: LoanState
    recorded: Recorded

    def account(self, rules: Rules, as_of: date) -> Account:
        """Return who paid what of all that is owed by ``as_of``, late charges included."""
        loan, state, facts = self.loan, self.state, self.state.facts
        charges = rules.charges(loan, state)
        schedule, _ = accrue(
            loan.schedule, state.position, facts.accrued, charges, facts.pauses, as_of
        )
        dues = dues_of(schedule, state.position, facts.loss)
        return account_of(loan.borrower_id, dues, state.position.credit_minor, self.recorded)


def with_party_effects(
    outbox: Outbox, before: Books, after: Books, payment: Payment, rules: Rules
) -> Outbox:
    """Add what the payment, posted or taken off the loan, changes between the parties.

    The timeline names persons by their id, events do not name them.
    """
    recorded = after.recorded
    everyone = (each.payment.payer_kind for each in recorded.payments)
    if not recorded.parties and all(kind == "borrower" for kind in everyone):
        return outbox
    as_of = max(rules.as_of, payment.value_date)
    was, now = before.account(rules, as_of), after.account(rules, as_of)
    rows, currency = recorded.parties_said(), after.loan.currency
    uses = [
        (surety, guarantee_use(surety, now))
        for surety in sureties(parties_at(rows, after.loan.borrower_id, as_of))
        if guarantee_use(surety, was) != guarantee_use(surety, now)
    ]
    open_before, open_now = (recourses(rows, each, as_of) for each in (was, now))
    told = [
        *(_use_in_words(surety, use, currency) for surety, use in uses),
        *_changed_recourse(open_before, open_now, currency),
    ]
    counts, tasks = payment in recorded.history().payments, outbox.tasks
    if counts:
        more_minor = payment.amount_minor - was.debt_minor(as_of)
        proposals = tuple(_proposals(more_minor, payment, open_now, currency))
        told += proposals
        tasks += tuple(_to_settle(text, payment, after.loan, as_of) for _, text in proposals[:1])
    key = f"{'on' if counts else 'off'}#{payment.payment_id}"
    entries = (
        TimelineEntry(payment.value_date, "party", text, key=f"{key}#{about}")
        for about, text in told
    )
    return replace(
        outbox,
        timeline=(*outbox.timeline, *entries),
        tasks=tasks,
        events=(*outbox.events, *(_use_event(use, payment, after.loan) for _, use in uses)),
    )


def _use_in_words(surety: Party, use: GuaranteeUse, currency: str) -> tuple[str, str]:
    left = "without limit"
    if use.remaining_minor is not None:
        left = f"{Money(use.remaining_minor, currency)} left"
    role, used = surety.role.replace("_", " "), Money(use.used_minor, currency)
    text = f"{role} {surety.person_id}: {used} of the guarantee used, {left}"
    return f"use#{surety.person_id}", text


def _use_event(use: GuaranteeUse, payment: Payment, loan: Loan) -> DomainEvent:
    detail: dict[str, object] = {
        "loan_id": loan.loan_id,
        "payment_id": payment.payment_id,
        "used": to_decimal_text(use.used_minor, loan.currency),
        "currency": loan.currency,
    }
    if use.remaining_minor is not None:
        detail["remaining"] = to_decimal_text(use.remaining_minor, loan.currency)
    return DomainEvent("GuaranteeUseChanged", detail)


def _changed_recourse(
    before: Iterable[Recourse], now: Iterable[Recourse], currency: str
) -> Iterator[tuple[str, str]]:
    was_minor, now_minor = _by_pair(before), _by_pair(now)
    for holder, against in sorted(was_minor.keys() | now_minor.keys()):
        minor = now_minor[holder, against]
        if minor != was_minor[holder, against]:
            text = f"{holder} may reclaim {Money(minor, currency)} from {against}"
            if not minor:
                text = f"{holder} has nothing to reclaim from {against} any more"
            yield f"recourse#{holder}#{against}", text


def _proposals(
    more_minor: int, payment: Payment, open_now: Iterable[Recourse], currency: str
) -> Iterator[tuple[str, str]]:
    """Propose to settle what others paid once a debtor pays more than was overdue."""
    if payment.payer_kind not in ("borrower", "co_borrower") or more_minor <= 0:
        return
    for each in open_now:
        if each.basis != "co_debtor":
            more, may = Money(more_minor, currency), Money(each.amount_minor, currency)
            text = (
                f"{payment.payment_id} is {more} more than was overdue: propose to settle with"
                f" {each.holder_id}, who may reclaim {may}"
            )
            yield f"settle#{each.holder_id}#{each.against_id}", text


def _to_settle(why: str, payment: Payment, loan: Loan, as_of: date) -> Task:
    """Return the task to settle with who paid for another; who that is, the loan's parties say."""
    mark = hashlib.sha256(payment.payment_id.encode()).hexdigest()[:12]
    return Task(
        task_id=f"{loan.loan_id}.recourse.{mark}",
        kind=TaskKind.SETTLE_RECOURSE,
        person_id=loan.borrower_id,
        loan_id=loan.loan_id,
        role=Role.SUPERVISOR,
        officer=loan.advisor_name or None,
        reason=why[:LONGEST_REASON],
        opened_on=as_of,
        do_by=as_of + _TIME_TO_SETTLE,
    )


def _by_pair(found: Iterable[Recourse]) -> Counter[tuple[str, str]]:
    """Add up by holder and by who owes it."""
    totals: Counter[tuple[str, str]] = Counter()
    for each in found:
        totals[each.holder_id, each.against_id] += each.amount_minor
    return totals
