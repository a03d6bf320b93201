"""Steps that lose races are repeated, later each time, and at random."""

import pytest

from recovery.ports.shared import StaleWriteError
from recovery.use_cases.shared import retrying
from recovery.use_cases.shared.retrying import retry_until_fresh, retry_when_stale


@pytest.fixture
def waits(monkeypatch) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr(retrying.time, "sleep", found.append)
    return found


def test_a_step_is_repeated_until_it_is_first(waits) -> None:
    outcomes = iter([StaleWriteError(), StaleWriteError(), "done"])

    @retry_when_stale
    def step() -> str:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    assert step() == "done"
    assert len(waits) == 2


def test_after_eight_attempts_the_race_is_lost(waits, monkeypatch) -> None:
    monkeypatch.setattr(retrying.random, "uniform", lambda low, high: high)
    attempts = []

    def step() -> None:
        attempts.append(1)
        raise StaleWriteError("somebody else")

    with pytest.raises(StaleWriteError):
        retry_until_fresh(step)
    assert len(attempts) == 8
    assert waits == pytest.approx([0.02 * 2**n for n in range(7)])
    assert sum(waits) < 2.6


def test_other_errors_are_not_repeated(waits) -> None:
    def step() -> None:
        raise ValueError

    with pytest.raises(ValueError):
        retry_until_fresh(step)
    assert waits == []
