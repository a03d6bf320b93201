"""Grant a collective relief to one loan: its new schedule, its pause, and the charges of the time
between, in one transaction; worked out first, so that it can be looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from recovery.domain.accounting.fact import FactRecord, Recorded, RecordedFact, Undo
from recovery.domain.accounting.fact_checks import OnRecord, fact_problems
from recovery.domain.accounting.history import Charge, ScheduleVersion
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.party import debtors, parties_at, sureties
from recovery.domain.accounting.pauses import Pause
from recovery.domain.accounting.relief import Relief
from recovery.domain.agreements.fact_request import Restructure
from recovery.domain.agreements.relief import CHARGE, PAUSE, SCHEDULE, next_fact_id, reliefs_of
from recovery.domain.agreements.relief_cases import Application, ReliefCase
from recovery.domain.agreements.relief_rule import ReliefRule
from recovery.domain.agreements.relief_schedule import CollectiveRelief
from recovery.domain.agreements.restraints import Block, Kind, in_force
from recovery.domain.cases.stages import Stage
from recovery.domain.contact.borrower import Told
from recovery.domain.contact.choose import purpose_of
from recovery.domain.loan_state import standing_of
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.outbox import DomainEvent, TimelineEntry
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import RefusedError
from recovery.ports.accounting import LoanChange, StoredLoan
from recovery.ports.needs import HasBorrowers, HasCollateral, LoansAndInstitutions
from recovery.use_cases.accounting.record_fact import change_by
from recovery.use_cases.agreements.for_the_core import with_core_news
from recovery.use_cases.agreements.new_schedule import worked_out
from recovery.use_cases.shared.rules import Rules

_DAY = timedelta(days=1)
_DEMANDS = (Block.REMINDERS, Block.ARREARS, Block.NOTICES)
_NO_SECURITY = "credit_life_insurance"


class RelievingPorts(LoansAndInstitutions, HasBorrowers, HasCollateral, Protocol):
    """Loans, who owes them, what secures them, and what was said about them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneRelief:
    """What the relief does to one loan, and the change that does it.

    ``overdue_minor`` is what is overdue without it, ``next_due_on`` what falls due next with it.
    ``extra_minor`` is what the borrower pays more in all, ``charges_minor`` the charges of the time
    between that fall away. ``told`` are the demands since it began.
    """

    loan: Loan
    start: date
    until: date
    owed_minor: int
    overdue_minor: int
    next_due_on: date | None
    next_due_minor: int
    extra_minor: int
    charges_minor: int
    told: tuple[Told, ...]
    change: LoanChange


def is_granted(recorded: Recorded, rule: ReliefRule) -> bool:
    """Whether the loan has this relief."""
    return any(each.relief_id == rule.relief_id for _, each in reliefs_of(recorded))


def relief_case(
    stored: StoredLoan, recorded: Recorded, rules: Rules, ports: RelievingPorts
) -> ReliefCase:
    """Return what decides on the loan today."""
    loan, state, today = stored.loan, stored.state, rules.as_of
    current = parties_at(recorded.parties_said(), loan.borrower_id, today)
    held = in_force(state.restraints, today)
    loss = state.facts.loss
    return ReliefCase(
        loan=loan,
        today=today,
        owed_minor=_standing(stored, rules).outstanding.total,
        debtors=frozenset(each.person_id for each in debtors(current)),
        guarantors=frozenset(each.person_id for each in sureties(current)),
        secured=any(
            each.collateral.kind != _NO_SECURITY and each.collateral.holds(today)
            for each in ports.collateral.of_loan(loan.loan_id)
        ),
        is_closed=state.closed is not None or (loss is not None and loss.on is not None),
        is_elsewhere=state.ownership.silence_on(today) is not None,
        before_court=state.case is not None and state.case.stage is Stage.FILING,
        has_plan=any(each.kind == Kind.AGREEMENT for each in held),
        last_version_on=max((e.on for e in recorded.history().versions), default=None),
    )


def worked_out_relief(
    rule: ReliefRule,
    asked: Application | None,
    stored: StoredLoan,
    recorded: Recorded,
    by: Actor,
    now: datetime,
    rules: Rules,
    ports: HasBorrowers,
) -> OneRelief:
    """Work out the relief for a loan that gets it, back-dated to the day on which it begins.

    Raises RefusedError where the loan's record does not allow one of the facts.
    """
    loan, today = stored.loan, rules.as_of
    start = rule.starts(asked.applied_on if asked else None)
    told = tuple(
        each
        for each in ports.borrowers.told_about(loan.borrower_id, loan.loan_id)
        if start <= each.on <= today and purpose_of(each.kind) in _DEMANDS
    )
    granted = Relief(
        on=start,
        relief_id=rule.relief_id,
        until=rule.until(start),
        blocks=rule.rests,
        sorry=bool(told),
        guarantors_second=rule.guarantors_second,
    )
    fact_id = next_fact_id(recorded, rule.relief_id)
    record = FactRecord(
        fact_id=fact_id,
        loan_id=loan.loan_id,
        fact=granted,
        known_on=today,
        fingerprint=fact_id,
        reason=f"{rule.relief_id}: nothing falls due until {granted.until}",
        recorded_by=by.id,
        recorded_at=now,
    )
    charges = _charges_since(start, recorded, today)
    also = _also(rule, granted, record, charges, stored, recorded, rules)
    _check([record, *also], stored, recorded, today)
    change = change_by(record, stored, recorded, rules, also=also)
    change = with_core_news(change, record, recorded)
    return _in_all(granted, stored, change, told, charges, rules)


