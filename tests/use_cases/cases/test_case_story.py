"""The story of a case: what was due, paid, said, promised and decided, by date."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from recovery.ports.accounting import LoanNotFoundError
from recovery.use_cases.cases.case_story import tell_cases
from tests.life import Life
from tests.village import Executions


def a_story(wiring: SimpleNamespace) -> list[dict]:
    """Let a loan be late, promise, pay in part, and then all."""
    wiring.workflow = Executions(wiring.cases)
    life = Life(wiring, date(2026, 1, 20))
    life.lend()
    life.until(date(2026, 2, 5))
    life.say("L-1", "promise", amount="40.00", pay_on="2026-02-10", channel="phone")
    life.until(date(2026, 2, 9))
    life.pay("L-1", 4000)
    life.until(date(2026, 2, 20))
    life.pay("L-1", 1_000_000)
    return tell_cases("L-1", wiring.now(), wiring)["cases"]


def test_a_case_is_told_with_money_and_contacts_by_date(wiring) -> None:
    (case,) = a_story(wiring)
    happened = case["happened"]
    assert [each["on"] for each in happened] == sorted(each["on"] for each in happened)
    told = {each["what"]: each for each in reversed(happened)}
    assert {"due", "paid", "said", "promised"} <= told.keys()
    assert told["due"]["text"].startswith("instalment 1: ")
    assert told["due"]["text"].endswith(" EUR")
    assert "40.00 EUR" in told["paid"]["text"]
    assert "40.00 EUR" in told["promised"]["text"]
    assert case["path"][0]["stage"] == "early_management"
    assert happened[0]["what"] == "due"  # what was unpaid when it began comes first


def test_it_ends_with_the_case_and_tells_only_what_fell_due_until_then(wiring) -> None:
    (case,) = a_story(wiring)
    assert (case["state"], case["until"]) == ("paid_off", "2026-02-20")
    assert all(each["on"] <= "2026-02-20" for each in case["happened"])
    due = [each for each in case["happened"] if each["what"] == "due"]
    assert len(due) == 1


def test_a_loan_that_was_never_imported_is_refused(wiring) -> None:
    with pytest.raises(LoanNotFoundError):
        tell_cases("L-9", wiring.now(), wiring)
