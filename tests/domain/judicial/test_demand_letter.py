"""The letter before costs: to the day, to the cent, and only for consumers."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.judicial.amount import Claim
from recovery.domain.judicial.collection_costs import EarlierCosts
from recovery.domain.judicial.demand_letter import demand_letter
from recovery.domain.shared.money import Money
from tests.claims import LETTER, a_dutch_claim, a_law

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


def test_small_claims_of_half_a_year_share_the_least_costs() -> None:
    before = EarlierCosts(on=date(2026, 3, 1), principal_minor=10_000, amount_minor=4_000)
    letter = replace(LETTER, amount_stated_minor=0)
    facts = a_dutch_claim(costs_before=(before,), letter=letter)
    found, details = asked(facts, claim=Claim(10_000))
    assert (found, details["bik"]) == ([], Money(0, "EUR"))
    again = replace(facts, letter=replace(LETTER, amount_stated_minor=4_000))
    assert asked(again, claim=Claim(10_000))[0] == ["NEW_VALID_LETTER_14_DAYS"]
    long_ago = replace(before, on=date(2025, 11, 14))
    facts = replace(again, costs_before=(long_ago,))
    assert asked(facts, claim=Claim(10_000))[1]["bik"] == Money(4_000, "EUR")


def test_tax_comes_on_top_only_for_a_creditor_who_cannot_deduct_it() -> None:
    facts = a_dutch_claim(debtor_type="company", vat_lost_pct=Decimal(21))
    assert asked(facts)[1] == {"bik": Money(44_500, "EUR"), "bik_vat": Money(9_345, "EUR")}
    letter = replace(LETTER, amount_stated_minor=53_845)
    found, details = asked(a_dutch_claim(letter=letter, vat_lost_pct=Decimal(21)))
    assert (found, details["bik_vat"]) == ([], Money(9_345, "EUR"))
    assert asked(a_dutch_claim(letter=letter))[0] == ["NEW_VALID_LETTER_14_DAYS"]


def test_what_was_cut_off_is_shown() -> None:
    details = asked(a_dutch_claim(debtor_type="company"), claim=Claim(150_000_000))[1]
    assert details["uncapped"] == Money(927_500, "EUR")
