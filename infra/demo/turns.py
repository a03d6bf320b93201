"""Turns that real loans take, once each: what the demo shows besides payments.

The core changes a schedule, a payment lands on the wrong loan and is moved, a guarantor pays, a
loan is written off by two people and part of the loss is recovered; somebody says stop, a harvest
is lost, somebody complains of how she was treated, somebody dies.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import chain
from typing import Any

from infra.deployment.target import Target, TargetError
from recovery.documents.intake.rows import PaymentRow
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.money import Money, to_decimal_text
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.cases.write_offs import decide_write_off

_SCHEDULE_DAYS, _MISDIRECTED_DAYS, _GUARANTOR_DAYS, _WRITE_OFF_DAYS = 20, 30, 60, 90
_STOP_DAYS, _HARVEST_DAYS, _COMPLAINT_DAYS, _DEATH_DAYS = 40, 50, 70, 80
_FOUND_DAYS = _RECOVERED_DAYS = 14
_LATER = timedelta(days=5)
_COMMITTEE = tuple(
    Actor(id=f"typed:{name}", name=name, roles=frozenset({Role.SUPERVISOR}), typed=True)
    for name in ("Ana Torres", "Pieter de Vries")
)

_TOLD: tuple[tuple[str, int, int, str, dict[str, object]], ...] = (
    ("stop", _STOP_DAYS, 0, "said stop", {"fact_id": "stop-1", "kind": "hold", "because": "stop"}),
    (
        "harvest",
        _HARVEST_DAYS,
        5,
        "lost the harvest",
        {"fact_id": "harvest-1", "kind": "hardship", "causes": ["income_fell"]},
    ),
    (
        "complaint",
        _COMPLAINT_DAYS,
        2,
        "complained of how they were treated",
        {"fact_id": "complaint-1", "kind": "complaint", "about": "conduct"},
    ),
    (
        "death",
        _DEATH_DAYS,
        1,
        "is reported to have died",
        {"fact_id": "death-1", "kind": "hold", "because": "death"},
    ),
)


@dataclass
class Turns:
    """Takes each turn on its day; ``told`` says in words what happened. ``stories`` are loans that
    take turns of their own."""

    target: Target
    start: date
    stories: Collection[str] = ()
    told: list[str] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)
    _spoke: set[str] = field(default_factory=set)
    _misdirected: tuple[str, str, date] | None = None
    _written_off: tuple[str, date] | None = None

    @cached_property
    def loan_ids(self) -> list[str]:
        """Every loan that may take a turn, by id."""
        ports = self.target.of(self.target.institution())
        shards = range(ports.settings.shards)
        loan_ids = chain.from_iterable(map(ports.loans.loan_ids, shards))
        return sorted(each for each in loan_ids if each not in self.stories)

    def misdirect(self, rows: Sequence[PaymentRow]) -> list[PaymentRow]:
        """Return the day's payments, one of them once with the wrong loan."""
        rows = list(rows)
        for index, row in enumerate(rows):
            if self._misdirected or row.value_date < self.start + timedelta(_MISDIRECTED_DAYS):
                continue
            wrong = self._other_loan(row.loan_id)
            if wrong:
                rows[index] = replace_loan(row, wrong)
                self._misdirected = row.payment_id, row.loan_id, row.value_date
        return rows

    def take(self, day: date) -> None:
        """Take the turns whose day has come."""
        since = (day - self.start).days
        if since >= _SCHEDULE_DAYS:
            self._once("schedule", day, self._change_schedule)
        if self._misdirected and day >= self._misdirected[2] + timedelta(_FOUND_DAYS):
            self._once("move", day, self._move)
        if since >= _GUARANTOR_DAYS:
            self._once("guarantor", day, self._let_guarantor_pay)
        for turn, days, late_days, said, body in _TOLD:
            if since >= days:
                self._once(turn, day, lambda _, told=(body, late_days, said): self._tell(*told))
        if since >= _WRITE_OFF_DAYS:
            self._once("write-off", day, self._write_off)
        if self._written_off and day >= self._written_off[1] + timedelta(_RECOVERED_DAYS):
            self._once("recovery", day, self._recover)

    def _once(self, turn: str, day: date, step: Any) -> None:
        """Take a turn until it succeeds once; a step returns what it did, or None to wait."""
        if turn not in self._taken and (said := step(day)):
            self._taken.add(turn)
            self.told.append(f"{day}: {said}")

    def _change_schedule(self, day: date) -> str | None:
        chosen = self._first(lambda each: _owes(each) and not _days_late(each))
        if chosen is None:
            return None
        loan = chosen.loan
        instalments = [
            {
                "number": each.number,
                "due_date": str(each.due_date + (_LATER if each.due_date > day else timedelta())),
                **{
                    name: to_decimal_text(part, loan.currency)
                    for name, part in each.due._asdict().items()
                },
            }
            for each in loan.schedule
        ]
        body = {
            "fact_id": "core-schedule-1",
            "kind": "schedule",
            "reason": "the borrower's pay day changed",
            "instalments": instalments,
        }
        self._call(f"/loans/{loan.loan_id}/facts", body)
        return f"the core moved the coming due dates of loan {loan.loan_id} by {_LATER.days} days"

    def _move(self, day: date) -> str | None:
        assert self._misdirected
        payment_id, right, _ = self._misdirected
        body = {"to_loan_id": right, "reason": "the reference was read wrongly"}
        self._call(f"/payments/{payment_id}/move", body)
        return f"payment {payment_id} moved to loan {right}, with its value date"

    def _let_guarantor_pay(self, day: date) -> str | None:
        chosen = self._first(lambda each: _days_late(each) >= 30 and _owes(each))
        if chosen is None:
            return None
        loan, standing = chosen.loan, chosen.state.standing
        others = (self._load(each).loan.borrower_id for each in self.loan_ids)
        guarantor = next(each for each in others if each != loan.borrower_id)
        assert standing is not None
        amount = to_decimal_text(max(1, standing.overdue.total // 2), loan.currency)
        limit = to_decimal_text(standing.outstanding.total, loan.currency)
        party = {"person_id": guarantor, "role": "guarantor", "limit": limit, "subsidiary": True}
        self._call(f"/loans/{loan.loan_id}/parties", party)
        payer = {"kind": "guarantor", "id": guarantor}
        self._pay(chosen, "GUARANTOR-1", amount, day, payer=payer)
        return f"guarantor {guarantor} paid {amount} {loan.currency} on loan {loan.loan_id}"

    def _tell(self, body: dict[str, object], late_days: int, said: str) -> str | None:
        """Record what a person tells of herself, one for each turn."""
        chosen = self._first(
            lambda each: (
                _days_late(each) >= late_days
                and _owes(each)
                and not each.state.restraints
                and each.loan.borrower_id not in self._spoke
            )
        )
        if chosen is None:
            return None
        person_id = chosen.loan.borrower_id
        self._spoke.add(person_id)
        self._call(f"/persons/{person_id}/facts", {"reason": "told at the branch", **body})
        return f"{person_id} {said}: what presses rests, on every loan of theirs"

    def _write_off(self, day: date) -> str | None:
        late = [each for each in map(self._load, self.loan_ids) if _days_late(each) >= 90]
        late = [each for each in late if each.state.closed is None]
        if not late:
            return None
        chosen = max(late, key=_days_late)
        ports = self.target.of(self.target.institution())
        for person in _COMMITTEE:  # one asks, another decides
            why = "The borrower has moved abroad and left no address."
            decide_write_off(chosen.loan.loan_id, person, why, ports.now(), ports)
        self._written_off = chosen.loan.loan_id, day
        owed = Money(_outstanding_minor(chosen), chosen.loan.currency)
        return f"loan {chosen.loan.loan_id} written off by two people: {owed}"

    def _recover(self, day: date) -> str | None:
        assert self._written_off
        stored = self._load(self._written_off[0])
        loss = stored.state.facts.loss
        if loss is None:
            return None
        amount = to_decimal_text(max(1, loss.remaining.total // 3), stored.loan.currency)
        self._pay(stored, "RECOVERED-1", amount, day)
        return f"{amount} {stored.loan.currency} of that loss recovered"

    def _pay(
        self, stored: StoredLoan, payment_id: str, amount: str, day: date, **more: object
    ) -> None:
        body = {
            "payment_id": payment_id,
            "loan_id": stored.loan.loan_id,
            "amount": amount,
            "currency": stored.loan.currency,
            "value_date": str(day),
            **more,
        }
        self._call("/payments", body)

    def _call(self, path: str, body: dict[str, object]) -> None:
        code, answer = self.target.call_api("POST", path, body, of=self.target.institution())
        if code not in (200, 201):
            raise TargetError(f"The API answered {code} to {path}: {json.dumps(answer)}")

    def _other_loan(self, loan_id: str) -> str | None:
        """Return another open loan in the same currency."""
        loan = self._load(loan_id).loan
        found = self._first(
            lambda each: (
                each.loan.currency == loan.currency
                and each.loan.borrower_id != loan.borrower_id
                and _owes(each)
            )
        )
        return found.loan.loan_id if found else None

    def _first(self, fits: Any) -> StoredLoan | None:
        return next((each for each in map(self._load, self.loan_ids) if fits(each)), None)

    def _load(self, loan_id: str) -> StoredLoan:
        return self.target.of(self.target.institution()).loans.load(loan_id)


def replace_loan(row: PaymentRow, loan_id: str) -> PaymentRow:
    """Return the same payment for another loan."""
    return row.model_copy(update={"loan_id": loan_id})


def _days_late(stored: StoredLoan) -> int:
    return stored.state.standing.days_past_due if stored.state.standing else 0


def _outstanding_minor(stored: StoredLoan) -> int:
    return stored.state.standing.outstanding.total if stored.state.standing else 0


def _owes(stored: StoredLoan) -> bool:
    return stored.state.closed is None and _outstanding_minor(stored) > 0
