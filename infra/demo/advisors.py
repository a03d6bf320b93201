"""Simulated advisors, who decide the demo's cases that await a person."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import date, timedelta
from zlib import crc32

from infra.deployment.target import Target
from recovery.adapters.dynamodb.stream import ChangedLoan
from recovery.domain.accounting.court_steps import OFFERED, PreActionCheck
from recovery.domain.agreements.fact_request import FactRequest
from recovery.domain.outbox import Outbox
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.cases.decide_case import decide_case
from recovery.use_cases.judicial.pre_action import readiness_of
from recovery.use_cases.judicial.read_judicial import read_judicial

_THINKS_DAYS = 5
_ROLES = frozenset({Role.SUPERVISOR, Role.LEGAL})
_COURT_DAYS = 40
_NAMES = ("Ana Torres", "Grace Njeri", "Pieter de Vries", "Luz Mendoza")


class Advisors:
    """Approve, decline or settle each waiting case a few days after it starts waiting."""

    def __init__(self, target: Target, told: Collection[str] = ()) -> None:
        """``told`` are loans whose decisions a story tells."""
        self._told = told
        self._ports = target.of(target.institution())
        self._awaits_since: dict[str, date] = {}
        self._filed_since: dict[str, date] = {}
        self._to_check: dict[str, date] = {}
        self.decisions = 0

    def observe(self, loan: ChangedLoan, outbox: Outbox) -> None:
        """Note when a signal moves this loan's case to where a person must decide."""
        if not outbox.signal or loan.loan_id in self._told:
            return
        loan_id = loan.loan_id
        self._awaits_since.pop(loan_id, None)
        self._filed_since.pop(loan_id, None)
        self._to_check.pop(loan_id, None)
        if outbox.signal.to == "pre_action":
            self._to_check[loan_id] = outbox.as_of
        if outbox.signal.to == "judicial_recovery":
            self._awaits_since[loan_id] = outbox.as_of
        if outbox.signal.to == "filing":
            self._filed_since[loan_id] = outbox.as_of

    def decide(self, today: date) -> None:
        """Decide cases that have waited long enough; a given loan always gets the same decision."""
        for loan_id in _ripe(self._to_check, today, _THINKS_DAYS):
            self._check(loan_id, today)
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
                for person in (0, 1):
                    why = "Every option was offered and none was accepted."
                    self._record(loan_id, "approve", why, person)
        for loan_id in _ripe(self._filed_since, today, _COURT_DAYS):
            for person in (0, 1):  # one asks, another decides
                why = "Court costs would exceed what can be recovered."
                self._record(loan_id, "write-off", why, person)

    def _record(self, loan_id: str, decision: str, why: str, person: int = 0) -> None:
        advisor, ports = _person(loan_id, person), self._ports
        try:
            read = read_judicial(loan_id, ports.now(), ports)["dossier"]
            dossier = f"{read['hash']}" if isinstance(read, dict) else ""
            done = decide_case(
                *(loan_id, decision, advisor, why, ports.now(), ports), dossier=dossier
            )
            self.decisions += done.signal is not None
        except RefusedError:
            pass  # a payment has already moved the case

    def _check(self, loan_id: str, today: date) -> None:
        """Say what was done before court, and that an agreement was offered once more by a call;
        what nobody may lift stays, and the case waits."""
        ports = self._ports
        waits = readiness_of(loan_id, today, ports)
        codes = (*waits.waits_for, *waits.stopped_by, OFFERED)
        self._to_check.pop(loan_id, None)
        request = FactRequest(
            fact_id=f"check-{today}",
            loan_id=loan_id,
            fact=PreActionCheck(on=today, codes=codes, reference=f"file-{loan_id}"),
            reason="seen in the file",
        )
        with suppress(RefusedError):
            record_fact(request, _person(loan_id, 0), ports.now(), ports)


def _person(loan_id: str, number: int) -> Actor:
    """Return one of the people; a loan always meets the same ones."""
    name = _NAMES[(crc32(loan_id.encode()) + number) % len(_NAMES)]
    return Actor(id=f"typed:{name}", name=name, roles=_ROLES, typed=True)


def _ripe(since: dict[str, date], today: date, days: int) -> list[str]:
    return [loan_id for loan_id, on in since.items() if today - on >= timedelta(days=days)]
