"""A case that failed waits for repair, and goes on with the signal it failed on."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from functions import advance_case
from recovery.domain.cases.record import CaseRecord
from recovery.domain.cases.signals import Signal
from recovery.ports.cases import Repair
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.cases.repair_case import repair_case, retry_repairs
from tests.conftest import Context

TODAY = date(2026, 3, 9)
SIGNAL = Signal("L-1-C1#2", "L-1-C1", "intermediate_recovery", "31 days", TODAY, 3)


@pytest.fixture
def waiting(wiring) -> Repair:
    repair = Repair("L-1", "L-1-C1", SIGNAL, "KeyError", "token")
    wiring.cases.repairs["L-1", "L-1-C1"] = repair
    return repair


def test_a_case_goes_on_with_the_signal_it_failed_on(wiring, waiting) -> None:
    assert repair_case("L-1", "L-1-C1", wiring) == waiting
    assert wiring.workflow.sent == [("token", SIGNAL)]
    assert repair_case("L-1", "L-1-C1", wiring) is None


def test_a_case_that_failed_while_continuing_as_new_resumes_its_stage(wiring, waiting) -> None:
    signal = replace(SIGNAL, to="continue_as_new", execution_number=2, resume_at="filing")
    wiring.cases.save(CaseRecord("L-1-C1", "L-1", pending=(signal,), last_received=2))
    repair_case("L-1", "L-1-C1", wiring)
    ((_, sent),) = wiring.workflow.sent
    assert (sent.to, sent.execution_number) == ("filing", None)


def test_a_case_that_does_not_wait_is_left_alone(wiring) -> None:
    assert repair_case("L-1", "L-1-C1", wiring) is None
    assert wiring.workflow.sent == []


def test_the_next_daily_review_tries_again_once(wiring, waiting) -> None:
    assert retry_repairs(0, TODAY, wiring) == (0, [])  # it failed today
    assert retry_repairs(0, TODAY + timedelta(days=1), wiring) == (1, [])
    assert retry_repairs(0, TODAY + timedelta(days=1), wiring) == (0, [])
    assert wiring.workflow.sent == [("token", SIGNAL)]


@pytest.mark.parametrize(
    ("error", "name"), [(KeyError("stage"), "KeyError"), (StaleWriteError(), "RetryableError")]
)
def test_a_stage_that_cannot_be_entered_tells_its_execution(
    wiring, load_event, monkeypatch, error, name
) -> None:
    def fail(_):
        raise error

    monkeypatch.setattr(wiring.cases, "save", fail)
    event = load_event("advance_case.enter_stage")
    assert advance_case.handler(event, Context(), wiring) is None
    assert wiring.workflow.failed == [(event["task_token"], name)]
