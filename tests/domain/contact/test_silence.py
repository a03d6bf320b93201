"""Silence after contact: only what arrived, in words they read, while no stop held."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.said import Promise, PromiseState
from recovery.domain.agreements.restraints import Block, Kind, Restraint
from recovery.domain.contact.silence import Reached, counted, unanswered, why_not
from recovery.domain.monitoring.pattern import NO_CONTACTS, Contacts

DAY = date(2026, 3, 2)
ARRIVED = Contacts(arrived=2, since=DAY)


@pytest.mark.parametrize("kind", ["thank_you", "reminder_before_due", "offer_due_day", "apology"])
def test_what_asks_nothing_needs_no_answer(kind: str) -> None:
    assert counted(NO_CONTACTS, kind, Reached.ARRIVED, DAY) == NO_CONTACTS


def test_what_arrived_is_counted_apart_from_what_could_not() -> None:
    contacts = NO_CONTACTS
    for number, reached in enumerate(Reached):
        on = DAY + timedelta(days=number)
        contacts = counted(contacts, "first_days_late", reached, on)
    once = Contacts(arrived=1, not_delivered=1, no_language=1, stopped=1, since=DAY)
    assert contacts == once


@pytest.mark.parametrize(
    ("reason", "missing", "reached"),
    [
        ("no text in qu", "language.qu", Reached.NO_LANGUAGE),
        ("held back: stop from 2026-03-02 until further notice", None, Reached.STOPPED),
        ("nobody asked", "consent", Reached.STOPPED),
        ("no address", "address", Reached.NOT_DELIVERED),
        ("undeliverable by sms: no address for sms", None, Reached.NOT_DELIVERED),
        ("paid in the meantime", None, None),
        ("one message at a time: today it is about L-2", None, None),
    ],
)
def test_why_it_was_not_sent_says_whose_side_it_is(reason, missing, reached) -> None:
    assert why_not(reason, missing) == reached


def a_promise(on: date) -> PromiseState:
    return PromiseState("PR-1", Promise(on, 1_000, on, "phone"))


def a_hold(on: date) -> Restraint:
    return Restraint(Kind.HARDSHIP, on, None, frozenset({Block.CALLS}), "told")


@given(st.integers(-30, 30))
def test_any_answer_since_starts_anew_and_an_earlier_one_does_not(days: int) -> None:
    on, expected = DAY + timedelta(days=days), NO_CONTACTS if days >= 0 else ARRIVED
    assert unanswered(ARRIVED, on, (), ()) == expected
    assert unanswered(ARRIVED, None, (a_promise(on),), ()) == expected
    assert unanswered(ARRIVED, None, (), (a_hold(on),)) == expected
    assert unanswered(NO_CONTACTS, on, (), ()) == NO_CONTACTS
