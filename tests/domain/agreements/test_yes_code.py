"""A code says yes to one option as it was shown, for one person, for minutes and few tries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.domain.accounting.agreed import Part
from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.agreements.yes_code import (
    LASTS,
    MOST_CODES,
    MOST_TRIES,
    YesCode,
    answered,
    answering_problems,
    asking_problems,
    digest_of,
    newest_of,
    next_id,
    terms_of,
    tried,
    wrong_code,
    yes_problems,
)
from tests.agreed import ON, PLAN, an_agreement, an_offer
from tests.builders import an_actor, fields

NOW = datetime(2026, 2, 2, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TERMS = terms_of("L-1", "OF-1", an_offer(), "payment_plan", "EUR")
ANA = an_actor("Ana Torres")


def a_code(typed: str = "123456", **changes) -> YesCode:
    code = YesCode(
        code_id="000001",
        loan_id="L-1",
        offer_id="OF-1",
        option="payment_plan",
        terms=TERMS,
        person_id="B-1",
        channel="sms",
        salt="00ff",
        digest=digest_of(typed, "00ff", "B-1", TERMS),
        asked_by=ANA,
        asked_at=NOW,
        until=NOW + LASTS,
    )
    return replace(code, **changes)


def test_only_the_code_matches_and_it_is_not_kept() -> None:
    code = a_code()
    assert code.matches("123456") and not code.matches("123457") and not code.matches("")
    assert "123456" not in str(code)
    assert a_code(salt="01", digest=digest_of("123456", "01", "B-1", TERMS)).digest != code.digest


@pytest.mark.parametrize("changes", [{"person_id": "B-2"}, {"terms": "0" * 64}, {"salt": "aa"}])
def test_it_is_bound_to_person_and_terms(changes) -> None:
    assert not replace(a_code(), **changes).matches("123456")


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(("on", "amount", "extra", "expires", "loan", "offer", "currency", "option")),
    st.integers(1, 400),
)
def test_any_other_date_or_amount_has_other_terms(what: str, by: int) -> None:
    offer, loan_id, offer_id, option, currency = an_offer(), "L-1", "OF-1", "payment_plan", "EUR"
    first, *rest = PLAN.payments
    days = timedelta(days=by)
    match what:
        case "on":
            later = replace(PLAN, payments=(Part(first.due_date + days, first.amount_minor), *rest))
            offer = an_offer(options=(later, *offer.options[1:]))
        case "amount":
            more = replace(PLAN, payments=(Part(first.due_date, first.amount_minor + by), *rest))
            offer = an_offer(options=(more, *offer.options[1:]))
        case "extra":
            offer = an_offer(options=(replace(PLAN, extra_minor=by), *offer.options[1:]))
        case "expires":
            offer = an_offer(expires_on=ON + timedelta(days=14 + by))
        case "loan":
            loan_id = f"L-{by + 1}"
        case "offer":
            offer_id = f"OF-{by + 1}"
        case "currency":
            currency = "KES"
        case "option":
            option = "extension"
    assert terms_of(loan_id, offer_id, offer, option, currency) != TERMS


def test_the_same_offer_has_the_same_terms_and_another_option_none() -> None:
    assert terms_of("L-1", "OF-1", an_offer(), "payment_plan", "EUR") == TERMS
    with pytest.raises(LookupError, match="holiday was not offered"):
        terms_of("L-1", "OF-1", an_offer(), "holiday", "EUR")


def test_an_answer_in_time_to_the_same_terms_is_compared() -> None:
    assert fields(answering_problems(a_code(), TERMS, NOW + LASTS - MINUTE)) == set()
    assert fields(answering_problems(a_code(), TERMS, NOW + LASTS)) == {"code"}
    assert fields(answering_problems(a_code(), "0" * 64, NOW)) == {"option"}
    assert fields(answering_problems(a_code(tries=MOST_TRIES), TERMS, NOW)) == {"code"}
    said = answered(tried(a_code()), ANA, NOW)
    assert fields(answering_problems(said, TERMS, NOW + timedelta(days=3))) == set()
    assert (said.tries, said.answered_by, said.answered_at) == (1, ANA, NOW)


def test_who_typed_a_wrong_one_hears_how_many_tries_are_left() -> None:
    assert "tries left: 2" in wrong_code(tried(a_code())).reason
    assert wrong_code(a_code(tries=MOST_TRIES)).remedy == "Ask for a new code"


def test_nobody_gets_codes_without_end() -> None:
    codes = [a_code(asked_at=NOW + n * MINUTE) for n in range(MOST_CODES)]
    later = NOW + timedelta(hours=23)
    assert fields(asking_problems(codes, "B-1", later)) == {"person_id"}
    assert fields(asking_problems(codes[1:], "B-1", later)) == set()
    assert fields(asking_problems(codes, "B-2", later)) == set()
    assert fields(asking_problems(codes, "B-1", NOW + timedelta(days=2))) == set()


def test_the_last_code_counts_alone() -> None:
    first, last = a_code(), a_code(code_id="000002", asked_at=NOW + MINUTE)
    other = a_code(code_id="000003", person_id="B-2", asked_at=NOW + 2 * MINUTE)
    assert newest_of([last, other, first], "B-1") == last
    assert newest_of([other], "B-1") is None
    assert next_id([last, other, first]) == "000004" and next_id([]) == "000001"


AGREED = an_agreement(offer_id="OF-1", yes="code")


def lacking(codes, signers=("B-1",), agreed=AGREED, on: Recorded | None = None) -> set[str]:
    return fields(yes_problems(codes, signers, agreed, TERMS, on or Recorded()))


def test_each_who_signs_has_said_yes_to_these_terms() -> None:
    said = answered(a_code(), ANA, NOW)
    assert lacking([said]) == set()
    assert lacking([]) == lacking([a_code()]) == {"signed_by"}
    assert lacking([said], ("B-1", "B-2")) == {"signed_by"}
    assert lacking([replace(said, terms="0" * 64)]) == {"signed_by"}
    asked_again = a_code(code_id="000002", asked_at=NOW + MINUTE)
    assert lacking([said, asked_again]) == {"signed_by"}


def test_a_yes_is_used_once() -> None:
    said = answered(a_code(), ANA, NOW)
    record = FactRecord(
        fact_id="AG-1",
        loan_id="L-1",
        fact=AGREED,
        known_on=ON,
        fingerprint="f",
        reason="said",
        recorded_by="ana",
        recorded_at=NOW + MINUTE,
    )
    undone = Recorded(facts=(record,))
    assert lacking([said], on=undone) == {"signed_by"}
    again = answered(a_code(code_id="000002", asked_at=NOW + 2 * MINUTE), ANA, NOW + 3 * MINUTE)
    assert lacking([said, again], on=undone) == set()
