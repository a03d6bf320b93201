"""Speed of evaluating loans, compared with plain floats and SQL that give the same answers.

On one core the engine's two steps take 23 us per loan at best (the fastest of fifty rounds over
1,000 of these loans; 26.5 before optimization), and 25 to 37 with totals computed and 100,000
answers kept, depending on machine load. Relative to the engine, plain floats payment by payment
take 1.2 to 1.3 times as long, SQLite 1.3 to 1.7 times, and DuckDB 0.3 to 0.6. Sums in floats, which
ignore components and pay-off dates, take about a fifth.

Tried and rejected: cumulative sums per instalment with bisect (50 % slower); inner loops with
``for`` and ``else`` (3 % faster, harder to read); the standing as a named tuple (1.6 us faster, but
``dataclasses.replace`` no longer works); sorting by id, then date (no difference). A version using
sums alone would be a second, less capable engine.
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

# In the test suite only the answers matter; ``python -m tests.benchmarks`` sets a larger number.
LOANS = int(os.environ.get("BENCHMARK_LOANS", "2000"))

PAYMENTS = tuple(
    Payment(f"P-{n:02}", months_after(FIRST_DUE, n), 11_650 if n % 3 else 9_000) for n in range(18)
)
LOAN = MadeLoan(a_schedule(24, Components(10_000, 1_500, 100, 50)), PAYMENTS)
TIMES = 200


def built_by_ledger(loan: MadeLoan) -> Position:
    """Evaluate with the ledger, which applies every kind of fact."""
    in_order = sorted(loan.payments, key=attrgetter("value_date", "payment_id"))
    return build_ledger(
        loan.schedule, History(payments=tuple(in_order)), DEFAULT_POLICY.accounting.allocation
    ).position


def test_evaluating_one_loan() -> None:
    position, floats = built_by_ledger(LOAN), in_floats(LOAN)
    assert by_engine([LOAN]) == by_payment([floats]) == by_sums([floats])
    loans, loans_in_floats = [LOAN] * TIMES, [floats] * TIMES
    ways = {
        "engine: allocate and standing": lambda: by_engine(loans),
        "engine: standing alone (a review)": lambda: [
            standing_at(each.schedule, position, DEFAULT_POLICY.monitoring, AS_OF) for each in loans
        ],
        "engine: the ledger alone": lambda: [built_by_ledger(each) for each in loans],
        "floats, payment by payment": lambda: by_payment(loans_in_floats),
    }
    taken = cpu_seconds(ways)
    _print("One loan of 24 instalments and 18 payments", taken, TIMES)


def test_the_fast_path_gives_the_same_position_as_the_ledger() -> None:
    for loan in made_loans(300):
        assert allocate(
            loan.schedule, loan.payments, DEFAULT_POLICY.accounting.allocation
        ) == built_by_ledger(loan)


@pytest.fixture
def no_garbage_collection_while_building() -> Iterator[None]:
    """Keep the garbage collector from rescanning the millions of objects built first."""
    gc.collect()
    gc.disable()
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.usefixtures("no_garbage_collection_while_building")
def test_evaluating_a_portfolio_compared_with_sql(tmp_path: Path) -> None:
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

    def stored(name: str, way: Callable[[], list[Answer]]) -> Callable[[], None]:
        def run() -> None:
            answers[name] = way()

        return run

    taken = cpu_seconds({name: stored(name, way) for name, way in ways.items()}, rounds=1)
    by_the_engine = answers["engine: allocate and standing"]
    for name, each in answers.items():
        assert each == by_the_engine, name
    late, in_credit = (sum(each[part] > 0 for each in by_the_engine) for part in (0, 3))
    assert late and in_credit
    _print(
        f"{LOANS:,} loans of 24 instalments: {late:,} late, {in_credit:,} in credit;"
        " all answers equal, loading excluded",
        taken,
        LOANS,
    )


def _print(title: str, taken: dict[str, float], loans: int) -> None:
    engine = taken["engine: allocate and standing"]
    rows = [(name, each / loans * 1e6, each / engine) for name, each in taken.items()]
    print_table(title, ("way", "us per loan", "/ engine"), rows)
