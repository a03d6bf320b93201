"""Simulated advisors, who decide the demo's cases that await a person."""

from __future__ import annotations

from datetime import date, timedelta
from zlib import crc32

from infra.deployment.target import Target
from recovery.adapters.dynamodb.stream import ChangedLoan
from recovery.domain.outbox import Outbox
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.cases.decide_case import decide_case

_THINKS_DAYS = 5
_ROLES = frozenset({Role.SUPERVISOR, Role.LEGAL})
_COURT_DAYS = 40
_NAMES = ("Ana Torres", "Grace Njeri", "Pieter de Vries", "Luz Mendoza")


class Advisors:
    """Approve, decline or settle each waiting case a few days after it starts waiting."""

    def __init__(self, target: Target) -> None:
        self._ports = target.of(target.institution())
        self._awaits_since: dict[str, date] = {}
        self._filed_since: dict[str, date] = {}
        self.decisions = 0

    def observe(self, loan: ChangedLoan, outbox: Outbox) -> None:
        """Note when a signal moves this loan's case to where a person must decide."""
        if not outbox.signal:
            return
        loan_id = loan.loan_id
        self._awaits_since.pop(loan_id, None)
        self._filed_since.pop(loan_id, None)
        if outbox.signal.to == "judicial_recovery":
            self._awaits_since[loan_id] = outbox.as_of
        if outbox.signal.to == "filing":
            self._filed_since[loan_id] = outbox.as_of

    def decide(self, today: date) -> None:
        """Decide cases that have waited long enough; a given loan always gets the same decision."""
        for loan_id in _ripe(self._awaits_since, today, _THINKS_DAYS):
            choice = crc32(loan_id.encode()) % 5
            if choice == 0:
                self._record(
                    loan_id, "decline", "There was illness in the household; we will try once more."
                )
            elif choice == 1:
                self._record(
                    loan_id, "settle", "We agreed on a lower amount, and it has been paid."
                )
            else:
                self._record(loan_id, "approve", "Every option was offered and none was accepted.")
        for loan_id in _ripe(self._filed_since, today, _COURT_DAYS):
            for person in (0, 1):  # one asks, another decides
                why = "Court costs would exceed what can be recovered."
                self._record(loan_id, "write-off", why, person)

    def _record(self, loan_id: str, decision: str, why: str, person: int = 0) -> None:
        name = _NAMES[(crc32(loan_id.encode()) + person) % len(_NAMES)]
        advisor = Actor(id=f"typed:{name}", name=name, roles=_ROLES, typed=True)
        try:
            done = decide_case(loan_id, decision, advisor, why, self._ports.now(), self._ports)
            self.decisions += done.signal is not None
        except RefusedError:
            pass  # a payment has already moved the case


def _ripe(since: dict[str, date], today: date, days: int) -> list[str]:
    return [loan_id for loan_id, on in since.items() if today - on >= timedelta(days=days)]
