"""The limitation clocks of a loan in its reviews: read seldom, warned of, and what they stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.loan import LoanProfile
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.loan_state import LoanState
from recovery.domain.policy import DEFAULT_POLICY
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.cases.route_tasks import end_tasks, open_tasks
from recovery.use_cases.judicial.limitation_of_loan import look_at
from recovery.use_cases.monitoring.review_loans import review_shard
from recovery.use_cases.shared.rules import rules_of
from tests.builders import a_loan, a_payment, a_schedule, a_state
from tests.fakes import FakeLoanRepository
from tests.recorded import record

DAY = timedelta(days=1)
DUE = date(2021, 3, 1)  # of the only instalment
LAST = date(2026, 3, 1)
LOAN = a_loan(
    disbursed_on=date(2021, 1, 2),
    schedule=a_schedule(1, first_due=DUE),
    profile=LoanProfile(purpose="consumer", law="ES", place="ES-M"),
)


@pytest.fixture
def ports(wiring) -> SimpleNamespace:
    lend(wiring)
    return wiring


def lend(wiring, *payments: PaymentRecord, loan=LOAN) -> None:
    paid = [each.payment for each in payments]
    position = allocate(loan.schedule, paid, DEFAULT_POLICY.accounting.allocation)
    wiring.loans = FakeLoanRepository()
    wiring.loans.add_loan(
        StoredLoan(loan, replace(a_state(loan), position=position, next_review_on=DUE)),
        list(payments),
    )


def state(ports) -> LoanState:
    return ports.loans.load("L-1").state


def reviewed(ports, on: date) -> LoanState:
    found = review_shard("umoja", 0, on, ports)
    assert not found.failed
    return state(ports)


def looked(ports, on: date):
    stored = ports.loans.load("L-1")
    return look_at(stored.loan, stored.state, rules_of("umoja", on, ports.institutions), ports)


def tasks_of(ports) -> list[str]:
    """Return the tasks for somebody legal that reviews asked for."""
    asked = [task for each in ports.loans.outboxes("L-1") for task in each.tasks]
    return [each.task_id for each in asked if each.kind == "limitation"]


def test_the_record_is_not_read_before_a_clock_may_ask(ports) -> None:
    ports.loans.recorded = None  # whoever reads it fails
    found = looked(ports, date(2024, 1, 1))
    assert found is not None
    assert found.again_on == LAST - 365 * DAY
    assert found.restraint is None and not found.alarms


def test_a_review_keeps_the_day_of_the_next_look_and_is_due_on_it(ports) -> None:
    after = reviewed(ports, date(2024, 1, 1))
    assert after.facts.clocks_on == LAST - 365 * DAY
    assert after.next_review_on is not None and after.next_review_on <= LAST - 365 * DAY


def test_between_two_looks_the_record_is_not_read_unless_there_is_news(ports) -> None:
    at = LAST - 360 * DAY
    after = reviewed(ports, at)
    assert after.facts.clocks_on == at + 90 * DAY
    assert looked(ports, at + 10 * DAY) is None
    assert tasks_of(ports) == ["L-1.limitation.2026-03-01.365"]
    news = replace(after, facts=replace(after.facts, has_news=True))
    rules = rules_of("umoja", at + 10 * DAY, ports.institutions)
    assert look_at(LOAN, news, rules, ports) is not None
    paid = replace(after, received_minor=1)
    assert look_at(LOAN, paid, rules, ports) is not None


def test_what_is_too_old_rests_and_an_act_in_time_keeps_it_alive(ports) -> None:
    assert reviewed(ports, LAST).restraints == ()
    barred = reviewed(ports, LAST + DAY)
    [restraint] = barred.restraints
    assert (restraint.kind, restraint.from_on) == ("time_barred", LAST + DAY)
    assert barred.wish is None
    assert barred.facts.clocks_on is not None and barred.facts.clocks_on > LAST + DAY
    told = [e.text for each in ports.loans.outboxes("L-1") for e in each.timeline]
    assert "all that is owed is too old to be asked for; who pays unasked is told so" in told


def test_a_demand_on_record_moves_the_last_day(ports) -> None:
    body = {"kind": "demand", "medium": "burofax", "proof": "proven", "persons": ["B-1"]}
    record(ports, fact_id="D", on="2025-12-01", **body)
    after = reviewed(ports, LAST + DAY)
    assert after.restraints == ()


def open_tasks_of(ports) -> list[str]:
    """Return the open tasks, once what waits in the outboxes is carried out."""
    for each in ports.loans.outboxes("L-1"):
        open_tasks(each.tasks, ports)
        end_tasks(each.ends_tasks, each.as_of, ports)
    return [each.task_id for each in ports.tasks.open_tasks() if each.kind == "limitation"]


def test_the_task_ends_by_itself_once_the_clock_is_renewed(ports) -> None:
    reviewed(ports, date(2025, 12, 1))
    assert open_tasks_of(ports) == ["L-1.limitation.2026-03-01.90"]
    body = {"kind": "demand", "medium": "burofax", "proof": "proven", "persons": ["B-1"]}
    record(ports, fact_id="D", on="2025-12-01", **body)
    reviewed(ports, ports.now().date() + DAY)
    assert open_tasks_of(ports) == []


def test_the_task_stays_while_nothing_renews_it_and_with_who_missed_it(ports) -> None:
    reviewed(ports, date(2025, 12, 1))
    for on in (date(2025, 12, 20), LAST, LAST + DAY):
        reviewed(ports, on)
        assert "L-1.limitation.2026-03-01.90" in open_tasks_of(ports)


def test_a_voluntary_payment_after_the_last_day_revives_nothing_and_all_paid_ends_it(ports) -> None:
    late = a_payment("P-1", value_date=LAST + 5 * DAY, amount_minor=1_000)
    lend(ports, late)
    after = reviewed(ports, LAST + 6 * DAY)
    assert [each.kind for each in after.restraints] == ["time_barred"]
    whole = a_payment("P-2", value_date=LAST + 7 * DAY, amount_minor=10_500)
    lend(ports, late, whole)
    assert looked(ports, LAST + 8 * DAY) is None
    again = replace(state(ports), restraints=after.restraints)
    rules = rules_of("umoja", LAST + 8 * DAY, ports.institutions)
    found = look_at(LOAN, again, rules, ports)
    assert found is not None and (found.again_on, found.restraint) == (None, None)


def test_of_a_closed_loan_nothing_is_asked(ports) -> None:
    stored = ports.loans.load("L-1")
    rules = rules_of("umoja", LAST + DAY, ports.institutions)
    assert look_at(LOAN, replace(stored.state, closed="written_off"), rules, ports) is None


def test_under_a_law_that_nobody_read_a_lawyer_is_asked_early(ports) -> None:
    lend(ports, loan=replace(LOAN, profile=LoanProfile()))
    found = looked(ports, date(2024, 2, 20))
    assert found is not None
    [alarm] = found.alarms
    assert (alarm.last_day, alarm.days_before) == (date(2024, 3, 1), 30)
