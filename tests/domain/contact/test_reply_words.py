"""Words, and how they are compared."""

import pytest

from recovery.domain.contact.reply_words import clauses_of, folded, is_word, phrase, says_alone


def test_accents_capitals_and_apostrophes_do_not_count() -> None:
    assert folded("ARRÊTEZ d'écrire") == folded("arretez decrire")


def test_clauses_end_at_a_sign_or_a_line() -> None:
    assert clauses_of("Wrong person, STOP!\nBye") == [("wrong", "person"), ("stop",), ("bye",)]


@pytest.mark.parametrize(
    ("written", "word", "expected"),
    [
        ("unsubscrbe", "unsubscribe", True),
        ("unsubscirbe", "unsubscribe", True),
        ("unsubscribee", "unsubscribe", True),
        ("unsubscrxbe", "unsubscribe", True),
        ("insubscribe", "unsubscribe", False),
        ("unsubscr", "unsubscribe", False),
        ("subscribe", "unsubscribe", False),
        ("stopppp", "stop", True),
        ("shop", "stop", False),
        ("stap", "stop", False),
    ],
)
def test_one_slip_is_let_pass_in_a_long_word_alone(written, word, expected) -> None:
    assert is_word(written, word) is expected


def test_a_word_alone_stands_among_filler_only() -> None:
    wanted, filler = frozenset({"stop"}), frozenset({"please"})
    assert says_alone(("please", "stop"), wanted, filler)
    assert not says_alone(("bus", "stop"), wanted, filler)
    assert not says_alone(("please",), wanted, filler)


def test_a_phrase_keeps_the_place_of_a_name() -> None:
    assert phrase("Not {name}") == ("not", "{name}")
