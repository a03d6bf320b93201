"""What of a loan's money goes on to an owner outside, and how that changes with new facts.

The owner on a payment's value date gets it; what the payer's bank takes back later is taken back
from the owner of that day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from recovery.domain.accounting.history import Chargeback, History
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.ownership import Owner, PassedOn, passed_on


def money_passed_on(owners: Sequence[Owner], history: History) -> Mapping[str, PassedOn]:
    """Return all that is passed on, by what it is about; negative where money was taken back.

    ``history`` holds what counts; ``owners`` are the loan's, first to last.
    """
    found: dict[str, PassedOn] = {}
    for payment in history.payments:
        if passed := passed_on(owners, payment):
            found[payment.payment_id] = passed
    alike: Counter[Chargeback] = Counter()
    for back in history.chargebacks:
        alike[back] += 1
        taken = Payment(back.payment_id, back.on, back.amount_minor)
        if passed := passed_on(owners, taken):
            found[f"{back} {alike[back]}"] = replace(passed, amount_minor=-back.amount_minor)
    return found


def differences(
    before: Mapping[str, PassedOn], after: Mapping[str, PassedOn]
) -> Iterator[PassedOn]:
    """Yield what is passed on that was not before, and (negative) what no longer is."""
    for key in sorted({*before, *after}):
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        if was:
            yield replace(was, amount_minor=-was.amount_minor)
        if now:
            yield now
