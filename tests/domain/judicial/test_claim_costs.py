"""Costs of collection in a claim: from when, on what is still unpaid, or why none."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.judicial.claim import Claim
from recovery.domain.judicial.claim_facts import Collection
from recovery.domain.judicial.collection_costs import EarlierCosts, Letter
from recovery.domain.judicial.lawful_rates import AgreedRates
from tests.domain.judicial.test_claim import claim, paid, part

OWED = part(due_on=date(2026, 1, 31), principal_minor=320_000)
LETTER = Letter(
    sent_on=date(2026, 4, 14),  # received on 16 April, so the term ends on the 30th
    term_days=14,
    counted_from="day_after_receipt",
    states_consequence=True,
    amount_stated_minor=44_500,
)
ON = date(2026, 5, 15)


def with_letter(letter: Letter | None = LETTER, *parts, **more) -> Claim:
    asked = {"law": "NL", "as_of": ON, "collection": Collection(letter=letter), **more}
    return claim(*(parts or (OWED,)), **asked)


def whys(found: Claim) -> list[str]:
    return [each.why for each in found.not_claimed]


def test_after_the_term_the_costs_of_the_scale_are_owed() -> None:
    found = with_letter()
    [line] = [each for each in found.lines if each.kind == "collection_costs"]
    assert (line.amount_minor, line.base_minor, line.from_on) == (44_500, 320_000, date(2026, 5, 1))
    assert [each.id for each in line.rules] == [
        "nl.claim.cost_scales.bik",
        "nl.claim.letters.fourteen_days",
    ]
    assert found.costs_minor == 44_500 and not found.not_claimed


def test_while_the_term_runs_none_are() -> None:
    assert whys(with_letter(as_of=date(2026, 4, 30))) == ["term_running"]
    assert with_letter(as_of=date(2026, 5, 1)).costs_minor == 44_500


def test_what_is_paid_in_time_costs_nothing() -> None:
    in_time = with_letter(payments=(paid(date(2026, 4, 30), 220_000),))
    interest = 320_000 * 4 * 89 / 36_500
    unpaid = 320_000 - (220_000 - round(interest))
    assert in_time.costs_minor == round(unpaid * 0.15)
    late = with_letter(payments=(paid(date(2026, 5, 1), 220_000),))
    assert late.costs_minor == 0, "paid first (BW 6:44)"
    assert [e.spread.costs for e in late.lines if e.spread] == [44_500]


def test_who_pays_everything_in_time_owes_none() -> None:
    found = with_letter(payments=(paid(date(2026, 4, 20), 325_000),))
    assert (found.total_minor, found.costs_minor) == (0, 0)


@pytest.mark.parametrize(
    ("letter", "why"),
    [
        (None, "letter_missing"),
        (replace(LETTER, counted_from="date_of_letter"), "term_not_from_the_day_after_receipt"),
        (replace(LETTER, term_days=10), "term_too_short"),
        (replace(LETTER, amount_stated_minor=44_501), "amount_too_high"),
        (replace(LETTER, amount_stated_minor=None), "amount_not_stated"),
        (replace(LETTER, sent_on=date(2026, 1, 31)), "sent_before_default"),
    ],
)
def test_a_faulty_letter_makes_no_costs_due_however_long_one_waits(letter, why) -> None:
    found = with_letter(letter, as_of=date(2026, 11, 27))
    assert why in whys(found)
    assert found.costs_minor == 0
    assert found.not_claimed[0].amount_minor == 44_500
    assert found.not_claimed[0].rules[0].id == "nl.claim.letters.fourteen_days"


def test_a_letter_that_states_less_binds_who_wrote_it() -> None:
    assert with_letter(replace(LETTER, amount_stated_minor=40_000)).costs_minor == 40_000


def test_only_what_was_overdue_when_it_was_sent_counts() -> None:
    later = part("2", date(2026, 4, 14), 100_000)
    assert with_letter(LETTER, OWED, later).costs_minor == 44_500
    disputed = replace(OWED, disputed_minor=70_000)
    assert whys(with_letter(LETTER, disputed)) == ["disputed", "amount_too_high"]


def test_several_claims_in_one_letter_are_one_principal() -> None:
    parts = (part("1", date(2026, 1, 31), 10_000), part("2", date(2026, 2, 28), 15_000))
    found = with_letter(replace(LETTER, amount_stated_minor=4000), *parts)
    assert found.costs_minor == 4000


def test_vat_comes_on_top_within_what_the_letter_states() -> None:
    asked = Collection(letter=replace(LETTER, amount_stated_minor=53_845), vat_pct=Decimal(21))
    found = claim(OWED, law="NL", as_of=ON, collection=asked)
    kinds = [(e.kind, e.amount_minor) for e in found.lines if e.kind in ("collection_costs", "vat")]
    assert kinds == [("collection_costs", 44_500), ("vat", 9345)]
    without = replace(asked, letter=LETTER)
    assert claim(OWED, law="NL", as_of=ON, collection=without).costs_minor == 44_500


def test_a_business_owes_costs_without_a_letter() -> None:
    business = AgreedRates(capacity="business")
    asked = Collection(on=date(2026, 3, 1))
    found = claim(OWED, law="NL", as_of=ON, agreed=business, collection=asked)
    assert found.costs_minor == 44_500
    big = part(due_on=date(2026, 1, 31), principal_minor=150_000_000)
    found = claim(big, law="NL", as_of=ON, agreed=business, collection=asked)
    assert found.costs_minor == 677_500


def test_costs_charged_before_on_small_instalments_count_towards_the_most() -> None:
    before = (EarlierCosts(on=date(2026, 2, 10), principal_minor=10_000, amount_minor=4000),)
    small = part(due_on=date(2026, 3, 1), principal_minor=15_000)
    asked = Collection(letter=replace(LETTER, amount_stated_minor=0), earlier=before)
    assert claim(small, law="NL", as_of=ON, collection=asked).costs_minor == 0
    stated = replace(asked, letter=replace(LETTER, amount_stated_minor=4000))
    assert whys(claim(small, law="NL", as_of=ON, collection=stated)) == ["amount_too_high"]


def test_where_there_is_no_scale_the_answer_says_so() -> None:
    found = claim(OWED, as_of=ON, collection=Collection(letter=LETTER))
    assert whys(found) == ["no_scale"] and found.costs_minor == 0
