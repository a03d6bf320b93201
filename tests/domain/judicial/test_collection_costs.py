"""The scale of collection costs, what small claims cost together, and the letter of 14 days."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.packs.reading import careful_claim_pack, claim_pack
from recovery.domain.judicial.collection_costs import (
    EarlierCosts,
    Letter,
    collection_costs,
    deemed_received,
    letter_expires,
    letter_faults,
    letter_rule,
    states_too_much,
    vat_minor,
)

NETHERLANDS = claim_pack("NL")
ON = date(2026, 5, 15)
KINGS_DAY = frozenset({date(2026, 4, 27)})
RULE = letter_rule(NETHERLANDS, "consumer", ON)
assert RULE is not None
LETTER = Letter(
    sent_on=date(2026, 4, 14),
    term_days=14,
    counted_from="day_after_receipt",
    states_consequence=True,
    amount_stated_minor=44500,
)


def cost(principal_minor: int, *earlier: EarlierCosts, on: date = ON) -> int:
    found = collection_costs(principal_minor, NETHERLANDS, "EUR", on, earlier)
    assert found is not None
    return found.amount_minor


@pytest.mark.parametrize(
    ("principal_minor", "amount_minor"),
    [
        (0, 0),
        (1, 4000),
        (26666, 4000),
        (26667, 4000),
        (26700, 4005),
        (250_000, 37_500),
        (320_000, 44_500),
        (500_000, 62_500),
        (1_000_000, 87_500),
        (3_200_000, 109_500),
        (20_000_000, 277_500),
        (99_999_900, 677_500),
        (100_000_000, 677_500),
        (150_000_000, 677_500),
    ],
)
def test_the_scale_has_its_bands_its_least_and_its_most(principal_minor, amount_minor) -> None:
    assert cost(principal_minor) == amount_minor


def test_what_the_most_cuts_off_is_shown() -> None:
    found = collection_costs(150_000_000, NETHERLANDS, "EUR", ON)
    assert found is not None and found.uncapped_minor == 927_500


@given(st.integers(0, 200_000_000), st.integers(0, 10_000_000))
def test_a_higher_principal_never_costs_less(principal_minor, more_minor) -> None:
    assert cost(principal_minor) <= cost(principal_minor + more_minor)


def test_small_claims_within_six_months_cost_together_what_one_would() -> None:
    first = EarlierCosts(on=date(2026, 2, 1), principal_minor=10_000, amount_minor=4000)
    assert cost(15_000, first) == 0
    assert cost(20_000, first) == 500, "300.00 together cost 45.00"
    assert cost(15_000, replace(first, on=date(2025, 11, 15))) == 0
    assert cost(15_000, replace(first, on=date(2025, 11, 14))) == 4000
    assert cost(15_000, replace(first, principal_minor=30_000, amount_minor=4500)) == 4000
    assert cost(15_000, first, on=date(2024, 9, 30)) == 4000


@given(st.lists(st.integers(1, 26_667), min_size=1, max_size=8))
def test_small_claims_together_never_cost_more_than_one_letter_for_all(principals) -> None:
    charged: list[EarlierCosts] = []
    for principal in principals:
        amount = cost(principal, *charged)
        charged.append(EarlierCosts(on=ON, principal_minor=principal, amount_minor=amount))
    assert sum(each.amount_minor for each in charged) <= max(4000, cost(sum(principals)))


@pytest.mark.parametrize("pack", [claim_pack("ES"), careful_claim_pack()])
def test_without_a_scale_nothing_is_charged(pack) -> None:
    assert collection_costs(320_000, pack, "EUR", ON) is None
    assert letter_rule(pack, "consumer", ON) is None
    assert vat_minor(1000, Decimal(21), pack, ON) == 0


def test_a_scale_is_for_its_currency_and_its_time() -> None:
    assert collection_costs(320_000, NETHERLANDS, "USD", ON) is None
    assert collection_costs(320_000, NETHERLANDS, "EUR", date(2016, 12, 31)) is None


def test_vat_comes_on_top_only_for_who_cannot_deduct_it() -> None:
    assert vat_minor(44_500, Decimal(21), NETHERLANDS, ON) == 9345
    assert vat_minor(50, Decimal(21), NETHERLANDS, ON) == 11, "10.5 is rounded half up"
    assert vat_minor(44_500, None, NETHERLANDS, ON) == 0


@pytest.mark.parametrize(
    ("sent_on", "received_on"),
    [
        (date(2026, 4, 14), date(2026, 4, 16)),  # a Tuesday
        (date(2026, 4, 16), date(2026, 4, 18)),
        (date(2026, 4, 17), date(2026, 4, 21)),  # a Friday: Saturday, then Tuesday
        (date(2026, 4, 18), date(2026, 4, 22)),
        (date(2026, 4, 19), date(2026, 4, 22)),
        (date(2026, 4, 25), date(2026, 4, 29)),
    ],
)
def test_a_letter_counts_as_received_on_the_second_day_of_delivery(sent_on, received_on) -> None:
    letter = replace(LETTER, sent_on=sent_on)
    assert deemed_received(letter, RULE, KINGS_DAY) == received_on


def test_a_holiday_is_no_day_of_delivery_and_a_known_receipt_holds() -> None:
    tuesday = frozenset({date(2026, 4, 15)})
    assert deemed_received(LETTER, RULE, tuesday) == date(2026, 4, 17)
    known = replace(LETTER, received_on=date(2026, 4, 20))
    assert deemed_received(known, RULE, tuesday) == date(2026, 4, 20)


def test_the_term_is_fourteen_days_from_the_day_after_receipt_or_what_the_letter_gives() -> None:
    assert letter_expires(LETTER, RULE, frozenset()) == date(2026, 4, 30)
    assert letter_expires(replace(LETTER, term_days=21), RULE, frozenset()) == date(2026, 5, 7)
    assert letter_expires(replace(LETTER, term_days=7), RULE, frozenset()) == date(2026, 4, 30)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"term_days": 13}, "term_too_short"),
        ({"counted_from": "date_of_letter"}, "term_not_from_the_day_after_receipt"),
        ({"counted_from": "receipt"}, "term_not_from_the_day_after_receipt"),
        ({"counted_from": "not_said"}, "term_not_from_the_day_after_receipt"),
        ({"states_consequence": False}, "consequence_not_stated"),
        ({"amount_stated_minor": None}, "amount_not_stated"),
        ({"sent_on": date(2026, 1, 31)}, "sent_before_default"),
    ],
)
def test_each_fault_of_a_letter_is_named(changes, fault) -> None:
    assert letter_faults(replace(LETTER, **changes), RULE, date(2026, 2, 1)) == (fault,)


def test_a_right_letter_has_none_and_a_longer_term_is_no_fault() -> None:
    assert letter_faults(replace(LETTER, term_days=21), RULE, date(2026, 4, 14)) == ()
    assert not states_too_much(LETTER, 44_500)
    assert states_too_much(LETTER, 44_499)
    assert not states_too_much(replace(LETTER, amount_stated_minor=None), 0)


def test_a_business_needs_no_letter() -> None:
    assert letter_rule(NETHERLANDS, "business", ON) is None
