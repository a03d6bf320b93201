"""Time of finding options for one loan, in units of evaluating it once.

On one core, twelve kinds of help for a loan of 24 instalments take 25 to 35 ms of CPU, some 100 to
120 evaluations, of which 7 ms look for the effective rate; for 60 instalments about twice as
long. Before powers with a fraction were taken out of the present value, the rate alone took 78 ms.
"""

from __future__ import annotations

import pytest

from recovery.domain.agreements.option_kinds import Difficulty
from recovery.domain.agreements.options import options_for
from recovery.domain.monitoring.evaluation import evaluate
from tests.benchmarks.measuring import cpu_seconds, print_table
from tests.troubles import a_trouble, an_account

pytestmark = pytest.mark.benchmark

MOST_EVALUATIONS = 600  # five times what it takes: more means that something is done twice


def test_options_take_a_bounded_number_of_evaluations() -> None:
    rows = []
    for instalments in (12, 24, 60):
        account = an_account(11_347, instalments=instalments)
        trouble = a_trouble(account=account, reason=Difficulty.LESS_INCOME)
        ways = {
            "options": lambda trouble=trouble: options_for(trouble),
            "evaluate": lambda trouble=trouble: evaluate(
                trouble.account.schedule, trouble.account.history, trouble.rules, trouble.on
            ),
        }
        assert options_for(trouble).best
        taken = cpu_seconds(ways, rounds=5)
        ratio = taken["options"] / taken["evaluate"]
        rows.append((f"{instalments} instalments", taken["options"] * 1000, ratio))
        assert ratio < MOST_EVALUATIONS
    print_table("Options for one loan", ("loan", "ms CPU", "evaluations"), rows)
