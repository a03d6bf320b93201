"""What a payment must fit to be posted, and when it looks like one on record."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import NO_LINKS, PaymentRef, derived_id
from recovery.domain.accounting.payment_checks import (
    parts_that_look_like,
    payment_problems,
    possible_duplicate_of,
)
from tests.builders import FIRST_DUE, a_loan, a_payment, fields

TODAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PAID = Payment("P-2", FIRST_DUE, 11_500)


def problems(currency="EUR", **changes) -> set[str]:
    payment = replace(PAID, **changes)
    return fields(payment_problems(payment, currency, a_loan(), TODAY, TODAY))


def test_an_ordinary_payment_fits() -> None:
    assert problems() == set()
    assert problems(value_date=TODAY, instalment=12) == set()
    assert problems(value_date=a_loan().disbursed_on) == set()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"currency": "KES"}, "currency"),
        ({"instalment": 13}, "instalment"),
        ({"value_date": TODAY + timedelta(days=1)}, "value_date"),
        ({"value_date": date(2026, 1, 1)}, "value_date"),
    ],
)
def test_what_does_not_fit_names_its_field(changes, field) -> None:
    assert problems(**changes) == {field}


def test_all_that_is_wrong_is_said_together() -> None:
    assert problems("KES", instalment=99, value_date=date(2025, 1, 1)) == {
        "currency",
        "instalment",
        "value_date",
    }


def known(payment_id="P-1", **changes):
    return a_payment(payment_id, **{"posted_at": NOON - timedelta(hours=2), **changes})


def duplicate(*records, payment=PAID, reference=None) -> str | None:
    return possible_duplicate_of(payment, reference, NOON, Recorded(records))


def test_the_same_payment_under_another_id_within_a_day_looks_like_a_duplicate() -> None:
    assert duplicate(known()) == "P-1"
    earlier = known("P-9", posted_at=NOON - timedelta(hours=20))
    assert duplicate(known(), earlier) == "P-9"


@pytest.mark.parametrize(
    "other",
    [
        known(amount_minor=11_501),
        known(value_date=FIRST_DUE + timedelta(days=1)),
        known(reference="bank 17"),
        known(payment=replace(PAID, payment_id="P-1", payer_kind="guarantor")),
        known(payment=replace(PAID, payment_id="P-1", payer_id="G-1")),
        known(posted_at=NOON - timedelta(days=1)),
        known(posted_at=None),
        known(reversed_on=TODAY),
        known(links=replace(NO_LINKS, moved_from=PaymentRef("L-2", "P-0"))),
        known(links=replace(NO_LINKS, from_suspense="S-1")),
        known(links=replace(NO_LINKS, part_of="S-1")),
    ],
)
def test_one_that_differs_is_no_duplicate(other) -> None:
    assert duplicate(other) is None


def test_the_amount_as_it_was_sent_counts_not_what_stayed_on_the_loan() -> None:
    rest = replace(NO_LINKS, rest_id="P-1.rest", rest_minor=1_500)
    assert duplicate(known(amount_minor=10_000, links=rest)) == "P-1"


def test_shares_lead_to_the_payment_that_was_split() -> None:
    share = known("X.1", amount_minor=4_000, links=replace(NO_LINKS, part_of="X"))
    recorded = Recorded((known(), share))
    assert parts_that_look_like(PAID, None, NOON, recorded) == {"X"}
    assert parts_that_look_like(PAID, "bank 17", NOON, recorded) == set()
    late = replace(share, posted_at=NOON - timedelta(days=2))
    assert parts_that_look_like(PAID, None, NOON, Recorded((late,))) == set()


@pytest.mark.parametrize("length", [1, 57, 58, 64])
def test_a_derived_id_is_an_id_of_its_own(length) -> None:
    payment_id = "x" * length
    derived = {derived_id(payment_id, word) for word in ("moved", "rest", "1")}
    assert len(derived) == 3
    assert all(len(each) <= 64 for each in derived)
    assert derived_id(payment_id, "moved") == derived_id(payment_id, "moved")


def test_a_short_id_stays_readable_and_long_ones_stay_apart() -> None:
    assert derived_id("P-1", "moved") == "P-1.moved"
    alike = ("y" * 63 + "1", "y" * 63 + "2")
    assert len({derived_id(each, "moved") for each in alike}) == 2
