"""No name becomes a link in a message."""

from __future__ import annotations

import pytest

from recovery.messages.writing import person_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ana Quispe https://evil.example/x", "Ana Quispe"),
        ("Ana www.evil.example", "Ana www evil example"),
        ("evil.com", "evil com"),
        ("ana@evil.com", "ana evil com"),
        ("Ana evil.com/pay Torres", "Ana Torres"),
        ("J.R.R. Tolkien", "J.R.R. Tolkien"),
        ("O'Neil St. John", "O'Neil St. John"),
        ("Ana Ma. del Río", "Ana Ma. del Río"),
        ("María José Núñez-Ortega", "María José Núñez-Ortega"),
    ],
)
def test_a_name_from_outside_holds_no_address(name: str, shown: str) -> None:
    assert person_name(name, 60) == shown
