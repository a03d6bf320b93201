"""Experiments, in memory and in DynamoDB alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.adapters.dynamodb.experiment_repository import DynamoDbExperimentRepository
from recovery.domain.portfolio.experiments import BUILT_IN, OutcomeOf, Subject, started, stopped
from recovery.domain.portfolio.outcomes import Counts, Seen
from recovery.ports.experiments import ExperimentRepository
from recovery.ports.shared import StaleWriteError
from tests import fakes

ON, DAY = date(2026, 3, 2), timedelta(days=1)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
RECORD = started(BUILT_IN["lessons"](ON, ON + 90 * DAY), "ana", NOW)


@pytest.fixture(params=["fake", "dynamodb"])
def experiments(request: pytest.FixtureRequest) -> ExperimentRepository:
    if request.param == "fake":
        return fakes.FakeExperimentRepository()
    request.getfixturevalue("table")
    return DynamoDbExperimentRepository("umoja")


def subject(person_id: str = "B-1", days: int = 20, **changes) -> Subject:
    its = Subject(
        experiment_id="lessons",
        person_id=person_id,
        arm="lessons",
        loan_id="L-1",
        on=ON,
        look_on=ON + days * DAY,
        due_date=ON + (days - 3) * DAY,
    )
    return replace(its, **changes)


def test_an_experiment_is_read_as_declared_and_changed_over_its_version(experiments) -> None:
    experiments.save(RECORD)
    (found,) = experiments.all()
    assert found == replace(RECORD, version=1)
    assert found.experiment.fingerprint == found.declared
    with pytest.raises(StaleWriteError):
        experiments.save(RECORD)
    experiments.save(stopped(found, "review", "harms", NOW, ON))
    with pytest.raises(StaleWriteError):
        experiments.save(stopped(found, "ana", "enough", NOW, ON))
    assert experiments.all()[0].stopped_on == ON


def test_a_person_comes_in_once(experiments) -> None:
    assert experiments.enrol(subject())
    assert not experiments.enrol(subject(days=9))
    assert experiments.subject("lessons", "B-1") == subject()
    assert experiments.subject("lessons", "B-2") is None
    assert experiments.subject("other", "B-1") is None
    counts = experiments.counts("lessons", ["later", "lessons"])
    assert counts["later"] == Counts() and counts["lessons"].enrolled == 1


def test_those_due_are_listed_by_day_and_each_is_counted_once(experiments) -> None:
    for person_id, days in (("B-2", 12), ("B-1", 10), ("B-3", 30)):
        experiments.enrol(subject(person_id, days))
    assert experiments.due("lessons", ON + 9 * DAY, 10) == []
    found = experiments.due("lessons", ON + 12 * DAY, 10)
    assert [each.person_id for each in found] == ["B-1", "B-2"]
    assert len(experiments.due("lessons", ON + 40 * DAY, 2)) == 2
    seen = Seen(frozenset({OutcomeOf.ON_TIME, OutcomeOf.OPT_OUT}))
    for _ in range(2):
        experiments.note(found[0], seen)
    experiments.note(found[1], None)
    counts = experiments.counts("lessons", ["lessons"])["lessons"]
    assert (counts.enrolled, counts.looked) == (3, 1)
    assert counts.share(OutcomeOf.ON_TIME).hits == counts.share(OutcomeOf.OPT_OUT).hits == 1
    assert counts.share(OutcomeOf.CURE).hits == 0
    assert [e.person_id for e in experiments.due("lessons", ON + 40 * DAY, 9)] == ["B-3"]


def test_institutions_are_apart(table) -> None:
    one, other = (DynamoDbExperimentRepository(each) for each in ("umoja", "casa"))
    one.save(RECORD)
    one.enrol(subject())
    assert other.all() == [] and other.subject("lessons", "B-1") is None
