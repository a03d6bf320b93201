"""What has become of a payment."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from recovery.domain.accounting.fact import FactRecord, Recorded, Undo
from recovery.domain.accounting.history import Charge, Chargeback
from recovery.domain.accounting.payment import NO_LINKS, PaymentRef
from recovery.domain.accounting.payment_state import charged_back_minor, state_of
from tests.builders import a_payment

MARCH = date(2026, 3, 9)
MOVED = replace(NO_LINKS, moved_to=PaymentRef("L-2", "P-1.moved"))


@pytest.mark.parametrize(
    ("changes", "back_minor", "state"),
    [
        ({}, 0, "counted"),
        ({}, 1, "partly_charged_back"),
        ({}, 11_500, "charged_back"),
        ({"reversed_on": MARCH}, 0, "reversed"),
        ({"reversed_on": MARCH, "links": MOVED}, 0, "moved"),
    ],
)
def test_each_state_has_its_name(changes, back_minor, state) -> None:
    assert state_of(a_payment(**changes), back_minor) == state


def test_money_passed_on_to_an_owner_outside_says_so_while_it_counts() -> None:
    assert state_of(a_payment(), is_passed_on=True) == "passed_on"
    assert state_of(a_payment(), 40, is_passed_on=True) == "partly_charged_back"
    assert state_of(a_payment(reversed_on=MARCH), is_passed_on=True) == "reversed"


def test_only_chargebacks_of_this_payment_that_still_count_are_added() -> None:
    facts = [
        Chargeback("P-1", MARCH, 40),
        Chargeback("P-1", MARCH, 5),
        Chargeback("P-2", MARCH, 700),
        Charge(MARCH, "fee", 9_000),
        Chargeback("P-1", MARCH, 300),
        Undo("f4", MARCH),
    ]
    records = tuple(
        FactRecord(
            fact_id=f"f{number}",
            loan_id="L-1",
            fact=fact,
            known_on=MARCH,
            fingerprint="",
            reason="said so",
            recorded_by="ana",
            recorded_at=datetime(2026, 3, 9, 12, number, tzinfo=UTC),
        )
        for number, fact in enumerate(facts)
    )
    assert charged_back_minor("P-1", Recorded((), records)) == 45
