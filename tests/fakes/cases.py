"""Cases, their executions and the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from recovery.domain.cases.approval import PendingDecision
from recovery.domain.cases.record import CaseRecord, place_of
from recovery.domain.cases.signals import Signal
from recovery.domain.cases.tasks import Task, task_problems
from recovery.domain.judicial.dossier import Dossier
from recovery.domain.outbox import TimelineEntry
from recovery.domain.shared.chain import Attest
from recovery.ports.cases import Repair
from recovery.ports.shared import StaleWriteError


class FakeCaseRepository:
    """Records by loan and case; ``repairs`` are those that wait, as the execution records them."""

    def __init__(self) -> None:
        self.repairs: dict[tuple[str, str], Repair] = {}
        self.decisions: dict[tuple[str, str], PendingDecision] = {}
        self._records: dict[tuple[str, str], CaseRecord] = {}

    def load(self, loan_id: str, case_id: str) -> CaseRecord:
        empty = CaseRecord(case_id=case_id, loan_id=loan_id)
        return self._records.get((loan_id, case_id), empty)

    def cases_of(self, loan_id: str) -> list[CaseRecord]:
        found = (each for each in self._records.values() if each.loan_id == loan_id)
        return sorted(found, key=lambda each: (len(each.case_id), each.case_id))

    def save(self, record: CaseRecord) -> None:
        if self.load(record.loan_id, record.case_id).version != record.version:
            raise StaleWriteError(f"case {record.case_id} was changed")
        key = (record.loan_id, record.case_id)
        self._records[key] = replace(record, version=record.version + 1)

    def open_cases(self, stage: str, after: str | None = None) -> Iterator[CaseRecord]:
        here = (e for e in self._records.values() if e.entered and e.stage == stage)
        yield from sorted((e for e in here if place_of(e) > (after or "")), key=place_of)

    def decision(self, loan_id: str, decision_id: str) -> PendingDecision | None:
        return self.decisions.get((loan_id, decision_id))

    def decisions_of(self, loan_id: str) -> list[PendingDecision]:
        return [self.decisions[key] for key in sorted(self.decisions) if key[0] == loan_id]

    def pending_decisions(self, kind: str) -> list[PendingDecision]:
        pending = (e for e in self.decisions.values() if e.is_pending and e.kind == kind)
        return sorted(pending, key=lambda each: (each.asked_at, each.decision_id))

    def save_decision(self, decision: PendingDecision) -> None:
        self.check(decision)
        self.decisions[decision.loan_id, decision.decision_id] = decision

    def check(self, decision: PendingDecision) -> None:
        known = self.decisions.get((decision.loan_id, decision.decision_id))
        is_asked_again = known is not None and decision.outcome is None
        if known and known != decision and (known.outcome or is_asked_again):
            raise StaleWriteError(f"decision {decision.decision_id} was changed")

    def repair(self, loan_id: str, case_id: str) -> Repair | None:
        return self.repairs.get((loan_id, case_id))

    def waiting_repairs(self, shard: int, before: date) -> list[tuple[str, str]]:
        return [key for key, each in self.repairs.items() if each.signal.as_of < before]

    def end_repair(self, repair: Repair) -> None:
        key = (repair.loan_id, repair.case_id)
        if self.repairs.get(key) == repair:
            del self.repairs[key]


class FakeDossierRepository:
    """Dossiers by loan and decision."""

    def __init__(self) -> None:
        self._dossiers: dict[tuple[str, str], Dossier] = {}

    def find(self, loan_id: str, dossier_id: str) -> Dossier | None:
        return self._dossiers.get((loan_id, dossier_id))

    def save(self, dossier: Dossier) -> None:
        known = self._dossiers.setdefault((dossier.loan_id, dossier.dossier_id), dossier)
        if known.hash != dossier.hash:
            raise StaleWriteError(f"dossier {dossier.dossier_id} was changed")


class FakeDossierStore:
    """``files`` by hash and form."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, str], bytes] = {}

    def put(self, dossier: Dossier, form: str, content: bytes) -> None:
        self.files.setdefault((dossier.hash, form), content)

    def read(self, dossier: Dossier, form: str) -> bytes:
        return self.files[dossier.hash, form]

    def link(self, dossier: Dossier, form: str) -> str:
        return f"https://dossiers.example/{dossier.hash}.{form}"


