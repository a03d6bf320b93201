"""An agreement by a code goes on record only with a yes of everybody to exactly its terms."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from recovery.domain.accounting.agreed import Agreement
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.agreements.yes_by_code import answer_code, send_code
from tests.life import OFFICER, Life
from tests.use_cases.agreements.test_agree import a_life, agree, offer, refused

SECOND = timedelta(seconds=1)


@pytest.fixture
def life(wiring) -> Life:
    return a_life(wiring)


def say_yes(life: Life, offer_id: str = "OF-1", option: str = "payment_plan") -> None:
    """Send the borrower a code, and answer with it."""
    now = life.ports.now()
    asked = ("L-1", offer_id, option, "B-1")
    send_code(*asked, "sms", OFFICER, now, life.ports)
    [typed] = re.findall(r"\b\d{6}\b", life.ports.messenger.texts[-1][1])
    answer_code(*asked, typed, OFFICER, now, life.ports)


def test_a_yes_by_code_is_the_proof(life: Life) -> None:
    offer(life)
    say_yes(life)
    agreed = agree(life, yes="code", proof=None).record.fact
    assert isinstance(agreed, Agreement)
    assert agreed.yes == "code" and re.fullmatch(r"[0-9a-f]{32}", agreed.proof)
    again = agree(life, yes="code", proof=None)
    assert not again.recorded and again.record.fact == agreed


def test_without_a_yes_to_this_option_nothing_is_agreed(life: Life) -> None:
    offer(life)
    assert refused(life, yes="code", proof=None) == {"signed_by"}
    now = life.ports.now()
    send_code("L-1", "OF-1", "payment_plan", "B-1", "sms", OFFICER, now, life.ports)
    assert refused(life, yes="code", proof=None) == {"signed_by"}
    assert refused(life, yes="code", proof="MADE-UP") == {"signed_by"}


def test_a_yes_to_another_option_is_none_to_this(life: Life) -> None:
    shown = offer(life, difficulty="less_income")
    one, other = (each.kind for each in shown.options[:2])
    say_yes(life, option=one)
    assert refused(life, option=other, yes="code", proof=None) == {"signed_by"}


def test_a_yes_to_another_offer_is_none_to_this(life: Life) -> None:
    offer(life)
    offer(life, "OF-2")
    say_yes(life, "OF-2")
    assert refused(life, yes="code", proof=None) == {"signed_by"}


def test_what_was_undone_needs_a_new_yes(life: Life) -> None:
    offer(life)
    say_yes(life)
    agree(life, yes="code", proof=None)
    life.say("L-1", "undo", undoes="AG-1", fact_id="U-1")
    assert refused(life, yes="code", proof=None, fact_id="AG-2") == {"signed_by"}
    life.ports.clock.at += SECOND
    say_yes(life)
    assert agree(life, yes="code", proof=None, fact_id="AG-2").recorded


def test_a_second_code_is_refused_once_it_is_agreed(life: Life) -> None:
    offer(life)
    say_yes(life)
    agree(life, yes="code", proof=None)
    with pytest.raises(RefusedError, match="was accepted as agreement AG-1"):
        say_yes(life)
