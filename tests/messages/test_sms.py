"""How long an SMS is, and in how many parts it goes."""

from __future__ import annotations

import pytest

from recovery.messages.sms import first_that_fits, in_gsm, length_of, parts_of


@pytest.mark.parametrize(
    ("sms", "length", "parts"),
    [
        ("", 0, 1),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("€" * 80, 160, 1),  # of the extension: two places each
        ("€" * 81, 162, 2),
        ("Ł" * 70, 70, 1),
        ("Ł" * 71, 71, 2),
        ("Ł" * 134, 134, 2),
        ("Ł" * 135, 135, 3),
        ("😀" * 35, 70, 1),  # two units of UTF-16 each
        ("😀" * 36, 72, 2),
    ],
)
def test_places_and_parts(sms: str, length: int, parts: int) -> None:
    assert (length_of(sms), parts_of(sms)) == (length, parts)


def test_accents_are_folded_if_all_fits_the_alphabet_then() -> None:
    assert in_gsm("préstamo día « São »") == 'préstamo dia " Sao "'
    assert in_gsm("día Ł") == "día Ł"


def test_the_first_that_fits_is_taken_else_the_last() -> None:
    assert first_that_fits(["a" * 161, "á" * 160, "b"]) == "a" * 160
    assert first_that_fits(["Ł" * 100, "b" * 161]) == "b" * 161
