"""A promise to pay as JSON: what was said, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from recovery.domain.accounting.said import PromiseState
from recovery.domain.agreements.promise import outcome
from recovery.domain.agreements.restraints import Restraint
from recovery.domain.shared.money import to_decimal_text


def promise_document(
    each: PromiseState, restraints: Iterable[Restraint], as_of: date, currency: str
) -> dict[str, object]:
    """Convert a promise as it stands at ``as_of``."""
    promise = each.promise
    return {
        "promise_id": each.promise_id,
        "made_on": promise.on.isoformat(),
        "pay_on": promise.pay_on.isoformat(),
        "judged_on": promise.judged_on.isoformat(),
        "amount": to_decimal_text(promise.amount_minor, currency),
        "paid": to_decimal_text(each.own_minor, currency),
        "paid_by_others": to_decimal_text(each.others_minor, currency),
        "channel": promise.channel,
        "pay_by": promise.pay_by,
        "outcome": outcome(each, restraints, as_of).value,
    }
