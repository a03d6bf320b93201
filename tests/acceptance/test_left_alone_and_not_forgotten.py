"""Whatever people answer, pay and suffer, in any order and through crashes: nobody is pressed who
must be left alone, and nobody who waits is forgotten.

What must be left alone is worked out here from the facts alone, apart from the code that heeds it.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recovery.domain.accounting.loan import Components
from recovery.domain.accounting.said import Dispute, DisputeEnd, Promise
from recovery.domain.agreements.person_facts import (
    Complaint,
    ComplaintEnd,
    Hardship,
    Hold,
    HoldEnd,
)
from recovery.domain.agreements.promise import MISSED, promises_of
from recovery.domain.cases.tasks import TaskKind
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.contact.tell_borrower import tell_borrower
from recovery.use_cases.monitoring.review_loans import review_changed, review_shard
from recovery.use_cases.people.route_person import route_person
from recovery.use_cases.route_changes import route_loan
from tests.builders import a_schedule
from tests.conftest import wiring_of_fakes
from tests.life import ANOTHER, BANK, Life

START, DAY = date(2026, 2, 1), timedelta(days=1)
PRESSING = {
    *("reminder_before_due", "due_today", "first_days_late", "we_would_like_to_help"),
    *("meeting_with_your_advisor", "after_a_missed_promise"),
}
NOTICE = "notice_before_judicial_recovery"


class CrashError(Exception):
    """The process stopped."""


class Crashing(Life):
    """A life in which any write, message or event may fail, and be tried again."""

    def __init__(self, seed: int, often: float) -> None:
        super().__init__(wiring_of_fakes(), START)
        self.random, self.often = random.Random(seed), often
        for port, method in (
            *((self.ports.loans, each) for each in ("save_state", "acknowledge")),
            *((self.ports.people, each) for each in ("acknowledge",)),
            *((self.ports.tasks, each) for each in ("add", "save")),
            *((self.ports.timeline, each) for each in ("add",)),
            *((self.ports.bus, each) for each in ("publish",)),
        ):
            self._break(port, method)

    def _break(self, port, method: str) -> None:
        works = getattr(port, method)

        def may_crash(*args, **kwargs):
            if self.random.random() < self.often:
                raise CrashError
            return works(*args, **kwargs)

        setattr(port, method, may_crash)

    def until(self, day: date, each_day=lambda: None) -> None:
        while self.today < day:
            self._open(self.today + DAY)
            review_shard("umoja", 0, self.today, self.ports)
            self.settle()
            each_day()

    def settle(self) -> None:
        loans, people, queue = self.ports.loans, self.ports.people, self.ports.queue
        for number in range(200):
            if number > 150:
                self.often = 0.0
            changed, loans.needs_review = sorted(loans.needs_review), set()
            reviewed = review_changed("umoja", changed, self._now(), self.ports)
            loans.needs_review |= {loan_id for loan_id, _ in reviewed.failed}
            waiting = [each for each, outboxes in loans.waiting.items() if outboxes]
            persons = [each for each, outboxes in people.waiting.items() if outboxes]
            wakes, queue.wakes, queue.delayed = queue.wakes, [], []
            for work, each in (
                *((lambda of: route_loan("umoja", of, self.ports), each) for each in waiting),
                *((lambda of: route_person(of, self.ports), each) for each in persons),
                *((lambda of: tell_borrower(of, self._now(), self.ports), each) for each in wakes),
            ):
                try:
                    work(each)
                except CrashError:
                    queue.wakes += [each] if each in wakes else []
            if not (changed or waiting or persons or wakes or loans.needs_review):
                return
        raise AssertionError("it never comes to rest")


ACTS = (
    *("pay", "promise", "promise", "dispute", "dispute part", "not mine", "answer", "hardship"),
    *("death", "stop", "end", "complaint", "answer complaint", "wait", "wait", "wait"),
)
acts = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(1, 12), st.sampled_from(["L-1", "L-2"])),
    min_size=4,
    max_size=14,
)


def act(life: Life, what: str, number: int, loan_id: str) -> None:
    """Let it happen, unless it is refused."""
    facts = life.ports.people.facts("B-1")
    open_ones = [e.fact_id for e in facts if isinstance(e.fact, Hardship | Hold)]
    complaints = [e.fact_id for e in facts if isinstance(e.fact, Complaint)]
    disputes = [
        each.fact_id
        for each in life.ports.loans.recorded(loan_id).facts
        if isinstance(each.fact, Dispute)
    ]
    try:
        match what:
            case "pay":
                life.pay(loan_id, number * 1_000)
            case "promise":
                pay_on = life.today + (number % 10) * DAY
                life.say(
                    *(loan_id, "promise", ANOTHER),
                    amount=f"{number * 10}.00", pay_on=pay_on, channel="phone", pay_by="cash",
                )  # fmt: skip
            case "dispute":
                life.say(loan_id, "dispute", about="wrong_amount")
            case "dispute part":
                life.say(loan_id, "dispute", about="charges", amount=f"{number}.00")
            case "not mine":
                life.say(loan_id, "dispute", about="not_mine")
            case "answer" if disputes:
                life.say(
                    *(loan_id, "dispute_end", ANOTHER),
                    dispute_id=disputes[-1], outcome="rejected", answer="We looked into it.",
                )  # fmt: skip
            case "hardship":
                life.tell("B-1", "hardship", causes=["income_fell"])
            case "death" | "stop":
                life.tell("B-1", "hold", because=what)
            case "end" if open_ones:
                was_false = number % 2 == 0
                life.tell("B-1", "hold_end", ANOTHER, ends=open_ones[-1], was_false=was_false)
            case "complaint":
                life.tell("B-1", "complaint", BANK, about="contact", loan_id=loan_id)
            case "answer complaint" if complaints:
                life.tell(
                    *("B-1", "complaint_end", ANOTHER),
                    complaint_id=complaints[-1], outcome="upheld", answer="We will call less.",
                )  # fmt: skip
    except RefusedError:
        pass
    life.until(life.today + (number if what == "wait" else 1) * DAY)


def must_not_hear(life: Life, loan_id: str, kind: str, on: date) -> str | None:
    """Return why this must not have been said on this day; None if it might be."""
    facts = {each.fact_id: each for each in life.ports.people.facts("B-1")}
    ends = {e.fact.fact_id: e.fact for e in facts.values() if isinstance(e.fact, HoldEnd)}
    for fact_id, each in facts.items():
        fact, end = each.fact, ends.get(fact_id)
        if not isinstance(fact, Hardship | Hold) or each.known_on >= on:
            continue  # of one day it is not known which came first
        if end and facts[next(e for e in facts if facts[e].fact == end)].known_on <= on:
            continue
        if isinstance(fact, Hold) and fact.kind == "death":
            return "a death was reported"
        if kind in PRESSING | ({NOTICE} if isinstance(fact, Hardship) else set()):
            return f"{fact}"
    complaint_ends = {
        e.fact.complaint_id: e for e in facts.values() if isinstance(e.fact, ComplaintEnd)
    }
    for fact_id, each in facts.items():
        ended = complaint_ends.get(fact_id)
        is_open = each.known_on < on and not (ended and ended.known_on <= on)
        if isinstance(each.fact, Complaint) and is_open and kind in PRESSING:
            return "a complaint about contact waits"
    recorded = life.ports.loans.recorded(loan_id)
    answers = {e.fact.dispute_id: e for e in recorded.facts if isinstance(e.fact, DisputeEnd)}
    for each in recorded.facts:
        ended_by = answers.get(each.fact_id)
        is_open = each.known_on < on and not (ended_by and ended_by.known_on <= on)
        if isinstance(each.fact, Dispute) and is_open:
            if each.fact.about == "not_mine":
                return "the loan may be another's"
            if each.fact.amount_minor is None and kind in PRESSING:
                return "all of it is disputed"
        if isinstance(each.fact, Promise) and kind in PRESSING:
            made = each.fact
            [state] = [e for e in promises_of(recorded) if e.promise_id == each.fact_id]
            rest = made.amount_minor - made.tolerance_minor - state.own_minor - state.others_minor
            if each.known_on < on < made.judged_on and rest > 0 and not state.ended_on:
                return "a promise is open"
    return None


DISPUTED_AS_A_WHOLE = [
    *([("pay", 1, "L-1")] * 6),
    *(("pay", 12, "L-2"), ("dispute", 1, "L-2"), ("wait", 2, "L-1")),
    *([("wait", 12, "L-1")] * 5),
]


@example(DISPUTED_AS_A_WHOLE, 0, 0.0)
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(acts, st.integers(0, 9), st.sampled_from([0.0, 0.15]))
def test_nobody_is_pressed_who_must_be_left_alone_and_nobody_is_forgotten(
    happens, seed, often
) -> None:
    life = Crashing(seed, often)
    for loan_id, minor in (("L-1", 10_000), ("L-2", 4_000)):
        life.lend(loan_id, schedule=a_schedule(4, Components(minor), date(2026, 2, 2)))
    for what, number, loan_id in happens:
        act(life, what, number, loan_id)
    life.until(life.today + 20 * DAY)
    life.often = 0.0  # whatever crashed last is done the next day
    life.until(life.today + DAY)

    for loan_id in ("L-1", "L-2"):
        for entry in life.ports.timeline.entries(loan_id):
            if entry.kind == "message" and entry.text.startswith("sent"):
                kind = entry.text.rpartition(": ")[2]
                assert must_not_hear(life, loan_id, kind, entry.on) is None, (entry, happens)
        _nobody_waits_in_vain(life, loan_id)
        if not often:  # a crash between sending and recording may lose the day
            _no_demand_comes_soon_after_another(life, loan_id)
    assert not any(life.ports.loans.waiting.values())
    assert not any(life.ports.people.waiting.values())


def _no_demand_comes_soon_after_another(life: Life, loan_id: str) -> None:
    sent = [
        each.on
        for each in life.ports.timeline.entries(loan_id)
        if each.kind == "message"
        and each.text.startswith("sent")
        and each.text.rpartition(": ")[2] in PRESSING - {"reminder_before_due", "due_today"}
    ]
    between = DEFAULT_POLICY.contact.days_between_demands
    for one, other in pairwise(sent):
        assert (other - one).days >= between, sent


def _nobody_waits_in_vain(life: Life, loan_id: str) -> None:
    tasks = {each.task_id: each for each in life.ports.tasks.of_person("B-1")}
    recorded = life.ports.loans.recorded(loan_id)
    answered = {e.fact.dispute_id for e in recorded.facts if isinstance(e.fact, DisputeEnd)}
    for each in recorded.facts:
        if isinstance(each.fact, Dispute):
            task = tasks[f"{loan_id}.dispute.{each.fact_id}"]
            assert task.is_pending == (each.fact_id not in answered)
    state = life.ports.loans.load(loan_id).state
    calls = [e for e in tasks.values() if e.kind == TaskKind.CALL]
    for made in promises_of(recorded):
        if made.told in MISSED and not state.restraints:
            assert any(each.about == made.promise_id for each in calls)
    people = life.ports.people.facts("B-1")
    complaints = {e.fact.complaint_id for e in people if isinstance(e.fact, ComplaintEnd)}
    for each in people:
        if isinstance(each.fact, Complaint):
            assert tasks[f"B-1.{each.fact_id}"].is_pending == (each.fact_id not in complaints)
    standing = state.standing
    if standing and standing.outstanding.total and state.closed is None:
        assert state.next_review_on is not None
