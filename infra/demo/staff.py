"""The people of the sample institution, who do their tasks; and how borrowers answer them.

A given task always gets the same answer. Whoever is called and will pay within the days of a
promise says so truly; others promise, and do not keep it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zlib import crc32

from infra.demo.answers import answer
from infra.demo.confirming import confirm_details
from infra.demo.stories import Story
from infra.deployment.target import Target
from recovery.documents.intake.rows import PaymentRow
from recovery.domain.accounting.said import DisputeOutcome
from recovery.domain.agreements.fact_request import DisputeAnswered, FactRequest
from recovery.domain.agreements.person_facts import ComplaintEnd, ComplaintOutcome, HoldEnd
from recovery.domain.agreements.person_request import AskedOfPerson, PersonFactRequest
from recovery.domain.cases.tasks import Result, Task, TaskKind, TaskOutcome
from recovery.domain.outbox import Outbox
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import RefusedError
from recovery.domain.shared.money import to_minor
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.cases.do_tasks import finish_task, take_task
from recovery.use_cases.people.record_person_fact import record_person_fact

_MOST_DAYS_AHEAD = 10
_LAG_DAYS = {
    TaskKind.DELIVER_NOTICE: 3,
    TaskKind.INVESTIGATE: 6,
    TaskKind.ANSWER_COMPLAINT: 7,
    TaskKind.DEATH: 2,
}
_SUPERVISORS = ("Ana Torres", "Pieter de Vries")
_TRAINED = "Grace Njeri"
_DELIVERED = (
    *(TaskOutcome.RECEIVED,) * 8,
    *(TaskOutcome.REFUSED, TaskOutcome.UNCOLLECTED, TaskOutcome.NOT_DELIVERED),
)
_ANSWERS = (
    *(TaskOutcome.PROMISE,) * 9,
    *(TaskOutcome.REACHED,) * 4,
    *(TaskOutcome.CANNOT_NOW,) * 3,
    *(TaskOutcome.DISPUTE, TaskOutcome.PLAN_WANTED, TaskOutcome.WRONG_NUMBER),
    *(TaskOutcome.COMPLAINT, TaskOutcome.REFUSED),
)


@dataclass
class Staff:
    """Does each open task a day or a few after it was opened; ``done`` counts what came of them.

    ``stories`` say what their people answer."""

    target: Target
    payments: Sequence[PaymentRow]
    stories: Mapping[str, Story] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    promises: dict[tuple[str, str], str] = field(default_factory=dict)
    refused: int = 0

    def __post_init__(self) -> None:
        self._ports = self.target.of(self.target.institution())
        self._asked_in = (0, 0)
        self._ahead: dict[str, list[PaymentRow]] = defaultdict(list)
        for row in self.payments:
            self._ahead[row.loan_id].append(row)

    def observe(self, outboxes: Iterable[Outbox]) -> None:
        """Note what became of promises."""
        for outbox in outboxes:
            for event in outbox.events:
                if event.name == "PromiseJudged":
                    key = f"{event.detail['loan_id']}", f"{event.detail['promise_id']}"
                    self.promises[key] = f"{event.detail['outcome']}"

    def confirm_details(self, today: date) -> None:
        """Once a month, whoever paid since the last one was asked whether number and address are
        still theirs; most people pay where somebody asks."""
        if (today.year, today.month) == self._asked_in:
            return
        self._asked_in = today.year, today.month
        since = today - _days(31)
        paid = {each.loan_id for each in self.payments if since <= each.value_date < today}
        for loan_id in sorted(paid):
            person_id = self._ports.loans.load(loan_id).loan.borrower_id
            confirm_details(person_id, today, self._ports)

    def work(self, today: date) -> None:
        """Do the tasks whose day has come."""
        for task in self._ports.tasks.open_tasks():
            lag_days = _LAG_DAYS.get(TaskKind(task.kind), _number(task, 2))
            if today < max(task.opened_on, min(task.do_by, task.opened_on + _days(lag_days))):
                continue
            story = self.stories.get(task.loan_id or "")
            if story and story.open_dispute and task.kind == TaskKind.INVESTIGATE:
                continue
            try:
                self.done[self._do(task, today)] += 1
            except RefusedError:
                self.refused += 1  # what holds back arrived first; the task lapses

    def _do(self, task: Task, today: date) -> str:
        match task.kind:
            case TaskKind.INVESTIGATE | TaskKind.FRAUD:
                return self._answer_dispute(task, today)
            case TaskKind.ANSWER_COMPLAINT:
                return self._answer_complaint(task, today)
            case TaskKind.HARDSHIP if task.task_id.endswith(".review"):
                self._finish(task, Result(code=TaskOutcome.DONE))
                end = HoldEnd(task.about, today)
                self._tell(task, "hold_end", end, "things are better now")
                return "hardship over"
            case TaskKind.CALL:
                result = self._said(task, today)
                self._finish(task, result)
                return f"call: {result.code.replace('_', ' ')}"
            case TaskKind.VISIT:
                self._finish(task, Result(code=TaskOutcome.VISIT_DONE))
            case TaskKind.DELIVER_NOTICE:
                result = _delivered(task, today, is_told=task.loan_id in self.stories)
                self._finish(task, result)
                return f"notice: {result.code.replace('_', ' ')}"
            case TaskKind.HARDSHIP | TaskKind.PLAN:
                self._finish(task, Result(code=TaskOutcome.REACHED))
            case _:
                self._finish(task, Result(code=TaskOutcome.DONE))
        return f"{task.kind.replace('_', ' ')} done"

    def _said(self, task: Task, today: date) -> Result:
        """Return what the person said on the phone."""
        if story := self.stories.get(task.loan_id or ""):
            return Result(code=TaskOutcome(story.answer))
        stored = self._ports.loans.load(task.loan_id or "")
        standing, currency = stored.state.standing, stored.loan.currency
        code = _ANSWERS[_number(task, len(_ANSWERS))]
        overdue_minor = standing.overdue.total if standing else 0
        if code == TaskOutcome.CANNOT_NOW:
            causes = ("income_fell", "costs_rose", "cannot_deal_with_it_now")
            return Result(code=code, cause=causes[_number(task, 3)])
        if code == TaskOutcome.COMPLAINT:
            return Result(code=code, cause="contact")
        if code == TaskOutcome.DISPUTE and overdue_minor > 2:
            return Result(code=code, cause="paid_already", amount_minor=overdue_minor // 2)
        if code != TaskOutcome.PROMISE or not overdue_minor:
            known = code not in (TaskOutcome.PROMISE, TaskOutcome.DISPUTE)
            return Result(code=code if known else TaskOutcome.REACHED)
        next_due = standing.next_due_date if standing else None
        latest = min(today + _days(_MOST_DAYS_AHEAD), next_due or date.max)
        for row in self._ahead[task.loan_id or ""]:
            if today < row.value_date <= latest:
                paid_minor = to_minor(row.amount, currency)
                hopes = _number(task, 4) == 0  # promises all that is late, and pays a part of it
                amount_minor = overdue_minor if hopes else min(overdue_minor, paid_minor)
                return Result(code=code, amount_minor=amount_minor, on=row.value_date)
        return Result(code=code, amount_minor=overdue_minor, on=min(latest, today + _days(5)))

    def _answer_dispute(self, task: Task, today: date) -> str:
        is_right = _number(task, 2) == 0
        outcome = DisputeOutcome.UPHELD if is_right else DisputeOutcome.REJECTED
        text = self._answer(task, "receipt_found" if is_right else "no_payment_found")
        said = DisputeAnswered(task.about, today, outcome, text)
        request = FactRequest(
            fact_id=f"answer-{task.about}"[:64],
            loan_id=task.loan_id or "",
            fact=said,
            reason="looked into by somebody else than the officer",
            said=task.task_id,
        )
        record_fact(request, self._supervisor(task), self._ports.now(), self._ports)
        return f"dispute {outcome.value}"

    def _answer_complaint(self, task: Task, today: date) -> str:
        upheld = _number(task, 3) > 0
        outcome = ComplaintOutcome.UPHELD if upheld else ComplaintOutcome.REJECTED
        text = self._answer(task, "called_too_often" if upheld else "called_as_chosen")
        end = ComplaintEnd(task.about, today, outcome, text)
        self._tell(task, "complaint_end", end, "looked into by somebody else")
        return f"complaint {outcome.value}"

    def _answer(self, task: Task, what: str) -> str:
        return answer(what, self._ports.borrowers.load(task.person_id).language)

    def _tell(self, task: Task, kind: str, fact: AskedOfPerson, reason: str) -> None:
        request = PersonFactRequest(
            fact_id=f"{kind}-{task.about}"[:64],
            person_id=task.person_id,
            fact=fact,
            reason=reason,
            said=task.task_id,
        )
        institution_id = self.target.institution()
        by = self._supervisor(task)
        record_person_fact(institution_id, request, by, self._ports.now(), self._ports)

    def _finish(self, task: Task, result: Result) -> None:
        by, institution_id = self._who(task), self.target.institution()
        now = self._ports.now()
        take_task(institution_id, task.task_id, by, now, self._ports)
        finish_task(institution_id, task.task_id, by, result, now, self._ports)

    def _who(self, task: Task) -> Actor:
        """Return the officer who knows the person, or somebody with the role that it takes."""
        if task.role == Role.SUPERVISOR:
            return self._supervisor(task)
        if task.role == Role.TRAINED:
            return _person(_TRAINED, Role.TRAINED)
        if task.role == Role.LEGAL:
            return _person(_SUPERVISORS[0], Role.LEGAL)
        return _person(task.officer or _TRAINED, Role.ADVISOR)

    def _supervisor(self, task: Task) -> Actor:
        name = next(each for each in _SUPERVISORS if each not in task.not_by)
        return _person(name, Role.SUPERVISOR)


def _person(name: str, role: Role) -> Actor:
    return Actor(id=f"typed:{name}", name=name, roles=frozenset({role}), typed=True)


def _delivered(task: Task, today: date, *, is_told: bool) -> Result:
    """Return how the notice ended: most receive it at the door, some letters come back."""
    ended = _DELIVERED[_number(task, len(_DELIVERED))]
    code = TaskOutcome.RECEIVED if is_told else ended
    medium = "registered_letter" if code != TaskOutcome.RECEIVED else "by_hand"
    return Result(
        code=code,
        medium=medium,
        sent_on=max(task.opened_on, today - _days(2)),
        on=today,
        proof=f"scan-{task.task_id}"[:100],
    )


def _number(task: Task, below: int) -> int:
    return crc32(task.task_id.encode()) % below


def _days(number: int) -> timedelta:
    return timedelta(days=number)
