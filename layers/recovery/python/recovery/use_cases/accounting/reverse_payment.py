"""Reverse a payment: it was never received, wherever its money is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from recovery.domain.accounting.payment import PaymentRecord, PaymentRef
from recovery.domain.intake.suspense import Release, Suspended
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import PaymentNotFoundError, Problem, RefusedError
from recovery.domain.shared.money import to_decimal_text
from recovery.ports.accounting import LoanChange
from recovery.ports.needs import PaymentPorts
from recovery.ports.payments import KnownPayment, SuspenseChange
from recovery.use_cases.accounting.losses import with_losses
from recovery.use_cases.accounting.party_effects import Books, with_party_effects
from recovery.use_cases.accounting.payment_news import released_news, reversed_news
from recovery.use_cases.accounting.take_up import taken_up
from recovery.use_cases.agreements.settling import with_settlement
from recovery.use_cases.portfolio.pass_on import with_passed_on
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_when_stale
from recovery.use_cases.shared.rules import Rules, rules_of


@dataclass(frozen=True, slots=True)
class Reversal:
    """What was reversed: payments on loans, and money in suspense."""

    payment_id: str
    records: tuple[PaymentRecord, ...]
    suspended: tuple[Suspended, ...] = ()

    def document(self) -> dict[str, object]:
        """Return it for the API, with the total of its parts."""
        parts = [
            (each.payment.amount_minor, each.reversed_on, each.reversal_reason, each.currency)
            for each in self.records
        ]
        parts += [
            (release.amount_minor, release.on, release.reason, each.currency)
            for each in self.suspended
            for release in each.releases
            if release.how == "reversed"
        ]
        _, on, reason, currency = parts[0]
        loan_ids = [each.loan_id for each in self.records]
        return {
            "payment_id": self.payment_id,
            **({"loan_id": loan_ids[0]} if len(loan_ids) == 1 else {"loan_ids": loan_ids}),
            "amount": to_decimal_text(sum(each[0] for each in parts), currency),
            "currency": currency,
            "reversed_on": str(on),
            "reason": reason,
        }


@retry_when_stale
def reverse_payment(
    institution_id: str,
    payment_id: str,
    reason: str,
    by: Actor,
    now: datetime,
    ports: PaymentPorts,
) -> Reversal:
    """Reverse the payment with all its shares and what of it is in suspense. Idempotent.

    Each loan is recomputed without it, in one transaction. Raises PaymentNotFoundError;
    RefusedError when some of it counts on another loan since, or all of it was refunded.
    """
    known = ports.payments.find(payment_id)
    if known is None:
        raise PaymentNotFoundError(f"there is no payment {payment_id}")
    records, suspended = _parts(known, ports)
    problems = tuple(_elsewhere(records, suspended, ports))
    if problems:
        raise RefusedError(*problems)
    if not records and (refunded := _refunded(suspended)):
        raise RefusedError(refunded)
    today = business_date(institution_id, now, ports.institutions)
    rules = rules_of(institution_id, today, ports.institutions)
    counting = [each for each in records if each.reversed_on is None]
    changes = [_reversed(each, reason, by, now, rules, ports) for each in counting]
    released = [_released(each, reason, by, now, today) for each in suspended if each.open_minor]
    if changes or released:
        ports.loans.commit(*changes, suspense=released)
    return Reversal(
        payment_id,
        (
            *(each for each in records if each.reversed_on),
            *(change.reversed_payments[0] for change in changes),
        ),
        (
            *(each for each in suspended if not each.open_minor),
            *(change.suspended for change in released),
        ),
    )


def _parts(known: KnownPayment, ports: PaymentPorts) -> tuple[list[PaymentRecord], list[Suspended]]:
    """Return the payments on loans and the money in suspense that the payment consists of."""
    if isinstance(known, Suspended):
        return [], [known]
    if isinstance(known, PaymentRecord):
        rest_id = known.links.rest_id
        return [known], _suspended([rest_id] if rest_id else [], ports)
    shares = [ports.payments.find(each.payment_id) for each in known.shares]
    records = [each for each in shares if isinstance(each, PaymentRecord)]
    rests = [each.links.rest_id for each in records if each.links.rest_id]
    whole = [each for each in shares if isinstance(each, Suspended)]
    return records, whole + _suspended([*rests, *filter(None, [known.rest_id])], ports)


def _suspended(payment_ids: Sequence[str], ports: PaymentPorts) -> list[Suspended]:
    found = (ports.payments.find(each) for each in payment_ids)
    return [each for each in found if isinstance(each, Suspended)]


def _elsewhere(
    records: Sequence[PaymentRecord], suspended: Sequence[Suspended], ports: PaymentPorts
) -> Iterator[Problem]:
    """Yield what counts elsewhere, on a loan that it was moved to or matched with."""
    matches = [
        (each.payment_id, "matched", release.posted_as)
        for each in suspended
        for release in each.releases
        if release.posted_as
    ]
    moves = [
        (each.payment.payment_id, "moved", each.links.moved_to)
        for each in records
        if each.links.moved_to
    ]
    for payment_id, how, to in (*moves, *matches):
        record = _last(to, ports)
        if record and record.reversed_on is None:
            last_id = record.payment.payment_id
            reason = f"{payment_id} was {how} and counts on loan {record.loan_id} as {last_id}"
            yield Problem("payment_id", reason, f"Reverse {last_id} first", "conflict")


def _last(ref: PaymentRef, ports: PaymentPorts) -> PaymentRecord | None:
    """Follow the payment to the loan to which it was moved last."""
    record = ports.loans.find_payment(ref.payment_id)
    while record and record.links.moved_to:
        record = ports.loans.find_payment(record.links.moved_to.payment_id)
    return record


def _refunded(suspended: Sequence[Suspended]) -> Problem | None:
    for each in suspended:
        if each.state == "refunded":
            reason = f"{each.payment_id} was refunded on {each.releases[-1].on}"
            return Problem("payment_id", reason, "Nothing of it is left to reverse", "conflict")
    return None


def _reversed(
    record: PaymentRecord,
    reason: str,
    by: Actor,
    now: datetime,
    rules: Rules,
    ports: PaymentPorts,
) -> LoanChange:
    return unposted(
        replace(
            record,
            # The local date can be ahead of the last review; nothing is reversed before it is paid.
            reversed_on=max(rules.as_of, record.payment.value_date),
            reversal_reason=reason,
            reversed_by=by.id,
            reversed_at=now,
        ),
        rules,
        ports,
    )


def unposted(record: PaymentRecord, rules: Rules, ports: PaymentPorts) -> LoanChange:
    """Return the change of the loan that the payment does not count on any more."""
    stored = ports.loans.load(record.loan_id)
    before = ports.loans.recorded(record.loan_id)
    after = before.with_payments(record)
    loan, state = taken_up(stored.loan, stored.state, after, rules)
    news = with_losses(reversed_news(record, state, rules.as_of), stored.state, state, loan)
    was, now = Books(stored.loan, stored.state, before), Books(loan, state, after)
    news = with_party_effects(news, was, now, record.payment, rules)
    outbox = with_passed_on(news, stored, before, after)
    change = LoanChange(stored.loan, loan, state, outbox, reversed_payments=(record,))
    assert record.reversed_at is not None
    return with_settlement(change, after, rules, record.reversed_at)


def _released(
    suspended: Suspended, reason: str, by: Actor, now: datetime, today: date
) -> SuspenseChange:
    release = Release(
        how="reversed",
        amount_minor=suspended.open_minor,
        on=max(today, suspended.value_date),
        reason=reason,
        by=by.id,
        at=now,
    )
    return SuspenseChange(suspended.released(release), released_news(suspended, release, today))
