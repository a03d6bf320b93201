"""An institution for one test: imports loans, posts payments, runs daily reviews."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from infra.demo.stream_watch import StreamWatch
from infra.deployment.operate import import_folder, run_review, wait_for
from infra.deployment.target import Target
from recovery.documents.cases.signal import execution_name
from recovery.domain.cases.policy import StageLadder
from recovery.domain.cases.record import CaseRecord
from recovery.domain.contact.policy import MessageRule
from recovery.domain.outbox import TimelineEntry
from recovery.use_cases.cases.decide_case import decide_case
from tests.builders import a_policy, an_actor
from tests.embedded.people import BORROWER_COLUMNS, Person, person_of
from tests.noticing import deliver_notices
from tests.to_court import check, dossier_of

MONDAY = date(2025, 3, 3)  # loans are imported as of the day before
DAY = timedelta(days=1)
SOON = 20  # seconds; expected effects appear within this time
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Every stage within a week, so a test can run a case in a few business dates.
QUICK: dict[str, Any] = {
    "version": 7,
    "stages": StageLadder(
        early_management_from_days=1,
        intermediate_recovery_from_days=3,
        judicial_recovery_from_days=6,
    ),
    "messages": (
        MessageRule(kind="first_days_late", days_past_due=1),
        MessageRule(kind="notice_before_judicial_recovery", days_past_due=4, min_case_days=2),
    ),
    "weekdays": EVERY_DAY,
    "max_messages_per_week": 7,
    "days_between_demands": 0,
    "quiet_days": 0,
    "probation_days": 2,
    "notice_days": 2,
    "judicial_pause_days": 3,
    "judicial_approvals": 1,
}
LOAN_COLUMNS = (
    "loan_id",
    "borrower_id",
    "portfolio",
    "currency",
    "principal",
    "disbursed_on",
    "advisor_name",
)


class Lender:
    """What a test does with its institution. Waits for effects, never for a fixed time."""

    def __init__(self, target: Target, id: str, folder: Path, watch: StreamWatch) -> None:
        self.target, self.id, self.watch = target, id, watch
        self.wiring = target.of(id)
        self.folder = folder
        self._numbers = iter(range(1, 1000))

    def set_policy(self, **changes: Any) -> None:
        """Put the quick policy with these changes in force."""
        policy = a_policy(**{**QUICK, **changes})
        self.wiring.institutions.save_policy(self.id, policy)

    def lend(
        self,
        *due_dates: date,
        amount: str = "100.00",
        paid: Sequence[tuple[date, str]] = (),
        loans: int = 1,
        person: Person | None = None,
    ) -> list[str]:
        """Import and review loans with one instalment on each date; return their ids."""
        if not self.wiring.institutions.day(self.id).business_date:
            self.review(MONDAY - DAY)
        ids = [f"{self.id}-{next(self._numbers)}" for _ in range(loans)]
        folder = self.folder / ids[0]
        folder.mkdir()
        people = {id: person or person_of(id) for id in ids}
        _write(folder / "borrowers.csv", BORROWER_COLUMNS, [p.row for p in people.values()])
        total = f"{sum(float(amount) for _ in due_dates):.2f}"
        loan_rows = [
            (id, people[id].id, "Lima Norte", "PEN", total, "2025-01-02", "Luz Mendoza")
            for id in ids
        ]
        _write(folder / "loans.csv", LOAN_COLUMNS, loan_rows)
        _write(
            folder / "instalments.csv",
            ("loan_id", "number", "due_date", "principal"),
            [(id, n, day, amount) for id in ids for n, day in enumerate(due_dates, 1)],
        )
        _write(
            folder / "payments.csv",
            ("payment_id", "loan_id", "value_date", "amount"),
            [(f"{id}-H{n}", id, *each) for id in ids for n, each in enumerate(paid, 1)],
        )
        result, rejected = import_folder(self.target, folder, self.id)
        assert result["loans_added"] == loans, rejected
        self.wait_until_idle()
        return ids

    def lend_one(self, *due_dates: date, **options: Any) -> str:
        """Import and review one such loan; return its id."""
        return self.lend(*due_dates, **options)[0]

    def pay(
        self, loan_id: str, amount: str, on: date, payment_id: str | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Post a payment, wait for its effects, and return the status and answer."""
        answer = self.post(loan_id, amount, on, payment_id)
        self.wait_until_idle()
        return answer

    def post(
        self,
        loan_id: str,
        amount: str,
        on: date,
        payment_id: str | None = None,
        *,
        currency: str = "PEN",
        sign: bool = True,
    ) -> tuple[int, dict[str, Any]]:
        """Post a payment through the API; return the status and answer."""
        body = {
            "payment_id": payment_id or f"{loan_id}-P{next(self._numbers)}",
            "loan_id": loan_id,
            "amount": amount,
            "currency": currency,
            "value_date": on.isoformat(),
        }
        return self.target.call_api("POST", "/payments", body, of=self.id, sign=sign)

    def review(self, day: date) -> str:
        """Run the daily review, wait for its effects, and return the execution ARN."""
        arn = run_review(self.target, self.id, day, replay=True)
        self.wait_until_idle()
        return arn

    def review_daily(self, first: date, last: date) -> None:
        """Run the daily review for each date, including the last; people deliver what they have
        to."""
        for day in days(first, last):
            self.review(day)
            if deliver_notices(self.id, day, self.wiring):
                self.wait_until_idle()

    def wait_until_idle(self) -> None:
        """Wait for the effects of reviews and payments."""
        self.watch.wait_until_done()

    def check(self, loan_id: str, day: date) -> None:
        """Say that what comes before court was done, and wait for the dossier."""
        check(loan_id, day, self.wiring)
        self.wait_until_idle()

    def decide(self, loan_id: str, decision: str, why: str, by: str = "Grace Njeri") -> None:
        """Record a named person's decision and wait for the case to follow."""
        self.decide_now(loan_id, decision, why, by)
        self.wait_until_idle()

    def decide_now(self, loan_id: str, decision: str, why: str, by: str = "Grace Njeri") -> None:
        """Record a named person's decision without waiting for the case to follow."""
        dossier = dossier_of(loan_id, self.wiring) if decision == "approve" else ""
        ports = self.wiring
        decide_case(loan_id, decision, an_actor(by), why, ports.now(), ports, dossier=dossier)

    def address_of(self, loan_id: str) -> str:
        """Return the e-mail address of the loan's borrower."""
        borrower_id = self.wiring.loans.load(loan_id).loan.borrower_id
        return self.wiring.borrowers.load(borrower_id).email or ""

    def case(self, loan_id: str) -> CaseRecord:
        """Return the record of the loan's latest case."""
        return self.wiring.cases.cases_of(loan_id)[-1]

    def path(self, loan_id: str) -> list[str]:
        """Return the stages of the loan's latest case in order, ending with any outcome."""
        return [step.stage for step in self.case(loan_id).path]

    def standing(self, loan_id: str) -> dict[str, Any]:
        """Return the loan's standing from the API."""
        code, answer = self.target.call_api("GET", f"/loans/{loan_id}/standing", of=self.id)
        assert code == 200, answer
        return answer

    def timeline(self, loan_id: str, kind: str | None = None) -> list[TimelineEntry]:
        """Return the loan's timeline, or only entries of one kind."""
        entries = self.wiring.timeline.entries(loan_id)
        return [entry for entry in entries if kind in (None, entry.kind)]

    def messages(self, loan_id: str) -> list[str]:
        """Return the timeline's text for each of the loan's messages."""
        return [entry.text for entry in self.timeline(loan_id, "message")]

    def executions(self, case_id: str) -> list[dict[str, Any]]:
        """Return the executions of a case, oldest first."""
        states = self.target.client("stepfunctions")
        found = states.list_executions(stateMachineArn=self.target.outputs["CaseStateMachineArn"])
        name = execution_name(self.id, case_id)
        ours = [
            each
            for each in found["executions"]
            if each["name"] == name or each["name"].startswith(f"{name}-")
        ]
        return sorted(ours, key=lambda each: each["name"])

    def history(self, loan_id: str) -> list[dict[str, Any]]:
        """Return the events of the execution that owns the loan's latest case."""
        states = self.target.client("stepfunctions")
        pages = states.get_paginator("get_execution_history").paginate(
            executionArn=self.case(loan_id).execution_id
        )
        return [event for page in pages for event in page["events"]]

    def states(self, loan_id: str) -> list[str]:
        """Return the states this execution entered, without the choices between them."""
        entered = (e.get("stateEnteredEventDetails") for e in self.history(loan_id))
        return [each["name"] for each in entered if each and each["name"] != "TakeSignal"]

    def ended(self, case_id: str) -> str:
        """Wait for the case's last execution to end and return its status."""

        def status() -> str | None:
            last = self.executions(case_id)[-1]["status"]
            return None if last == "RUNNING" else last

        return wait_for(status, SOON, f"{case_id} is still running", pause=0.05)


def days(first: date, last: date) -> Iterator[date]:
    """Yield each date, including the last."""
    while first <= last:
        yield first
        first += DAY


def signal_into(history: list[dict[str, Any]], state: str) -> dict[str, Any]:
    """Return the signal with which the execution last entered this state."""
    entered = [e["stateEnteredEventDetails"] for e in history if "stateEnteredEventDetails" in e]
    return json.loads([e["input"] for e in entered if e["name"] == state][-1])["signal"]


def write_portfolio(
    folder: Path, loan_id: str, borrower_id: str, email: str, due: date, amount: str
) -> None:
    """Write the files of one loan with one instalment."""
    person = replace(person_of(borrower_id), id=borrower_id, email=email)
    _write(folder / "borrowers.csv", BORROWER_COLUMNS, [person.row])
    loan = (loan_id, borrower_id, "Lima Norte", "PEN", amount, "2025-01-02", "Luz Mendoza")
    _write(folder / "loans.csv", LOAN_COLUMNS, [loan])
    columns = ("loan_id", "number", "due_date", "principal")
    _write(folder / "instalments.csv", columns, [(loan_id, 1, due, amount)])


def _write(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows(rows)
