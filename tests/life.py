"""Play days on fakes, as the stream, the review and the queue would: a loan's life in memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from recovery.documents.accounting.fact_request import fact_request
from recovery.documents.people.fact_request import person_fact_request
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.shared.actor import Actor, Role
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.accounting.record_fact import FactTaken, record_fact
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.contact.tell_borrower import tell_borrower
from recovery.use_cases.judicial.prepare_dossier import prepare_dossier
from recovery.use_cases.monitoring.read_standing import read_standing
from recovery.use_cases.monitoring.review_loans import review_changed, review_shard
from recovery.use_cases.people.record_person_fact import PersonFactTaken, record_person_fact
from recovery.use_cases.people.route_person import route_person
from recovery.use_cases.route_changes import route_loan
from tests.builders import a_borrower, a_loan, a_state, an_actor
from tests.noticing import deliver_notices

OFFICER = an_actor("Peter Otieno", Role.ADVISOR)
SUPERVISOR = an_actor("Ana Torres", Role.SUPERVISOR)
ANOTHER = an_actor("Grace Njeri", Role.SUPERVISOR, Role.LEGAL)
BANK = Actor(id="bank", name="bank", roles=frozenset({Role.SERVICE}))
_DAY = timedelta(days=1)


class Life:
    """An institution on fakes, whose days are played in a row.

    ``said`` are the messages sent, as (day, channel, kind, text).
    """

    def __init__(self, wiring: SimpleNamespace, today: date) -> None:
        self.ports: Any = wiring
        self.today = today
        self._facts = 0
        self._open(today)

    def lend(self, loan_id: str = "L-1", borrower_id: str = "B-1", **changes: Any) -> None:
        """Put a loan on record, unpaid."""
        loan = a_loan(loan_id, borrower_id=borrower_id, **changes)
        borrower = a_borrower(borrower_id, email=f"{borrower_id}@example.org".lower())
        self.ports.borrowers.save_contact_details(borrower)
        self.ports.borrowers.loans.setdefault(borrower_id, []).append(loan_id)
        self.ports.loans.add_loan(StoredLoan(loan, a_state(loan)), [])

    def pay(self, loan_id: str, amount_minor: int, on: date | None = None, **payer: Any) -> None:
        """Post a payment, by default of today."""
        self._facts += 1
        payment = Payment(f"P-{self._facts}", on or self.today, amount_minor, **payer)
        take_payment(PaymentRequest(payment, loan_id, "EUR"), BANK, self._now(), self.ports)
        self.settle()

    def say(self, loan_id: str, kind: str, by: Actor = OFFICER, **fields: Any) -> FactTaken:
        """Record a fact about a loan, as the API takes it."""
        self._facts += 1
        fields.setdefault("fact_id", f"F-{self._facts}")
        body = json.dumps({"kind": kind, "reason": "as told", **fields}, default=str)
        request = fact_request(body, loan_id, "EUR", self.today)
        taken = record_fact(request, by, self._now(), self.ports)
        self.settle()
        return taken

    def tell(
        self, person_id: str, kind: str, by: Actor = OFFICER, **fields: Any
    ) -> PersonFactTaken:
        """Record a fact about a person, as the API takes it."""
        self._facts += 1
        fields.setdefault("fact_id", f"F-{self._facts}")
        body = json.dumps({"kind": kind, "reason": "as told", **fields}, default=str)
        request = person_fact_request(body, person_id, self.today)
        taken = record_person_fact("umoja", request, by, self._now(), self.ports)
        self.settle()
        return taken

    def until(self, day: date, each_day: Callable[[], None] = lambda: None) -> None:
        """Play every day up to this one: review what is due, then carry out what follows."""
        while self.today < day:
            self._open(self.today + _DAY)
            reviewed = review_shard("umoja", 0, self.today, self.ports)
            assert reviewed.failed == []
            self.settle()
            if deliver_notices("umoja", self.today, self.ports):
                self.settle()
            each_day()

    def settle(self) -> None:
        """Let the stream and the queue do their work until nothing is left."""
        loans, people, queue = self.ports.loans, self.ports.people, self.ports.queue
        for _ in range(50):
            changed, loans.needs_review = sorted(loans.needs_review), set()
            assert review_changed("umoja", changed, self._now(), self.ports).failed == []
            waiting = [each for each, outboxes in loans.waiting.items() if outboxes]
            for loan_id in waiting:
                for outbox in route_loan("umoja", loan_id, self.ports):
                    if outbox.signal and outbox.signal.to == "judicial_recovery":
                        prepare_dossier(loan_id, outbox.signal, self._now(), self.ports)
            persons = [each for each, outboxes in people.waiting.items() if outboxes]
            for person_id in persons:
                route_person(person_id, self.ports)
            wakes, queue.wakes = queue.wakes, []
            queue.delayed = []
            for wake in wakes:
                tell_borrower(wake, self._now(), self.ports)
            if not (changed or waiting or persons or wakes):
                return
        raise AssertionError("it never comes to rest")

    def standing(self, loan_id: str = "L-1") -> dict[str, Any]:
        return read_standing(loan_id, self._now(), self.ports)

    def promise(self, loan_id: str = "L-1") -> str:
        """Return what became of the loan's last promise."""
        return str(self.standing(loan_id)["promises"][-1]["outcome"])

    def tasks(self, kind: str | None = None) -> list[Any]:
        """Return the open tasks, the nearest deadline first."""
        found = self.ports.tasks.open_tasks()
        return [each for each in found if kind is None or each.kind == kind]

    def mails(self) -> list[str]:
        """Return the subjects of all e-mails sent so far."""
        return [subject for _, subject, _, _ in self.ports.messenger.emails]

    def _open(self, day: date) -> None:
        self.today = day
        self.ports.institutions.days["umoja"] = InstitutionDay(day, day, "replay")
        self.ports.clock.at = datetime.combine(day, time(7), UTC)

    def _now(self) -> datetime:
        """Return a moment of the day; each is a little later."""
        self.ports.clock.at += timedelta(seconds=1)
        return datetime.fromisoformat(self.ports.clock.at.isoformat())
