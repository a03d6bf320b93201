"""A missed promise brings one call by a person, the next working morning."""

from __future__ import annotations

from datetime import date

from recovery.domain.accounting.said import Promise, PromiseState
from recovery.domain.agreements.promise import PromiseOutcome
from recovery.domain.agreements.restraints import EVERYTHING, Block, Kind, Restraint
from recovery.domain.cases.promise_calls import calls_after, calls_ended
from tests.builders import a_loan

SATURDAY, MONDAY = date(2026, 3, 14), date(2026, 3, 16)
STATE = PromiseState("PR", Promise(date(2026, 3, 2), 10_000, date(2026, 3, 10), "phone"))
MISSED = [(STATE, PromiseOutcome.PARTLY_KEPT)]


def test_a_missed_promise_brings_two_tries_the_next_working_morning() -> None:
    [call] = calls_after(MISSED, a_loan(), (), None, SATURDAY)
    assert (call.do_by, call.tries_wanted, call.role) == (MONDAY, 2, "advisor")
    assert (call.officer, call.about) == ("Peter Otieno", "PR")
    assert "came in part" in call.reason
    assert list(calls_after([(STATE, PromiseOutcome.KEPT)], a_loan(), (), None, SATURDAY)) == []


def test_trained_people_call_in_hardship_and_nobody_while_calls_are_held() -> None:
    hardship = Restraint(Kind.HARDSHIP, SATURDAY, None, frozenset({Block.ARREARS}), "x")
    [call] = calls_after(MISSED, a_loan(), (hardship,), None, SATURDAY)
    assert call.role == "trained"
    stop = Restraint(Kind.STOP, SATURDAY, None, EVERYTHING, "x")
    assert list(calls_after(MISSED, a_loan(), (stop,), None, SATURDAY)) == []


def test_the_call_lapses_once_the_money_turns_out_to_have_come_in_time() -> None:
    assert list(calls_ended([(STATE, PromiseOutcome.KEPT)], a_loan())) == ["L-1.promise.PR"]
    assert list(calls_ended(MISSED, a_loan())) == []
