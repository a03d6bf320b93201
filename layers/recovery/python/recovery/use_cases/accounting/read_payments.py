"""Read payments in the API's format: one, those of a loan, those of a day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice

from recovery.documents.accounting.payments import (
    payer_receipt,
    payment_document,
    split_document,
    suspended_document,
)
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.ownership import Owner, passed_on
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.accounting.payment_state import charged_back_minor, state_of
from recovery.domain.intake.person_payment import SplitPayment
from recovery.domain.intake.suspense import Suspended
from recovery.domain.shared.errors import PaymentNotFoundError
from recovery.domain.shared.money import to_decimal_text
from recovery.ports.needs import HasPayments, PaymentPorts
from recovery.ports.payments import KnownPayment


def read_payment(payment_id: str, ports: PaymentPorts) -> dict[str, object]:
    """Describe the payment with its state. Raises PaymentNotFoundError."""
    return _document(_find(payment_id, ports), ports)


def read_receipt(institution_id: str, payment_id: str, ports: PaymentPorts) -> dict[str, object]:
    """Return the receipt for the one who paid, from the loan on which the money counts now.

    Raises PaymentNotFoundError.
    """
    known = _find(payment_id, ports)
    while isinstance(known, PaymentRecord) and known.links.moved_to:
        known = _find(known.links.moved_to.payment_id, ports)
    return payer_receipt(known, ports.institutions.name(institution_id))


def payments_of_loan(loan_id: str, ports: PaymentPorts) -> list[dict[str, object]]:
    """List every payment of the loan, also those that do not count any more, oldest first.

    Raises LoanNotFoundError.
    """
    owners = ports.loans.load(loan_id).state.ownership.owners
    recorded = ports.loans.recorded(loan_id)
    in_order = sorted(
        recorded.payments, key=lambda each: (each.payment.value_date, each.payment.payment_id)
    )
    return [_on_loan(each, recorded, owners) for each in in_order]


def payments_of_day(
    value_date: date, after: str | None, limit: int, ports: HasPayments
) -> dict[str, object]:
    """List the payments of one value date by id, a page at a time.

    ``next`` is where the next page begins. The first page has the totals of the whole day, by
    currency and state. What was charged back of a payment or passed on is not looked up here.
    """
    found = ports.payments.of_day(value_date, after)
    page = list(islice(found, limit + 1))
    more = len(page) > limit
    answer: dict[str, object] = {
        "on": value_date.isoformat(),
        "payments": [
            suspended_document(each) if isinstance(each, Suspended) else payment_document(each)
            for each in page[:limit]
        ],
        "next": _id_of(page[limit - 1]) if more else None,
    }
    if after is None:
        answer["totals"] = _totals([*page, *found])
    return answer


def _totals(payments: Iterable[PaymentRecord | Suspended]) -> dict[str, object]:
    """Add up by currency and state; what left suspense counts as it left."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    amounts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in payments:
        if isinstance(each, PaymentRecord):
            parts = [(str(state_of(each)), each.payment.amount_minor)]
        else:
            parts = [("in_suspense", each.open_minor)] if each.open_minor else []
            parts += [(release.how, release.amount_minor) for release in each.releases]
        for state, amount_minor in parts:
            counts[each.currency][state] += 1
            amounts[each.currency][state] += amount_minor
    return {
        currency: {
            state: {
                "payments": counts[currency][state],
                "amount": to_decimal_text(amount_minor, currency),
            }
            for state, amount_minor in sorted(by_state.items())
        }
        for currency, by_state in sorted(amounts.items())
    }


def _find(payment_id: str, ports: HasPayments) -> KnownPayment:
    known = ports.payments.find(payment_id)
    if known is None:
        raise PaymentNotFoundError(f"there is no payment {payment_id}")
    return known


def _document(known: KnownPayment, ports: PaymentPorts) -> dict[str, object]:
    if isinstance(known, Suspended):
        return suspended_document(known)
    if isinstance(known, PaymentRecord):
        owners = ports.loans.load(known.loan_id).state.ownership.owners
        return _on_loan(known, ports.loans.recorded(known.loan_id), owners)
    parts = [_document(_find(part_id, ports), ports) for part_id in _part_ids(known)]
    states = {str(part["state"]) for part in parts}
    return split_document(known, parts, states.pop() if len(states) == 1 else "split")


def _on_loan(
    record: PaymentRecord, recorded: Recorded, owners: Sequence[Owner]
) -> dict[str, object]:
    passed = None
    if owners and record.reversed_on is None:
        passed = passed_on(owners, record.payment)
    back_minor = charged_back_minor(record.payment.payment_id, recorded)
    return payment_document(record, back_minor, passed.to if passed else None)


def _part_ids(split: SplitPayment) -> list[str]:
    rest = [split.rest_id] if split.rest_id else []
    return [*(each.payment_id for each in split.shares), *rest]


def _id_of(each: PaymentRecord | Suspended) -> str:
    return each.payment_id if isinstance(each, Suspended) else each.payment.payment_id
