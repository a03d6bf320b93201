"""A loan's account adds up whatever happens, and in whatever order it becomes known.

A state machine adds facts to a history and lets days pass. Set RECOVERY_HISTORIES=10000 in the
environment to run that many histories instead of the usual few.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from recovery.domain.accounting.history import Charge, Chargeback, History, Reversal, Waiver
from recovery.domain.accounting.loan import Payment, sum_components
from recovery.domain.accounting.pauses import Pause
from recovery.domain.agreements.reage import Reage
from recovery.domain.agreements.restructuring import Action, restructure
from recovery.domain.monitoring.evaluation import Evaluation, evaluate
from recovery.domain.schedules.contract import LoanAccount, contract_of
from recovery.domain.shared.errors import RefusedError
from tests import loan_histories as some

HISTORIES = int(os.environ.get("RECOVERY_HISTORIES", "150"))
STEPS = 12

past = st.one_of(st.just(0), st.integers(0, 60))
around = st.one_of(st.just(0), st.integers(-10, 60))  # days ago; negative: in the future
named = st.sampled_from((None, None, None, 1, 2, 3, 6))


class LoanHistory(RuleBasedStateMachine):
    """``day`` is today; ``remembered`` holds earlier evaluations not affected by facts since."""

    @initialize(
        schedule=some.schedules,
        rules=some.evaluation_rules,
        late_charges=some.late_charges,
        days_between=some.day_counters,
        rate_pct=st.sampled_from((Decimal(0), Decimal(24))),
        day=st.integers(0, 90).map(some.after_start),
    )
    def agree(self, schedule, rules, late_charges, days_between, rate_pct, day) -> None:
        self.schedule, self.day = schedule, day
        self.rules = replace(rules, late_charges=late_charges, days_between=days_between)
        self.contract = contract_of(schedule, rate_pct, some.START)
        self.history = History()
        self.kept: set[int] = set()  # versions that added no interest
        self.remembered: dict[date, Evaluation] = {}
        self._today: Evaluation | None = None

    def at(self, day: date, history: History | None = None) -> Evaluation:
        known = self.history if history is None else history
        return evaluate(self.schedule, known, self.rules, day)

    @property
    def today(self) -> Evaluation:
        if self._today is None:
            self._today = self.at(self.day)
        return self._today

    def ago(self, days: int) -> date:
        return self.day - timedelta(days=days)

    def learn(self, on: date, **facts: Any) -> None:
        """Add facts, the first of which counts from ``on``."""
        more = {name: (*getattr(self.history, name), fact) for name, fact in facts.items()}
        self.history = replace(self.history, **more)
        self.forget(on)

    def forget(self, on: date) -> None:
        self._today = None
        self.remembered = {day: known for day, known in self.remembered.items() if day < on}

    @rule(days=st.integers(1, 30))
    def days_pass(self, days: int) -> None:
        newest = sorted(self.remembered)[-1:]
        self.remembered = {day: self.remembered[day] for day in newest} | {self.day: self.today}
        self.day += timedelta(days=days)
        self._today = None

    @rule(amount_minor=st.integers(1, 600), days=around, instalment=named)
    def pay(self, amount_minor: int, days: int, instalment: int | None) -> None:
        on = self.ago(days)
        payment = Payment(f"p{len(self.history.payments):03}", on, amount_minor, instalment)
        self.learn(on, payments=payment)

    @rule(less=st.integers(-1, 1), instalment=named)
    def pay_all_that_is_overdue(self, less: int, instalment: int | None) -> None:
        standing = self.today.standing
        owed_minor = standing.overdue.total or standing.next_due.total
        if owed_minor > less:
            self.pay(owed_minor - less, 0, instalment)

    def reversed_ids(self) -> set[str]:
        return {each.payment_id for each in self.history.reversals}

    @precondition(lambda self: len(self.history.reversals) < len(self.history.payments))
    @rule(data=st.data(), days=past)
    def reverse(self, data: st.DataObject, days: int) -> None:
        known = [p for p in self.history.payments if p.payment_id not in self.reversed_ids()]
        payment = data.draw(st.sampled_from(known))
        on = max(self.ago(days), payment.value_date)
        self.learn(on, reversals=Reversal(payment.payment_id, on))

    @precondition(lambda self: len(self.history.reversals) < len(self.history.payments))
    @rule(data=st.data(), days=past, part=st.integers(1, 600))
    def charge_back(self, data: st.DataObject, days: int, part: int) -> None:
        known = [p for p in self.history.payments if p.payment_id not in self.reversed_ids()]
        payment = data.draw(st.sampled_from(known))
        before = [c for c in self.history.chargebacks if c.payment_id == payment.payment_id]
        left = payment.amount_minor - sum(each.amount_minor for each in before)
        if left:
            on = max(self.ago(days), payment.value_date)
            self.learn(on, chargebacks=Chargeback(payment.payment_id, on, min(part, left)))

    @rule(
        component=st.sampled_from(("fee", "penalty")),
        amount_minor=st.integers(1, 50),
        days=around,
        instalment=named,
    )
    def charge(self, component: Any, amount_minor: int, days: int, instalment: int | None) -> None:
        on = self.ago(days)
        self.learn(on, charges=Charge(on, component, amount_minor, instalment))

    @rule(
        component=st.sampled_from(some.COMPONENTS),
        amount_minor=st.none() | st.integers(1, 100),
        days=past,
        instalment=named,
    )
    def waive(
        self, component: Any, amount_minor: int | None, days: int, instalment: int | None
    ) -> None:
        before, on = self.today, self.ago(days)
        self.learn(on, waivers=Waiver(on, component, amount_minor, instalment))
        # Waiving principal lowers a tolerance that is a percentage of principal.
        if component != "principal" or not self.rules.monitoring.tolerance.percent_of_principal:
            self.is_no_worse_than(before, on)
        restructured = any(each.on == on for each in self.history.versions)
        if amount_minor is None and instalment is None and on == self.day and not restructured:
            assert not getattr(self.today.standing.outstanding, component)

    @rule(days=around, length=st.none() | st.integers(0, 60))
    def pause(self, days: int, length: int | None) -> None:
        before, on = self.today, self.ago(days)
        ends_on = None if length is None else on + timedelta(days=length)
        self.learn(on, pauses=Pause(on, ends_on))
        # A pause may defer a charge past a waiver, or to a day with a larger base.
        waived = any(on <= each.on for each in self.history.waivers)
        if not any(
            waived or (each.percent and each.per == "instalment")
            for each in self.rules.late_charges
        ):
            self.is_no_worse_than(before, on)

    @precondition(lambda self: any(each.resumed_on is None for each in self.history.pauses))
    @rule(days=past)
    def resume(self, days: int) -> None:
        *others, paused = sorted(self.history.pauses, key=lambda each: each.resumed_on is None)
        on = max(self.ago(days), paused.from_date)
        resumed = replace(paused, resumed_on=on)
        self.history = replace(self.history, pauses=(*others, resumed))
        self.forget(on)

    def is_no_worse_than(self, before: Evaluation, on: date) -> None:
        """Assert that a benign fact as of ``on`` left the borrower no worse off.

        Skipped where a later schedule version or chargeback was derived from days since ``on``.
        """
        derived = (*self.history.versions, *self.history.chargebacks)
        if on < self.day and any(on <= each.on for each in derived):
            return
        was, now = before.standing, self.today.standing
        assert now.outstanding.total <= was.outstanding.total
        assert now.days_past_due <= was.days_past_due
        assert now.days_delinquent <= was.days_delinquent

    @rule(
        plan=some.plans,
        which=st.integers(0, 5),
        days=st.integers(-20, 60),
        waive=st.sampled_from(((), (), ("penalty",), ("fee", "penalty"), ("interest",))),
    )
    def restructure(self, plan: Any, which: int, days: int, waive: tuple[Any, ...]) -> None:
        """Restructure, starting ``days`` from today or at the chosen due date."""
        schedule = self.today.ledger.schedule
        self.restructure_by(
            plan(self.day, schedule[which % len(schedule)].due_date, timedelta(days=days)), waive
        )

    def restructure_by(self, action: Action, waive: tuple[Any, ...]) -> None:
        try:
            account = LoanAccount("EUR", self.schedule, self.history, self.contract)
            done = restructure(
                account, action, self.day, self.rules, waive=waive, discount_rate_pct=Decimal(20)
            )
        except RefusedError:
            return
        before = self.today
        assert done.before == before
        self.learn(self.day, versions=done.version)
        assert done.after == self.today
        assert self.today.restructured == done.version
        if waive and isinstance(action, Reage) and action.interest == "keep":
            assert not any(getattr(self.today.standing.outstanding, each) for each in waive)
        if action.interest == "keep" and getattr(action, "new_rate_pct", None) is None:
            self.kept.add(done.version.version)
            kept = before.standing.outstanding.total - done.version.waived.total
            assert self.today.standing.outstanding.total == kept
            assert self.today.standing.credit_minor == before.standing.credit_minor

    @rule(days=st.integers(-90, 90))
    def look(self, days: int) -> None:
        self.adds_up(self.at(self.ago(days)))

    @invariant()
    def today_adds_up(self) -> None:
        self.adds_up(self.today)

    def adds_up(self, evaluation: Evaluation) -> None:
        as_of = evaluation.standing.as_of
        reversed_ids = {each.payment_id for each in self.history.reversals if each.on <= as_of}
        counted = [
            each.amount_minor
            for each in self.history.payments
            if each.value_date <= as_of and each.payment_id not in reversed_ids
        ]
        paid = sum_components(evaluation.ledger.position.paid)
        assert paid.total + evaluation.standing.credit_minor == sum(counted)
        some.assert_consistent(evaluation)
        if all(each.on > as_of or each.version in self.kept for each in self.history.versions):
            facts = self.history.until(as_of)
            more = sum(each.amount_minor for each in (*facts.charges, *facts.chargebacks))
            scheduled = sum_components(each.due for each in self.schedule).total + more
            due = sum_components(each.due for each in evaluation.ledger.schedule)
            late = due.total + evaluation.ledger.waived.total - scheduled
            assert late >= 0 if self.rules.late_charges else late == 0

    @invariant()
    def the_order_of_arrival_does_not_matter(self) -> None:
        random = Random(self.day.toordinal())
        facts = {
            name: tuple(random.sample(known, len(known)))
            for name in History.__dataclass_fields__
            if (known := getattr(self.history, name))
        }
        assert self.at(self.day, History(**facts)) == self.today

    @invariant()
    def later_facts_do_not_change_earlier_evaluations(self) -> None:
        assert self.at(self.day, self.history.until(self.day)) == self.today
        for day, known in self.remembered.items():
            assert self.at(day) == known

    @invariant()
    def an_empty_waiver_changes_nothing(self) -> None:
        nothing = tuple(Waiver(self.ago(days), "penalty", 0) for days in range(0, 50, 7))
        more = replace(self.history, waivers=self.history.waivers + nothing)
        assert self.at(self.day, more) == self.today


TestLoanHistories = LoanHistory.TestCase
TestLoanHistories.settings = settings(
    max_examples=HISTORIES,
    stateful_step_count=STEPS,
    suppress_health_check=list(HealthCheck),
)
