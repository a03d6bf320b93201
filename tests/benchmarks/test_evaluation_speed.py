"""Evaluating loans: the engine beside plain floats and SQL that give the same answers.

Reached on one core: the engine's two steps take 23 us a loan at best (the least of fifty turns over
1,000 of these loans; 26.5 before they were made quicker), and 25 to 37 with the sums asked for and
the answers of 100,000 kept, as busy as the machine is. By ratio, plain floats payment by payment
take 1.2 to 1.3 times as long and SQLite 1.3 to 1.7 times; DuckDB takes 0.3 to 0.6 of it, and sums
in floats, which know nothing of components or of when an instalment was paid off, about a fifth.

Tried and not kept: sums up to each instalment, found by bisect (half as slow again); inner loops
with ``for`` and ``else`` (3 in 100 less, harder to read); the standing as a named tuple (1.6 us
less, but then it is no dataclass to whoever replaces a field); sorting by id and then by date (the
same). A way by sums alone would be a second engine that knows less, so there is none.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from operator import attrgetter
from pathlib import Path

import pytest

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.history import History
from recovery.domain.accounting.ledger import build_ledger
from recovery.domain.accounting.loan import Components, Payment
from recovery.domain.accounting.position import Position
from recovery.domain.monitoring.delinquency import standing_at
from recovery.domain.policy import DEFAULT_POLICY
from tests.benchmarks.made_loans import AS_OF, MadeLoan, made_loans
from tests.benchmarks.measuring import cpu_seconds, print_table
from tests.benchmarks.ways_to_evaluate import (
    Answer,
    by_engine,
    by_payment,
    by_sums,
    duckdb_with,
    in_floats,
    rows_of,
    sqlite_with,
)
from tests.builders import FIRST_DUE, a_schedule, months_after

pytestmark = pytest.mark.benchmark

# As a part of the suite it is the answers that count; ``python -m tests.benchmarks`` asks for more.
LOANS = int(os.environ.get("BENCHMARK_LOANS", "2000"))

PAYMENTS = tuple(
    Payment(f"P-{n:02}", months_after(FIRST_DUE, n), 11_650 if n % 3 else 9_000) for n in range(18)
)
LOAN = MadeLoan(a_schedule(24, Components(10_000, 1_500, 100, 50)), PAYMENTS)
TIMES = 200


def settled(loan: MadeLoan) -> Position:
    """By the ledger, which takes up every kind of fact."""
    in_order = sorted(loan.payments, key=attrgetter("value_date", "payment_id"))
    return build_ledger(
        loan.schedule, History(payments=tuple(in_order)), DEFAULT_POLICY.accounting.allocation
    ).position


def test_one_loan() -> None:
    position, floats = settled(LOAN), in_floats(LOAN)
    assert by_engine([LOAN]) == by_payment([floats]) == by_sums([floats])
    loans, loans_in_floats = [LOAN] * TIMES, [floats] * TIMES
    ways = {
        "engine: allocate and standing": lambda: by_engine(loans),
        "engine: standing alone (a review)": lambda: [
            standing_at(each.schedule, position, DEFAULT_POLICY.monitoring, AS_OF) for each in loans
        ],
        "engine: the ledger alone": lambda: [settled(each) for each in loans],
        "floats, payment by payment": lambda: by_payment(loans_in_floats),
    }
    taken = cpu_seconds(ways)
    _print("One loan of 24 instalments and 18 payments", taken, TIMES)


def test_the_short_way_through_the_ledger_is_the_ledger() -> None:
    for loan in made_loans(300):
        assert allocate(
            loan.schedule, loan.payments, DEFAULT_POLICY.accounting.allocation
        ) == settled(loan)


@pytest.fixture
def no_collecting_while_building() -> Iterator[None]:
    """Millions of objects are made first; what collects garbage need not look at those again."""
    gc.collect()
    gc.disable()
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.usefixtures("no_collecting_while_building")
def test_a_portfolio_beside_sql(tmp_path: Path) -> None:
    loans = made_loans(LOANS)
    floats, rows = [in_floats(loan) for loan in loans], rows_of(loans)
    ways = {
        "engine: allocate and standing": lambda: by_engine(loans),
        "floats, payment by payment": lambda: by_payment(floats),
        "floats, sums alone": lambda: by_sums(floats),
        "SQLite in memory": sqlite_with(rows),
        "DuckDB, one thread": duckdb_with(rows, tmp_path),
    }
    del rows
    gc.freeze()
    gc.enable()
    answers: dict[str, list[Answer]] = {}

    def kept(name: str, way: Callable[[], list[Answer]]) -> Callable[[], None]:
        def run() -> None:
            answers[name] = way()

        return run

    taken = cpu_seconds({name: kept(name, way) for name, way in ways.items()}, rounds=1)
    by_the_engine = answers["engine: allocate and standing"]
    for name, each in answers.items():
        assert each == by_the_engine, name
    late, in_credit = (sum(each[part] > 0 for each in by_the_engine) for part in (0, 3))
    assert late and in_credit
    _print(
        f"{LOANS:,} loans of 24 instalments: {late:,} late, {in_credit:,} in credit;"
        " all answers equal, loading not counted",
        taken,
        LOANS,
    )


def _print(title: str, taken: dict[str, float], loans: int) -> None:
    engine = taken["engine: allocate and standing"]
    rows = [(name, each / loans * 1e6, each / engine) for name, each in taken.items()]
    print_table(title, ("way", "us per loan", "to the engine"), rows)
