"""Falling payments are kept only while each is clearly smaller than the one before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from recovery.domain.accounting.allocation import take_up
from recovery.domain.accounting.history import Chargeback, History
from recovery.domain.accounting.late_charges import NO_CHARGES
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.loan_facts import NO_FACTS, with_history
from recovery.domain.policy import DEFAULT_POLICY
from tests.builders import FIRST_DUE, a_schedule

SCHEDULE = a_schedule(12)


def falling(*minor: int, chargebacks=(), **payer) -> list[int]:
    payments = tuple(
        Payment(f"P-{n}", FIRST_DUE + timedelta(days=7 * n), each, **payer)
        for n, each in enumerate(minor)
    )
    history = History(payments=payments, chargebacks=chargebacks)
    last = FIRST_DUE + timedelta(days=90)
    allocation = lambda on: DEFAULT_POLICY.accounting.allocation  # noqa: E731
    owed = take_up(SCHEDULE, history, allocation, NO_CHARGES, last)
    return [each.minor for each in with_history(NO_FACTS, history, owed).falling]


@pytest.mark.parametrize(
    ("paid", "kept"),
    [
        ((1_000, 900, 800), [1_000, 900, 800]),
        ((1_000, 900), []),
        ((1_000, 990, 980, 970), []),  # a declining balance
        ((500, 1_000, 900, 800), [1_000, 900, 800]),
        ((1_000, 900, 800, 1_000), []),
        ((1_000, 900, 800, 700, 600), [900, 800, 700, 600]),
    ],
)
def test_the_last_run_of_falling_payments_is_kept(paid, kept) -> None:
    assert falling(*paid) == kept


def test_what_others_paid_is_not_the_borrowers_own() -> None:
    assert falling(1_000, 900, 800, payer_kind="guarantor", payer_id="G-1") == []


def test_what_the_bank_took_back_was_not_paid() -> None:
    back = Chargeback("P-2", FIRST_DUE + timedelta(days=30), 800, "AM04")
    assert falling(1_000, 900, 800, chargebacks=(back,)) == []
