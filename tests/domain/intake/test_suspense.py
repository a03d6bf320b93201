"""Money in suspense: what is left, how it left, and the balance."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.intake.suspense import (
    IN_WORDS,
    Release,
    Suspended,
    UnclaimedPayment,
    balances,
)
from recovery.domain.shared.errors import RefusedError

MARCH = date(2026, 3, 9)
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def suspended(payment_id="S-1", amount_minor=10_000, **changes) -> Suspended:
    money = Suspended(
        payment_id=payment_id,
        currency="EUR",
        amount_minor=amount_minor,
        value_date=MARCH,
        why="unknown_loan",
        suspended_by="bank",
        suspended_at=NOON,
    )
    return replace(money, **changes)


def release(amount_minor: int, how="refunded") -> Release:
    return Release(how=how, amount_minor=amount_minor, on=MARCH, reason="asked", by="ana", at=NOON)


def test_what_left_is_not_there_any_more() -> None:
    part = suspended().released(release(4_000, "matched"))
    assert (part.open_minor, part.state) == (6_000, "in_suspense")
    done = part.released(release(6_000))
    assert (done.open_minor, done.state, len(done.releases)) == (0, "refunded", 2)
    assert suspended().open_minor == 10_000


@pytest.mark.parametrize("amount_minor", [0, -1, 10_001])
def test_no_more_leaves_than_there_is(amount_minor) -> None:
    with pytest.raises(RefusedError) as refused:
        suspended().released(release(amount_minor))
    assert refused.value.problems[0].field == "amount"


def test_what_left_for_good_says_how() -> None:
    with pytest.raises(RefusedError, match="S-1 was refunded on 2026-03-09"):
        suspended().released(release(10_000)).released(release(1))


def test_balances_are_by_currency_and_leave_out_what_is_empty() -> None:
    money = [
        suspended(),
        suspended("S-2", 5_000).released(release(2_000)),
        suspended("S-3", 700, currency="KES"),
        suspended("S-4", 9, currency="USD").released(release(9)),
    ]
    assert balances(money) == {"EUR": 13_000, "KES": 700}
    assert balances([]) == {}


def test_an_unclaimed_payment_is_the_same_request_as_one_for_its_loan() -> None:
    payment = Payment("S-1", MARCH, 10_000)
    unclaimed = UnclaimedPayment(payment=payment, currency="EUR", loan_id="L-1", reference="r")
    assert unclaimed.fingerprint == PaymentRequest(payment, "L-1", "EUR", "r").fingerprint
    assert unclaimed.fingerprint != replace(unclaimed, loan_id=None).fingerprint


def test_every_reason_is_said_in_words() -> None:
    assert all(words and not words.endswith(".") for words in IN_WORDS.values())
