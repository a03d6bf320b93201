"""The letter before costs: to the day, to the cent, and only for consumers."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.judicial.amount import Claim
from recovery.domain.judicial.demand_letter import collection_costs, demand_letter
from recovery.domain.shared.money import Money
from tests.claims import LETTER, a_dutch_claim, a_law

SCALE = a_law("NL").find_scale()
CLAIM = Claim(320_000)


def asked(facts, on=date(2026, 5, 15), claim=CLAIM):
    found = list(demand_letter(facts, claim, a_law("NL", on)))
    details = {name: value for each in found for name, value in each.details.items()}
    return [e.code for e in found if e.code], details


@pytest.mark.parametrize(
    ("on", "codes", "costs"),
    [
        (date(2026, 4, 30), ["LETTER_14_DAYS"], 0),
        (date(2026, 5, 1), [], 44_500),
    ],
)
def test_costs_are_due_once_fourteen_days_after_receipt_are_over(on, codes, costs) -> None:
    found, details = asked(a_dutch_claim(), on)
    assert found == codes
    assert details["deemed_received"] == date(2026, 4, 16)
    assert details["letter_expires"] == date(2026, 4, 30)
    assert details["bik"] == Money(costs, "EUR")
    assert details.get("earliest_filing") == (date(2026, 5, 1) if codes else None)


@pytest.mark.parametrize(
    ("wording", "codes"),
    [
        ("valid", []),
        ("binnen veertien dagen vanaf de dag nadat deze brief bij u is bezorgd", []),
        ("binnen 14 dagen na dagtekening", ["NEW_VALID_LETTER_14_DAYS", "LETTER_TERM_TOO_SHORT"]),
        ("binnen 21 dagen na dagtekening", ["NEW_VALID_LETTER_14_DAYS", "LETTER_TERM_TOO_SHORT"]),
        ("not valid", ["NEW_VALID_LETTER_14_DAYS", "LETTER_TERM_TOO_SHORT"]),
        ("as soon as possible", ["NEW_VALID_LETTER_14_DAYS"]),
        (None, ["NEW_VALID_LETTER_14_DAYS"]),
    ],
)
def test_a_wording_that_nobody_knows_to_be_valid_is_not(wording, codes) -> None:
    found, details = asked(a_dutch_claim(letter=replace(LETTER, wording=wording)))
    assert found == codes
    assert details["bik"] == Money(44_500 if not codes else 0, "EUR")


def test_what_is_wrong_with_the_wording_rests_on_the_rule_about_words() -> None:
    letter = replace(LETTER, wording="na dagtekening")
    found = list(demand_letter(a_dutch_claim(letter=letter), CLAIM, a_law("NL")))
    assert [each.rule.id for each in found[:2]] == ["nl.judicial.words.letter"] * 2


def test_without_a_letter_nothing_is_filed_though_the_claim_stands() -> None:
    assert asked(a_dutch_claim(letter=None))[0] == ["LETTER_14_DAYS"]
    nothing = replace(LETTER, sent=None)
    assert asked(a_dutch_claim(letter=nothing))[0] == ["LETTER_14_DAYS"]


@pytest.mark.parametrize(
    ("stated", "codes", "costs"),
    [
        (44_500, [], 44_500),
        (44_501, ["NEW_VALID_LETTER_14_DAYS"], 0),
        (40_000, [], 40_000),
        (None, [], 44_500),
    ],
)
def test_a_letter_that_asked_too_much_is_none_and_too_little_is_all(stated, codes, costs) -> None:
    found, details = asked(a_dutch_claim(letter=replace(LETTER, amount_stated_minor=stated)))
    assert (found, details["bik"]) == (codes, Money(costs, "EUR"))


def test_after_a_payment_in_time_costs_follow_from_what_is_left() -> None:
    facts = a_dutch_claim(paid_in_time_minor=200_000)
    assert asked(facts, claim=Claim(120_000))[1]["bik"] == Money(18_000, "EUR")


def test_a_letter_from_before_the_default_is_none() -> None:
    for sent, codes in ((date(2026, 1, 31), ["NEW_VALID_LETTER_14_DAYS"]), (date(2026, 2, 2), [])):
        assert asked(a_dutch_claim(letter=replace(LETTER, sent=sent)))[0] == codes


@pytest.mark.parametrize("debtor", ["company", "natural_person_non_consumer"])
def test_who_borrowed_for_a_business_needs_no_letter(debtor) -> None:
    found, details = asked(a_dutch_claim(debtor_type=debtor, letter=None))
    assert (found, details) == ([], {"bik": Money(44_500, "EUR")})
    assert asked(a_dutch_claim(debtor_type=None, letter=None))[0] == ["LETTER_14_DAYS"]


@pytest.mark.parametrize(
    ("principal", "costs", "uncapped"),
    [
        (1, 4_000, 4_000),
        (26_666, 4_000, 4_000),
        (26_667, 4_000, 4_000),
        (26_700, 4_005, 4_005),
        (250_000, 37_500, 37_500),
        (500_000, 62_500, 62_500),
        (1_000_000, 87_500, 87_500),
        (20_000_000, 277_500, 277_500),
        (100_000_000, 677_500, 677_500),
        (150_000_000, 677_500, 927_500),
    ],
)
def test_the_scale_of_costs(principal, costs, uncapped) -> None:
    assert SCALE is not None
    assert collection_costs(SCALE, principal) == (costs, uncapped)


@given(st.integers(0, 10**10), st.integers(0, 10**10))
def test_costs_rise_with_the_claim_within_their_bounds(one, other) -> None:
    assert SCALE is not None
    low, high = (collection_costs(SCALE, each)[0] for each in sorted((one, other)))
    assert SCALE.least_minor <= low <= high <= SCALE.most_minor


def test_what_was_cut_off_is_shown() -> None:
    details = asked(a_dutch_claim(debtor_type="company"), claim=Claim(150_000_000))[1]
    assert details["uncapped"] == Money(927_500, "EUR")
