"""Fixtures and settings for all tests."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import settings

from recovery.settings import Settings
from tests import fakes
from tests.builders import a_borrower

ROOT = Path(__file__).parents[1]

# How long an example takes depends more on the machine's load than on the code.
settings.register_profile("recovery", deadline=None)
settings.load_profile("recovery")

# The environment of every function (infra/shared/python_function.py).
os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "recovery")
os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "PortfolioRecovery")


# Each of these folders shares one deployment, so its tests run on one worker.
_ON_ONE_WORKER = ("tests/embedded/", "tests/real/")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """For ``--dist loadgroup``: pytest-xdist 3.8 does not see its own groups in pytest 9.2."""
    from xdist.scheduler import LoadGroupScheduling

    class OneWorkerForEachDeployment(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            folders = (each for each in _ON_ONE_WORKER if nodeid.startswith(each))
            return next(folders, nodeid)

    if config.getoption("dist") != "loadgroup":
        return None
    return OneWorkerForEachDeployment(config, log)


@pytest.fixture
def load_event() -> Callable[[str], Any]:
    """Load a fresh copy of a sample event by name."""
    return lambda name: json.loads((ROOT / "events" / f"{name}.json").read_text(encoding="utf-8"))


class Context:
    """A Lambda invocation's context."""

    function_name = memory_limit_in_mb = aws_request_id = "test"
    invoked_function_arn = "arn:aws:lambda:eu-west-1:111122223333:function:test"

    def __init__(self, remaining_ms: int = 100_000) -> None:
        self._remaining_ms = remaining_ms

    def get_remaining_time_in_millis(self) -> int:
        return self._remaining_ms


@pytest.fixture
def wiring() -> SimpleNamespace:
    """A wiring of fakes for each test."""
    return wiring_of_fakes()


def wiring_of_fakes() -> SimpleNamespace:
    """Wire fakes, at 10:00 in Nairobi on the day after the first due date."""
    clock = fakes.FakeClock(datetime(2026, 2, 2, 7, 0, tzinfo=UTC))
    institutions = fakes.FakeInstitutionRepository()
    cases = fakes.FakeCaseRepository()
    loans = fakes.FakeLoanRepository(cases=cases)
    borrowers = fakes.FakeBorrowerRepository(a_borrower())
    people = fakes.FakePeopleRepository(borrowers, loans)
    wiring = SimpleNamespace(
        settings=Settings(table="recovery", shards=1, replay_allowed=True),
        clock=clock,
        now=clock.now,
        loans=loans,
        collateral=fakes.FakeCollateralRepository(loans),
        groups=fakes.FakeGroupRepository(),
        payments=fakes.FakePaymentRepository(loans),
        suspense=fakes.FakeSuspenseRepository(loans),
        borrowers=borrowers,
        people=people,
        experiments=fakes.FakeExperimentRepository(),
        assessments=fakes.FakeAssessmentRepository(clock, people),
        replies=fakes.FakeReplyRepository(),
        notes=fakes.FakeNoteRepository(clock),
        audit=fakes.FakePersonAudit(),
        retention=fakes.FakeRetentionRepository(),
        reliefs=fakes.FakeReliefRepository(),
        evidence=fakes.FakeEvidenceStore(),
        yes_codes=fakes.FakeYesCodeRepository(),
        letters=fakes.FakeLetterRepository(),
        court_letters=fakes.FakeCourtLetterRepository(),
        letter_files=fakes.FakeLetterStore(),
        pdf=fakes.FakePdfWriter(),
        institutions=institutions,
        deliveries=fakes.FakeDeliveryRepository(),
        cases=cases,
        dossiers=fakes.FakeDossierRepository(),
        dossier_files=fakes.FakeDossierStore(),
        tasks=fakes.FakeTaskRepository(),
        timeline=fakes.FakeTimeline(),
        workflow=fakes.FakeCaseWorkflow(),
        daily_reviews=fakes.FakeDailyReviews(),
        queue=fakes.FakeMessageQueue(),
        messenger=fakes.FakeMessenger(),
        mailbox=fakes.FakeMailbox(),
        sent_texts=fakes.FakeSentTexts(),
        links=fakes.FakeLinks(),
        bus=fakes.FakeEventBus(),
        chain=fakes.FakeLoanChain(clock.now),
        roots=fakes.FakeRootStore(),
    )
    wiring.of = lambda institution_id: wiring  # fakes hold one institution
    return wiring
