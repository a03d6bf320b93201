"""A collective relief over many loans: look first, then grant it, and undo the whole if need be.

Each loan is one transaction, so a run that stops half way is completed by running it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from recovery.domain.agreements.relief_cases import Application, WhyNot, is_for_a_person, why_not
from recovery.domain.agreements.relief_rule import ReliefRule
from recovery.domain.cases.tasks import LONGEST_REASON, Task, TaskKind
from recovery.domain.outbox import Outbox, outbox_id
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import NotAllowedError, Problem, RefusedError
from recovery.domain.shared.pages import pages
from recovery.ports.accounting import LoanChange, StoredLoan
from recovery.ports.needs import HasLoans
from recovery.use_cases.agreements.relieve import (
    OneRelief,
    RelievingPorts,
    is_granted,
    relief_case,
    worked_out_relief,
)
from recovery.use_cases.monitoring.review_loans import readable_loans
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_until_fresh
from recovery.use_cases.shared.rules import Rules, rules_of

_PAGE = 50
_DECIDE_WITHIN = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class NotRelieved:
    """A loan that does not get it, and why."""

    loan_id: str
    reasons: tuple[WhyNot, ...]

    @property
    def by_person(self) -> bool:
        """Whether a person decides."""
        return is_for_a_person(self.reasons)


@dataclass(slots=True)
class Relieved:
    """What came of a run, or would come of it. ``unchanged`` had it before; of the ``unknown``
    nobody said whether they are among those it is for."""

    granted: list[OneRelief] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    refused: list[NotRelieved] = field(default_factory=list)
    failed: list[tuple[str, Exception]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A run of a relief: who asked for it by loan, None if nobody has to; and the loans that were
    for a person, who decided that they get it."""

    rule: ReliefRule
    applications: Mapping[str, Application] | None = None
    decided: frozenset[str] = frozenset()


def may_relieve(by: Actor) -> None:
    """Raise NotAllowedError for whoever may not grant a relief, or undo it."""
    if not (by.is_person and by.may(Role.SUPERVISOR)):
        raise NotAllowedError(f"{by.in_words()} may not grant or undo a relief; a supervisor may")


def relieve_loans(
    asked: Asked,
    institution_id: str,
    by: Actor,
    now: datetime,
    ports: RelievingPorts,
    *,
    dry_run: bool = False,
    seen: Callable[[], None] = lambda: None,
) -> Relieved:
    """Grant the relief to every loan that gets it; a repeat completes what was interrupted.

    On loans for a person a task is opened. ``dry_run`` works the same out and writes nothing, for
    anybody. Raises NotAllowedError, and RefusedError for a relief that has to be asked for without
    applications.
    """
    if not dry_run:
        may_relieve(by)
    if asked.rule.on_application and asked.applications is None:
        reason = "are missing: who wants this relief has to ask for it"
        remedy = "Give the list of those who did"
        raise RefusedError(Problem("applications", reason, remedy, "missing"))
    today = business_date(institution_id, now, ports.institutions)
    run = _Run(asked, rules_of(institution_id, today, ports.institutions), by, now, ports)
    for loan_id in run.loan_ids():
        run.one(loan_id, dry_run)
        seen()
    return run.done


def leave_task(task: Task, as_of: date, ports: HasLoans) -> None:
    """Leave a task about a loan in its outbox, from which it is opened once, and announced."""
    assert task.loan_id
    loan_id = task.loan_id

    def step() -> None:
        stored = ports.loans.load(loan_id)
        outbox = Outbox(outbox_id(stored.state.version + 1), as_of, tasks=(task,))
        ports.loans.commit(LoanChange(stored.loan, stored.loan, stored.state, outbox))

    retry_until_fresh(step)


class _Run:
    """One run over the loans."""

    def __init__(
        self, asked: Asked, rules: Rules, by: Actor, now: datetime, ports: RelievingPorts
    ) -> None:
        self._asked, self._rules, self._by = asked, rules, by
        self._now, self._ports = now, ports
        self.done = Relieved()

    def loan_ids(self) -> Iterator[str]:
        """Yield those who asked, or else every loan that it is for by its contract."""
        if self._asked.applications is not None:
            yield from sorted(self._asked.applications)
            return
        whom = self._asked.rule.whom
        for page in pages(self._ports.loans.all_loan_ids(), _PAGE):
            found, unreadable = readable_loans(page, self._ports.loans)
            self.done.failed += unreadable
            for each in sorted(found, key=lambda stored: stored.loan.loan_id):
                outside = list(whom.outside(each.loan)) if _may_be_owed(each) else [("", "")]
                if not outside:
                    yield each.loan.loan_id
                elif all(own is None for _, own in outside):
                    self.done.unknown.append(each.loan.loan_id)

    def one(self, loan_id: str, dry_run: bool) -> None:
        """Look at one loan, and grant it the relief if it gets it; a failure is kept."""
        try:
            retry_until_fresh(lambda: self._step(loan_id, dry_run))
        except RefusedError as error:
            reasons = tuple(WhyNot("record", f"{each}", True) for each in error.problems)
            self._refuse(loan_id, reasons, dry_run)
        except Exception as error:
            self.done.failed.append((loan_id, error))

    def _step(self, loan_id: str, dry_run: bool) -> None:
        rule, applications = self._asked.rule, self._asked.applications
        found = self._ports.loans.load_many([loan_id])
        if not found:
            self._refuse(loan_id, (WhyNot("unknown", "there is no such loan"),), dry_run)
            return
        [stored], recorded = found, self._ports.loans.recorded(loan_id)
        if is_granted(recorded, rule):
            self.done.unchanged.append(loan_id)
            return
        application = applications[loan_id] if applications is not None else None
        case = relief_case(stored, recorded, self._rules, self._ports)
        reasons = why_not(rule, case, application)
        decided = loan_id in self._asked.decided and is_for_a_person(reasons)
        if reasons and not decided:
            self._refuse(loan_id, reasons, dry_run)
            return
        one = worked_out_relief(
            rule, application, stored, recorded, self._by, self._now, self._rules, self._ports
        )
        if not dry_run:
            self._ports.loans.commit(one.change)
        self.done.granted.append(one)

    def _refuse(self, loan_id: str, reasons: tuple[WhyNot, ...], dry_run: bool) -> None:
        refused = NotRelieved(loan_id, reasons)
        self.done.refused.append(refused)
        if refused.by_person and not dry_run:
            for each in self._ports.loans.load_many([loan_id]):
                leave_task(self._task(each, refused), self._rules.as_of, self._ports)

    def _task(self, stored: StoredLoan, refused: NotRelieved) -> Task:
        relief_id, today = self._asked.rule.relief_id, self._rules.as_of
        why = "; ".join(each.reason for each in refused.reasons)
        return Task(
            task_id=f"{refused.loan_id}.relief.{relief_id}",
            kind=TaskKind.RELIEF,
            person_id=stored.loan.borrower_id,
            loan_id=refused.loan_id,
            role=Role.SUPERVISOR,
            officer=stored.loan.advisor_name,
            reason=f"decide on relief {relief_id}: {why}"[:LONGEST_REASON],
            opened_on=today,
            do_by=today + _DECIDE_WITHIN,
            about=relief_id,
        )


def _may_be_owed(stored: StoredLoan) -> bool:
    """Whether anything may be owed on it, by the last review: the rest is left out unread."""
    standing = stored.state.standing
    owes = standing is None or standing.outstanding.total > 0
    return stored.state.closed is None and owes
