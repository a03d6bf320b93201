"""The same files every day: thirty days of a core banking system end with its own standings."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from recovery.domain.accounting.history import Charge, Chargeback
from recovery.domain.accounting.loan import Components, Instalment
from recovery.domain.accounting.pauses import Pause
from recovery.domain.loan_state import standing_of
from recovery.domain.monitoring.evaluation import EvaluationRules, evaluate
from recovery.domain.policy import DEFAULT_POLICY
from recovery.use_cases.shared.rules import rules_of
from tests.core_system import Core, CoreLoan, deliver, ports_of

START = date(2026, 3, 2)
DAY = timedelta(days=1)
READS = {
    "load",
    "load_many",
    "recorded",
    "find_payment",
    "all_loan_ids",
    "loans_of",
    "contact_changes",
    "last",
    "held",
    "decision",
}


class Counted:
    """A port that counts the calls that write."""

    def __init__(self, port: object, writes: Counter[str]) -> None:
        self._port, self._writes = port, writes

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if name not in READS:
            self._writes[name] += 1
        return found


@pytest.fixture
def writes() -> Counter[str]:
    return Counter()


@pytest.fixture
def ports(writes: Counter[str]) -> SimpleNamespace:
    ports = ports_of()
    for name in ("loans", "borrowers", "cases", "deliveries"):
        setattr(ports, name, Counted(getattr(ports, name), writes))
    return ports


def monthly(first_due: date, count: int, due: Components) -> tuple[Instalment, ...]:
    return tuple(Instalment(n + 1, first_due + 30 * n * DAY, due) for n in range(count))


def a_core(loans: int = 40) -> Core:
    core = Core()
    for n in range(loans):
        core.add_person(f"B-{n}")
        first_due = START - 45 * DAY + n * DAY
        dues = Components(10_000 + 100 * n, 500)
        schedule = monthly(first_due, 6, dues)
        loan = core.lend(f"L-{n}", f"B-{n}", schedule, first_due - 30 * DAY)
        for each in schedule:
            if each.due_date < START and n % 3:
                core.pay(loan.row["loan_id"], f"P-{n}-{each.number}", each.due_date, dues.total)
    return core


def live(core: Core, day: date, rng: random.Random) -> None:
    """Let a day of real life change what the core has."""
    for loan_id, loan in core.loans.items():
        for each in loan.schedule:
            if each.due_date == day and rng.random() < 0.7:
                part = rng.choice([each.due.total, each.due.total // 2, each.due.total + 700])
                core.pay(loan_id, f"P-{loan_id}-{day}", day, part)
    one, other, third = rng.sample(sorted(core.loans), 3)
    core.loans[one].row["advisor_name"] = f"Advisor {day.day}"
    core.loans[other].change(day, _rescheduled(core.loans[other], day, rng))
    person = core.people[core.loans[third].row["borrower_id"]]
    person["phone"] = f"+3161{day:%m%d}{rng.randrange(1000):03}"
    if day.day % 10 == 0:
        new = f"N-{day.day}"
        core.add_person(new)
        schedule = monthly(day + 30 * DAY, 3, Components(5_000, 100))
        core.lend(f"L-{new}", new, schedule, day, place="Zeist")
    _happen(core.loans[rng.choice(sorted(core.loans))], day, rng)


def _happen(loan: CoreLoan, day: date, rng: random.Random) -> None:
    """Charge the loan, return a debit, pause it or undo a charge: by file, beside its payments."""
    charged = {each for each, fact in loan.facts.items() if isinstance(fact, Charge)}
    returned = {e.payment_id for e in loan.facts.values() if isinstance(e, Chargeback)}
    counting = [each for each in loan.payments if each.payment_id not in returned]
    loan.facts[f"F-{day}"] = Charge(day, "fee", 250)
    if counting and rng.random() < 0.5:
        paid = rng.choice(counting)
        loan.facts[f"R-{day}"] = Chargeback(paid.payment_id, day, paid.amount_minor // 2)
    if not any(isinstance(each, Pause) for each in loan.facts.values()):
        loan.facts[f"U-{day}"] = Pause(day, day + 5 * DAY)
    for each in charged - loan.undone.keys():
        loan.undone[each] = day


def _rescheduled(loan: CoreLoan, day: date, rng: random.Random) -> tuple[Instalment, ...]:
    """Move what is due after today by some days, or spread the last instalment over two."""
    kept = [each for each in loan.schedule if each.due_date <= day]
    rest = [each for each in loan.schedule if each.due_date > day]
    if not rest or rng.random() < 0.5:
        shift = rng.randrange(1, 20) * DAY
        return (*kept, *(each._replace(due_date=each.due_date + shift) for each in rest))
    last = rest[-1]
    half = Components(*(each // 2 for each in last.due))
    added = Instalment(last.number + 1, last.due_date + 30 * DAY, last.due.less(half))
    return (*kept, *rest[:-1], last._replace(due=half), added)


def check_standings(core: Core, ports: Any, day: date) -> None:
    """Compare what is on record with what the engine says of the core's own ledger."""
    rules = rules_of("umoja", day, ports.institutions)
    policy = DEFAULT_POLICY
    alone = EvaluationRules(allocation=policy.accounting.allocation, monitoring=policy.monitoring)
    for loan_id, loan in core.loans.items():
        stored = ports.loans.load(loan_id)
        charges = rules.charges(stored.loan, stored.state)
        standing = standing_of(stored.loan, stored.state, policy, day, charges)
        expected = evaluate(loan.schedules[0][1], loan.history(), alone, day).standing
        assert standing == expected, loan_id
        paid = sum(each.total for each in stored.state.position.paid)
        received = sum(each.amount_minor for each in loan.payments)
        assert paid + stored.state.position.credit_minor == received


