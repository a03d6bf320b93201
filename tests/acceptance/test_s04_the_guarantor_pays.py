"""S04: the guarantor pays on the day for which the borrower promised; then the borrower pays too.

What it does to guarantee and recourse is tested in ``use_cases/accounting/test_guarantor_pays``.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from recovery.domain.accounting.loan import Components
from recovery.domain.accounting.party import Party
from recovery.domain.monitoring.pattern import Behaviour, PatternKind
from recovery.domain.monitoring.pattern_policy import PatternPolicy
from recovery.domain.monitoring.patterns import patterns_of
from recovery.domain.monitoring.payment_lines import payment_lines
from recovery.use_cases.accounting.record_party import record_party
from recovery.use_cases.accounting.reverse_payment import reverse_payment
from tests.builders import a_borrower, a_schedule
from tests.life import SUPERVISOR, Life

PROMISED = date(2026, 4, 20)


@pytest.fixture
def life(wiring) -> Life:
    """Three instalments of 100 overdue, a promise of 200, and the guarantor's 200 on its day."""
    life = Life(wiring, date(2026, 1, 15))
    life.lend(schedule=a_schedule(4, Components(10_000), date(2026, 2, 2)))
    life.ports.borrowers.save_contact_details(a_borrower("G-1"))
    guarantor = Party(
        person_id="G-1", role="guarantor", from_on=date(2026, 1, 15), limit_minor=50_000,
        subsidiary=True,
    )  # fmt: skip
    record_party("L-1", guarantor, SUPERVISOR, life.ports.now(), life.ports)
    life.until(date(2026, 4, 13))
    life.say("L-1", "promise", fact_id="PR-1", amount="200.00", pay_on=PROMISED, channel="phone")
    life.until(PROMISED)
    life.pay("L-1", 20_000, payer_kind="guarantor", payer_id="G-1")
    return life


def test_the_promise_is_met_by_a_third_party(life: Life) -> None:
    assert life.promise() == "met_by_a_third_party"
    assert life.standing()["overdue"]["total"] == "100.00"
    life.until(date(2026, 4, 27))
    assert not [each for each in life.tasks("call") if each.about == "PR-1"]


def test_reversed_the_promise_is_open_or_missed_again(life: Life) -> None:
    life.until(date(2026, 4, 23))
    reverse_payment("umoja", "P-2", "wrong loan", SUPERVISOR, life.ports.now(), life.ports)
    life.settle()
    assert life.promise() == "open"
    life.until(date(2026, 4, 24))  # a day of grace, and three until money is posted
    assert life.promise() == "open"
    life.until(date(2026, 4, 25))
    assert life.promise() == "broken"
    [call] = [each for each in life.tasks("call") if each.about == "PR-1"]
    assert (call.tries_wanted, call.do_by) == (2, date(2026, 4, 27))


def test_a_payment_posted_late_with_its_value_date_keeps_it_after_all(life: Life) -> None:
    reverse_payment("umoja", "P-2", "wrong loan", SUPERVISOR, life.ports.now(), life.ports)
    life.until(date(2026, 4, 28))
    assert life.promise() == "broken"
    life.pay("L-1", 20_000, on=PROMISED)
    assert life.promise() == "kept"
    assert not [each for each in life.tasks("call") if each.about == "PR-1"]
    judged = [e.detail for e in life.ports.bus.events if e.name == "PromiseJudged"]
    told = [each["outcome"] for each in judged]
    assert told == ["met_by_a_third_party", "open", "broken", "kept"]


def test_it_is_not_the_borrowers_own_punctuality(life: Life) -> None:
    """What the guarantor paid is marked; once it is reversed, the mark is gone."""
    facts = life.ports.loans.load("L-1").state.facts
    assert facts.paid_by_others == (1, 2)
    reverse_payment("umoja", "P-2", "wrong loan", SUPERVISOR, life.ports.now(), life.ports)
    life.settle()
    assert life.ports.loans.load("L-1").state.facts.paid_by_others == ()


def test_what_the_guarantor_paid_hides_no_delay_and_earns_no_row_on_time(
    life: Life,
) -> None:
    """Patterns and the warning look at what she paid herself: here nothing, in three months."""
    stored = life.ports.loans.load("L-1")
    behaviour = stored.state.known()
    assert set(behaviour.paid_by_others) == {1, 2}
    lines = payment_lines(
        stored.loan.schedule, stored.state.position, paid_by_others=behaviour.paid_by_others
    )
    found = patterns_of(Behaviour(as_of=PROMISED, lines=lines), PatternPolicy())
    kinds = {each.kind for each in found}
    assert PatternKind.ON_TIME_IN_A_ROW not in kinds and PatternKind.FREQUENT_DELAYS in kinds
    assert behaviour.promises == (0, 0)  # met by another: neither kept nor missed by her


def test_the_borrower_hears_only_that_a_payment_came(life: Life) -> None:
    [subject] = [each for each in life.mails() if "received a payment" in each]
    texts = [text for _, title, text, _ in life.ports.messenger.emails if title == subject]
    assert all("G-1" not in text and "guarantor" not in text.lower() for text in texts)


def test_her_own_payment_a_week_later_clears_it_and_the_rest_is_kept_for_her(life: Life) -> None:
    life.until(PROMISED + timedelta(days=7))
    life.pay("L-1", 20_000)
    stored = life.ports.loans.load("L-1")
    assert life.standing()["overdue"]["total"] == "0.00"
    position = stored.state.position
    assert sum(each.total for each in position.paid) + position.credit_minor == 40_000
    assert set(stored.state.known().paid_by_others) == {1, 2}
    assert life.tasks("settle_recourse")
