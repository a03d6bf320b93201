"""What Step Functions bills for, states entered per case and month; and reviews avoided."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from statistics import fmean, median_low
from typing import Any

import pytest

from infra.demo.sample_portfolio import SamplePortfolio, make_sample_portfolio
from recovery.domain.cases.signals import Signal
from recovery.messages import RenderedMessage
from recovery.use_cases.contact import write_message
from tests.benchmarks.measuring import print_table
from tests.benchmarks.months_in_memory import Played, play

pytestmark = pytest.mark.benchmark

ASL = Path(__file__).parents[2] / "infra/cases/recovery_case.asl.json"
START, END = date(2026, 1, 5), date(2026, 7, 4)
LOANS = 250
MOST = 10  # states entered per case and month
MONTH_DAYS = 30


def states_entered(definition: Mapping[str, Any], signals: Iterable[Signal]) -> Iterator[list[str]]:
    """Yield the states each signal of a case leads through, up to where the next is awaited."""
    states, awaiting = definition["States"], None
    for signal in signals:
        first = states[awaiting]["Next"] if awaiting else definition["StartAt"]
        path = list(_walk(states, first, signal.to))
        if signal.resume_at:  # a new execution of the same case
            path += _walk(states, definition["StartAt"], signal.resume_at)
        awaiting = path[-1]
        yield path


def _walk(states: Mapping[str, Any], name: str, to: str) -> Iterator[str]:
    while True:
        yield name
        state = states[name]
        if state["Type"] == "Choice":
            named = {each["StringEquals"]: each["Next"] for each in state["Choices"]}
            name = named.get(to, state["Default"])
        elif "Next" not in state or "waitForTaskToken" in state["Resource"]:
            return
        else:
            name = state["Next"]


@pytest.fixture(scope="module")
def sample() -> SamplePortfolio:
    return make_sample_portfolio(loans=LOANS, seed=7, start=START, end=END)


@pytest.fixture(scope="module")
def played(sample: SamplePortfolio, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with pytest.MonkeyPatch.context() as patched:  # rendering is not measured here
        words = RenderedMessage("s", "t", "h", "s", "en")
        patched.setattr(write_message, "render", lambda *_: words)
        yield play(sample, START, END, tmp_path_factory.mktemp("delivery"))


def test_states_entered_per_case_and_month(sample: SamplePortfolio, played: Played) -> None:
    definition = json.loads(ASL.read_text("utf-8"))
    months: dict[str, list[int]] = defaultdict(list)  # states entered, by payer
    for case_id, signals in played.signals.items():
        by_month: Counter[int] = Counter()
        paths = list(states_entered(definition, signals))
        for signal, path in zip(signals, paths, strict=True):
            assert "UnknownSignal" not in path
            by_month[(signal.as_of - signals[0].as_of).days // MONTH_DAYS] += len(path)
        has_ended = "End" in definition["States"][paths[-1][-1]]
        until = signals[-1].as_of if has_ended else END
        count = (until - signals[0].as_of).days // MONTH_DAYS + 1
        payer = sample.payer_by_loan[case_id.rpartition("-C")[0]]
        months[payer] += (by_month[month] for month in range(count))
    months["all"] = [each for found in months.values() for each in found]
    print_table(
        f"States entered per case and month: {LOANS} loans, {played.days} days",
        ("payer", "months", "mean", "median", "95th percentile", "max", f"above {MOST}"),
        [(name, len(found), *_spread(found)) for name, found in months.items()],
    )
    for payer, found in months.items():
        assert fmean(found) <= MOST, payer
    # A borrower who pays weekly or fortnightly and always late may exceed it in single months.
    assert _ninety_fifth(months["all"]) <= MOST


def _ninety_fifth(months: list[int]) -> int:
    return sorted(months)[min(len(months) - 1, len(months) * 95 // 100)]


def _spread(months: list[int]) -> tuple[float, int, int, int, int]:
    above = sum(each > MOST for each in months)
    return fmean(months), median_low(months), _ninety_fifth(months), max(months), above


def test_reviews_compared_with_reviewing_every_loan_daily(played: Played) -> None:
    loan_months = played.open_loans / MONTH_DAYS
    by_date, by_payment = played.reviews_by_date, played.reviews_by_payment
    daily = played.open_loans + by_payment
    assert by_date + by_payment < daily
    print_table(
        "Reviews per open loan and month",
        ("what", "reviews", "/ every loan daily"),
        [
            ("due for review", by_date / loan_months, by_date / daily),
            ("paid or imported", by_payment / loan_months, by_payment / daily),
            ("both", (by_date + by_payment) / loan_months, (by_date + by_payment) / daily),
            ("every loan daily", daily / loan_months, 1.0),
        ],
    )
