"""Experiments, the people in them, and what is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from recovery.domain.portfolio.experiments import ExperimentRecord, Subject
from recovery.domain.portfolio.outcomes import Counts, Seen
from recovery.ports.shared import StaleWriteError


class FakeExperimentRepository:
    """Everything by the experiment's id."""

    def __init__(self) -> None:
        self._records: dict[str, ExperimentRecord] = {}
        self._subjects: dict[tuple[str, str], Subject] = {}
        self._waiting: set[tuple[str, str]] = set()
        self._counted: dict[tuple[str, str], Counter[str]] = {}

    def all(self) -> list[ExperimentRecord]:
        return [self._records[each] for each in sorted(self._records)]

    def save(self, record: ExperimentRecord) -> None:
        name = record.experiment.experiment_id
        known = self._records.get(name)
        if (known.version if known else 0) != record.version:
            raise StaleWriteError(f"the experiment {name} was changed")
        self._records[name] = replace(record, version=record.version + 1)

    def enrol(self, subject: Subject) -> bool:
        key = subject.experiment_id, subject.person_id
        if key in self._subjects:
            return False
        self._subjects[key] = subject
        self._waiting.add(key)
        self._of(subject)["enrolled"] += 1
        return True

    def subject(self, experiment_id: str, person_id: str) -> Subject | None:
        return self._subjects.get((experiment_id, person_id))

    def due(self, experiment_id: str, on: date, most: int) -> list[Subject]:
        waiting = [self._subjects[key] for key in self._waiting if key[0] == experiment_id]
        found = [each for each in waiting if each.look_on <= on]
        return sorted(found, key=lambda each: (each.look_on, each.person_id))[:most]

    def note(self, subject: Subject, seen: Seen | None) -> None:
        key = subject.experiment_id, subject.person_id
        if key not in self._waiting:
            return
        self._waiting.remove(key)
        if seen:
            self._of(subject).update(["looked", *(each.value for each in seen.hits)])

    def counts(self, experiment_id: str, arms: Iterable[str]) -> dict[str, Counts]:
        found = {}
        for arm in arms:
            its = self._counted.get((experiment_id, arm), Counter())
            hits = {name: n for name, n in its.items() if name not in ("enrolled", "looked")}
            found[arm] = Counts(its["enrolled"], its["looked"], hits)
        return found

    def _of(self, subject: Subject) -> Counter[str]:
        return self._counted.setdefault((subject.experiment_id, subject.arm), Counter())