def _charges_since(start: date, recorded: Recorded, today: date) -> list[FactRecord]:
    return [
        each
        for each in recorded.counting()
        if isinstance(each.fact, Charge) and start <= each.fact.on <= today
    ]


def _also(
    rule: ReliefRule,
    granted: Relief,
    record: FactRecord,
    charges: list[FactRecord],
    stored: StoredLoan,
    recorded: Recorded,
    rules: Rules,
) -> tuple[FactRecord, ...]:
    """Return the facts that come with it: charges undone, the pause, and the new schedule."""

    def part(name: str, fact: RecordedFact) -> FactRecord:
        return replace(record, fact_id=f"{record.fact_id}.{name}", fact=fact)

    undone = [
        part(f"{CHARGE}{number}", Undo(each.fact_id, rules.as_of))
        for number, each in enumerate(charges, start=1)
    ]
    pause = part(PAUSE, Pause(granted.on - _DAY, granted.until))
    if not rule.moves_due_dates:
        return (*undone, pause)
    action = CollectiveRelief(
        months=rule.months,
        interest_only_months=rule.interest_only_months,
        interest_runs=rule.interest_runs,
    )
    without = recorded
    for each in undone:
        without = without.with_fact(each)
    version = worked_out(Restructure(action, granted.on), stored, without, rules)
    return (*undone, pause, part(SCHEDULE, version))


def _check(records: list[FactRecord], stored: StoredLoan, recorded: Recorded, today: date) -> None:
    state = stored.state
    known = OnRecord(stored.loan, state.position, state.facts, recorded, today)
    problems = [problem for each in records for problem in fact_problems(each.fact, known)]
    if problems:
        raise RefusedError(*problems)


def _in_all(
    granted: Relief,
    stored: StoredLoan,
    change: LoanChange,
    told: tuple[Told, ...],
    charges: list[FactRecord],
    rules: Rules,
) -> OneRelief:
    before = _standing(stored, rules)
    after = _standing(StoredLoan(change.loan, change.state), rules)
    charges_minor = sum(_amount_minor(each.fact) for each in charges)
    return OneRelief(
        loan=stored.loan,
        start=granted.on,
        until=granted.until,
        owed_minor=before.outstanding.total,
        overdue_minor=before.overdue.total,
        next_due_on=after.next_due_date,
        next_due_minor=after.next_due.total,
        extra_minor=after.outstanding.total - before.outstanding.total + charges_minor,
        charges_minor=charges_minor,
        told=told,
        change=_announced(granted, change, told, after, rules.as_of),
    )


def _announced(
    granted: Relief, change: LoanChange, told: tuple[Told, ...], after: Standing, today: date
) -> LoanChange:
    """Add the event, and the demands for which the letter apologises."""
    outbox = change.outbox
    detail: dict[str, object] = {
        "loan_id": change.loan.loan_id,
        "relief_id": granted.relief_id,
        "on": granted.on.isoformat(),
        "until": granted.until.isoformat(),
        "frozen_days_past_due": change.state.facts.frozen_days_past_due,
    }
    if after.next_due_date:
        detail["next_due_on"] = after.next_due_date.isoformat()
    versions = [each.fact for each in change.facts if isinstance(each.fact, ScheduleVersion)]
    if versions:
        detail["schedule_version"] = versions[0].version
    entries = outbox.timeline
    if told:
        said = ", ".join(f"{each.kind} on {each.on}" for each in sorted(told, key=lambda e: e.on))
        text = f"the letter about {granted.relief_id} apologises for: {said}"
        key = f"{granted.relief_id}#sorry"
        entries = (*entries, TimelineEntry(today, "fact", text, key=key))
    events = (*outbox.events, DomainEvent("ReliefGranted", detail))
    return replace(change, outbox=replace(outbox, timeline=entries, events=events))


def _standing(stored: StoredLoan, rules: Rules) -> Standing:
    loan, state = stored.loan, stored.state
    charges = rules.charges(loan, state)
    return standing_of(loan, state, rules.policy, rules.as_of, charges)


def _amount_minor(fact: RecordedFact) -> int:
    return fact.amount_minor if isinstance(fact, Charge) else 0
