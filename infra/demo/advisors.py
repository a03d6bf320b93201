"""The advisors of the demo: people who judge the cases that await a person."""

from __future__ import annotations

from datetime import date, timedelta
from zlib import crc32

from infra.deployment.target import Target
from recovery.domain.outbox import Outbox
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.cases.decide_case import decide_case

_THINKS_DAYS = 5
_COURT_DAYS = 40
_NAMES = ("Ana Torres", "Grace Njeri", "Pieter de Vries", "Luz Mendoza")


class Advisors:
    """Each approves, declines or settles what awaits a person, after some days of thought."""

    def __init__(self, target: Target) -> None:
        self._wiring = target.wiring
        self._awaits_since: dict[str, date] = {}
        self._filed_since: dict[str, date] = {}
        self.decisions = 0

    def hear(self, loan_id: str, outbox: Outbox) -> None:
        """A signal moved this loan's case."""
        if not outbox.signal:
            return
        self._awaits_since.pop(loan_id, None)
        self._filed_since.pop(loan_id, None)
        if outbox.signal.to == "judicial_recovery":
            self._awaits_since[loan_id] = outbox.as_of
        if outbox.signal.to == "filing":
            self._filed_since[loan_id] = outbox.as_of

    def decide(self, today: date) -> None:
        """Judge what has waited long enough; the same loan is always judged the same way."""
        for loan_id in _ripe(self._awaits_since, today, _THINKS_DAYS):
            choice = crc32(loan_id.encode()) % 5
            if choice == 0:
                self._say(loan_id, "decline", "The household had an illness; we try once more.")
            elif choice == 1:
                self._say(loan_id, "settle", "We agreed on a lower sum, and it is paid.")
            else:
                self._say(loan_id, "approve", "All ways were offered and none was taken.")
        for loan_id in _ripe(self._filed_since, today, _COURT_DAYS):
            self._say(loan_id, "write-off", "The court's costs would exceed what can be had.")

    def _say(self, loan_id: str, decision: str, why: str) -> None:
        name = _NAMES[crc32(loan_id.encode()) % len(_NAMES)]
        try:
            decide_case(loan_id, decision, name, why, self._wiring.now(), self._wiring)
            self.decisions += 1
        except RefusedError:
            pass  # a payment came first and moved the case


def _ripe(since: dict[str, date], today: date, days: int) -> list[str]:
    return [loan_id for loan_id, on in since.items() if today - on >= timedelta(days=days)]
