"""What an erasure takes away, and what must stay, why and until when."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.packs.reading import careful_people_pack, people_pack
from recovery.domain.agreements.rights import Erased, LegalHold, LoanHeld, erasure

TODAY = date(2026, 11, 27)
PACK = careful_people_pack()
OPEN, ENDED = LoanHeld("L-1", None), LoanHeld("L-2", date(2026, 1, 31))
HOLD = LegalHold(hold_id="H-1", reason="suit to come", placed_on=TODAY, placed_by="Lena")


def test_once_all_loans_have_ended_all_but_the_books_goes() -> None:
    found = erasure((ENDED,), (), PACK, TODAY)
    assert set(found.erases) == set(Erased)
    books, evidence, facts, proof = found.keeps
    assert "1826 days" in evidence.why and facts.until is None
    assert books.what == "contract, payments and letters about agreements of L-2"
    assert books.until == date(2033, 1, 31)
    assert "bookkeeping" in books.why
    assert proof.until == date(2029, 11, 27)


def test_an_open_loan_keeps_who_owes_it_and_says_so() -> None:
    found = erasure((ENDED, OPEN), (), PACK, TODAY)
    assert set(found.erases) == {Erased.NOTES, Erased.FORMER_DETAILS}
    kept = {each.what: each for each in found.keeps}
    assert "L-1" in kept["name and addresses"].why
    assert "L-2" not in kept["name and addresses"].why
    assert kept["contract, payments and letters about agreements of L-1"].until is None


def test_a_legal_hold_keeps_everything_until_it_ends() -> None:
    found = erasure((ENDED,), (HOLD,), PACK, TODAY)
    assert found.erases == ()
    [kept] = found.keeps
    assert (kept.what, "suit to come" in kept.why, kept.until) == ("everything", True, None)
    assert erasure((ENDED,), (replace(HOLD, ended_on=TODAY),), PACK, TODAY).erases


@pytest.mark.parametrize(("country", "until"), [("ES", 2032), ("NL", 2033), ("KE", 2033)])
def test_how_long_books_are_kept_depends_on_the_country(country, until) -> None:
    books, *_ = erasure((ENDED,), (), people_pack(country), TODAY).keeps
    assert books.until is not None and books.until.year == until


@given(
    loans=st.lists(
        st.builds(LoanHeld, st.text("ab", min_size=1), st.none() | st.just(TODAY)), max_size=4
    ),
    holds=st.lists(st.sampled_from([HOLD, replace(HOLD, ended_on=TODAY)]), max_size=3),
)
def test_nothing_is_both_erased_and_kept_and_nothing_is_passed_over(loans, holds) -> None:
    found = erasure(loans, holds, PACK, TODAY)
    kept = {each.what for each in found.keeps}
    assert not kept & {str(each) for each in found.erases}
    assert "everything" in kept or kept | set(found.erases) >= set(Erased)
    assert all(each.why for each in found.keeps)
