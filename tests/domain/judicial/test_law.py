"""Terms go from date to date; days that do not count are left out; words are read carefully."""

from datetime import date

import pytest

from recovery.domain.judicial.law import UnknownLawError, words_say
from recovery.domain.judicial.rules import TermRule, WordsRule
from tests.claims import a_law

RULE = {
    "id": "xx.judicial.term",
    "source": "An act",
    "confidence": "H",
    "valid_from": date(2020, 1, 1),
    "review_by": date(2030, 1, 1),
    "says": "So long",
}


def term(**length) -> TermRule:
    return TermRule(**RULE, term="standstill", **length)


@pytest.mark.parametrize(
    ("length", "start", "last"),
    [
        ({"days": 30}, date(2026, 3, 20), date(2026, 4, 19)),
        ({"months": 1}, date(2026, 1, 31), date(2026, 2, 28)),
        ({"months": 1}, date(2026, 5, 11), date(2026, 6, 11)),
        ({"years": 5}, date(2024, 2, 29), date(2029, 2, 28)),
        ({"days": 2, "skipped": ("sun", "mon", "holiday")}, date(2026, 4, 24), date(2026, 4, 28)),
        ({"days": 10, "skipped": ("sat", "sun", "august")}, date(2026, 7, 30), date(2026, 9, 11)),
        ({"days": 0}, date(2026, 7, 30), date(2026, 7, 30)),
    ],
)
def test_the_last_day_of_a_term(length, start, last) -> None:
    assert a_law("NL").last_day(term(**length), start) == last


def test_a_holiday_does_not_count_where_the_law_skips_it() -> None:
    rule = term(days=2, skipped=("sun", "mon", "holiday"))
    # 2026-05-14 is Ascension Day
    assert a_law("NL").last_day(rule, date(2026, 5, 12)) == date(2026, 5, 15)
    assert a_law("NL").last_day(term(days=2), date(2026, 5, 12)) == date(2026, 5, 14)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("burofax", True),
        ("BUROFAX, certified", True),
        ("uncertified", False),
        ("a certified letter without its content", False),
        ("carrier pigeon", None),
        ("", None),
        (None, None),
    ],
)
def test_a_text_with_no_known_word_is_for_a_person(text, says) -> None:
    words = WordsRule(
        **RULE,
        of="negotiation.proof",
        passes=("burofax", "certified"),
        fails=("uncertified", "without"),
    )
    assert words_say(words, text) is says


def test_what_the_pack_does_not_know_is_named() -> None:
    with pytest.raises(UnknownLawError) as unknown:
        a_law("NL").term("standstill")
    assert unknown.value.subject == "standstill"
    assert a_law("NL").find_term("standstill") is None


def test_the_careful_points_stand_behind_a_countrys_own() -> None:
    assert a_law("NL").point("debtor.deceased").id.startswith("careful.")
    assert a_law("ES").point("debtor.deceased").id.startswith("es.")
    assert a_law("KE").procedures() == ()