@pytest.mark.parametrize("seed", range(3))
def test_thirty_days_end_with_the_standings_of_the_cores_own_ledger(ports, seed: int) -> None:
    core, rng = a_core(), random.Random(seed)
    changed = Counter[str]()
    late = None
    for n in range(30):
        day = START + n * DAY
        if n:
            live(core, day, rng)
        files = core.files()
        if n == 12:  # comes a day late, after the next one
            late = files
            continue
        result = deliver(files, ports, day, as_of=day, full=True)
        assert result.rejections == []
        assert (result.loans_missing, result.loans_left, result.contacts_waiting) == (0, 0, 0)
        changed["loans"] += result.loans_changed
        changed["people"] += result.borrowers_saved
        changed["facts"] += result.facts_recorded
        if n == 13:
            before = {each: ports.loans.load(each) for each in core.loans}
            again = deliver(late, ports, day, as_of=day - DAY, full=True)
            assert again.loans_left and again.borrowers_left
            assert {each: ports.loans.load(each) for each in core.loans} == before
        if n % 7 == 0:
            check_standings(core, ports, day)
    assert changed["loans"] > 40 and changed["people"] > 60 and changed["facts"] > 50
    check_standings(core, ports, day)
    for loan_id, loan in core.loans.items():
        stored = ports.loans.load(loan_id).loan
        assert stored.advisor_name == loan.row["advisor_name"]
        assert stored.profile.place == (loan.row["place"] or None)
        person = core.people[loan.row["borrower_id"]]
        assert ports.borrowers.load(person["borrower_id"]).phone == person["phone"]


def test_what_did_not_change_is_not_written(ports, writes: Counter[str]) -> None:
    core = a_core()
    deliver(core.files(), ports, START, as_of=START, full=True)
    assert writes["add_loan"] == 40 and writes["save_contact_details"] == 40
    writes.clear()
    result = deliver(core.files(), ports, START, as_of=START, full=True)
    assert writes == {}
    assert (result.loans_unchanged, result.borrowers_unchanged) == (40, 40)
    assert result.payments_unchanged > 20 and result.payments_added == 0

    next_day = deliver(core.files(), ports, START + DAY, as_of=START + DAY, full=True)
    assert writes == {"save_last": 1}  # that the newest state is this one
    assert next_day.loans_unchanged == 40

    writes.clear()
    core.loans["L-3"].row["branch"] = "Amersfoort"
    core.people["B-7"]["email"] = "moved@example.org"
    core.loans["L-9"].change(START + DAY, core.loans["L-9"].schedule[:-1])
    third = deliver(core.files(), ports, START + DAY, delivery_id="D-3", as_of=START + DAY)
    [rejected] = third.rejections  # its principal would be less
    assert (rejected.file, rejected.row, rejected.problem.field) == ("loans", 10, "principal")
    assert writes == {"save_last": 1, "commit": 1, "save_contact_details": 1}