class FakeTaskRepository:
    """Tasks by id; one that may not go on record fails the test. ``untold`` are those that ended
    unannounced."""

    def __init__(self) -> None:
        self._tasks: dict[str, Task] = {}
        self.untold: set[str] = set()
        self.sent_again: list[str] = []
        self.last_days: dict[str, date | None] = {}

    def find(self, task_id: str) -> Task | None:
        return self._tasks.get(task_id)

    def open_tasks(self, role: str | None = None) -> list[Task]:
        found = (each for each in self._tasks.values() if each.is_pending)
        wanted = (each for each in found if role is None or role in each.waits_for)
        return sorted(wanted, key=lambda each: (each.do_by, each.task_id))

    def late_tasks(self, before: date) -> list[Task]:
        return [each for each in self.open_tasks() if each.do_by < before]

    def of_person(self, person_id: str) -> list[Task]:
        found = (self._tasks[each] for each in sorted(self._tasks))
        return [each for each in found if each.person_id == person_id]

    def add(self, task: Task) -> bool:
        assert not list(task_problems(task)), task
        if task.task_id in self._tasks:
            return False
        self._tasks[task.task_id] = replace(task, version=1)
        return True

    def save(self, task: Task) -> None:
        known = self._tasks.get(task.task_id)
        if known is None or known.version != task.version:
            raise StaleWriteError(f"task {task.task_id} was changed")
        self._tasks[task.task_id] = replace(task, version=task.version + 1)
        if not task.is_pending:
            self.untold.add(task.task_id)

    def acknowledge(self, task_id: str) -> None:
        self.untold.discard(task_id)

    def keep_until(self, task: Task, last_day: date | None) -> None:
        if self._tasks[task.task_id].version == task.version:
            self.last_days[task.task_id] = last_day

    def waiting_ids(self, before: date) -> list[str]:
        ended = [(on, each) for each in self.untold if (on := self._tasks[each].ended_on)]
        return [task_id for on, task_id in sorted(ended) if on < before]

    def send_again(self, task_id: str) -> None:
        if task_id in self.untold:
            self.sent_again.append(task_id)


class FakeCaseWorkflow:
    """``started`` maps cases to signals, ``sent`` are (token, signal); a token works once.

    ``again`` are cases with the date they were started again; ``running`` are execution ids.
    """

    def __init__(self) -> None:
        self.started: dict[str, Signal] = {}
        self.again: dict[tuple[str, date], Signal] = {}
        self.sent: list[tuple[str, Signal]] = []
        self.failed: list[tuple[str, str]] = []
        self.running: set[str] = set()
        self.stopped: list[str] = []

    def start(self, loan_id: str, signal: Signal, *, again_on: date | None = None) -> None:
        if again_on:
            self.again.setdefault((signal.case_id, again_on), signal)
        else:
            self.started.setdefault(signal.case_id, signal)

    def fail(self, task_token: str, error: str, cause: str) -> None:
        self.failed.append((task_token, error))

    def is_running(self, execution_id: str) -> bool:
        return execution_id in self.running

    def stop(self, execution_id: str, why: str) -> None:
        self.running.discard(execution_id)
        self.stopped.append(execution_id)

    def send(
        self,
        loan_id: str,
        signal: Signal,
        task_token: str,
        between: Mapping[str, int] | None = None,
    ) -> None:
        self.between = between
        if task_token not in (token for token, _ in self.sent):
            self.sent.append((task_token, signal))


class FakeTimeline:
    """Entries by loan and id, in the order in which they came."""

    def __init__(self) -> None:
        self._entries: dict[str, dict[str, TimelineEntry]] = {}

    def add(
        self, loan_id: str, entries: Iterable[TimelineEntry], records: Sequence[Attest] = ()
    ) -> None:
        known = self._entries.setdefault(loan_id, {})
        for each in entries:
            known.setdefault(each.entry_id, each)

    def entries(self, loan_id: str) -> list[TimelineEntry]:
        return list(self.read(loan_id))

    def read(self, loan_id: str, since: date | None = None) -> Iterator[TimelineEntry]:
        known = self._entries.get(loan_id, {}).values()
        by_date = sorted(known, key=lambda each: each.on)
        yield from (each for each in by_date if since is None or each.on >= since)
