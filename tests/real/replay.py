"""Replays real loans against a deployment from outside: deliveries, payments, reviews."""

from __future__ import annotations

import json
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from infra.demo.stream_watch import StreamWatch
from infra.deployment.operate import import_folder, run_review
from infra.deployment.target import Target
from recovery.adapters.dynamodb import keys
from recovery.documents.intake.rows import PaymentRow
from tests.builders import a_policy
from tests.noticing import deliver_notices
from tests.real.real_portfolio import RealLoan, write_delivery

_DAY = timedelta(days=1)
_POSTING_THREADS = 4


class Stored(NamedTuple):
    """A loan's standing as its last review stored it."""

    oldest_due_date: date | None
    overdue_minor: int

    def on(self, day: date) -> tuple[int, Decimal]:
        """Return days past due and arrears."""
        days = (day - self.oldest_due_date).days if self.oldest_due_date else 0
        return days, Decimal(self.overdue_minor) / 100


class Replay:
    """A portfolio on a deployment, with counts of what was done to it."""

    def __init__(self, target: Target, folder: Path) -> None:
        self.target, self._folder = target, folder
        self._institution_id = target.institution()
        # Nobody kept when these people were last known to be at their addresses.
        policy = a_policy(confirmed_within_days=None)
        target.of(self._institution_id).institutions.save_policy(self._institution_id, policy)
        self._watch = StreamWatch(target)
        self._future: dict[str, list[PaymentRow]] = {}
        self._to_post: list[list[PaymentRow]] = []
        self.loans = self.history = self.posted = self.reviews = self.compared = 0
        self.executions: Counter[str] = Counter()

    def deliver(self, loans: Sequence[RealLoan], start: date, *, every_day: bool = False) -> None:
        """Import the loans as of the day before ``start``, keeping later payments to post."""
        self.review(start - _DAY, every_day=every_day)
        write_delivery(loans, self._folder, payments_until=start - _DAY)
        result, rejected = import_folder(self.target, self._folder, self._institution_id)
        assert (result["loans_added"], result["rejections"]) == (len(loans), 0), rejected
        for each in loans:
            later = [row for row in each.payments if row.value_date >= start]
            self._future[each.loan_id] = later
            self.history += len(each.payments) - len(later)
        self.loans += len(loans)
        self.wait_until_idle()

    def post(self, loan: RealLoan, *, until: date) -> None:
        """Queue the loan's payments up to that day for the API, posted before the next review."""
        future = self._future[loan.loan_id]
        rows = [row for row in future if row.value_date <= until]
        if rows:
            self._future[loan.loan_id] = future[len(rows) :]
            self._to_post.append(rows)

    def wait_until_idle(self) -> None:
        """Post the queued payments and wait for their effects."""
        with ThreadPoolExecutor(_POSTING_THREADS) as threads:
            self.posted += sum(threads.map(self._post, self._to_post))
        self._to_post = []
        self._watch.wait_until_done()

    def review(self, day: date, *, every_day: bool = True) -> None:
        """Run the daily review until it has reached the day.

        Unless ``every_day``, mark the days in between as reviewed: years without events are not
        worth minutes of test time.
        """
        self.wait_until_idle()
        if not every_day:
            self._skip_to(day - _DAY)
        while self._reviewed_through() != day:
            run_review(self.target, self._institution_id, day, replay=True)
            self.reviews += 1
            if deliver_notices(self._institution_id, day, self.target.of(self._institution_id)):
                self._watch.wait_until_done()
        self._watch.wait_until_done()

    def standing(self, loan_id: str, day: date) -> dict[str, Any]:
        """Return the loan's standing from the API, which must be as of that day."""
        status, answer = self.target.call_api(
            "GET", f"/loans/{loan_id}/standing", of=self._institution_id
        )
        assert (status, answer.get("as_of")) == (200, day.isoformat()), answer
        return answer

    def stored(self, loan_ids: Sequence[str]) -> dict[str, Stored]:
        """Return each loan's standing as its last review stored it."""
        found = {}
        for kept in self.target.of(self._institution_id).loans.load_many(loan_ids):
            standing = kept.state.standing
            assert standing is not None, kept.loan.loan_id
            found[kept.loan.loan_id] = Stored(standing.oldest_due_date, standing.overdue.total)
        return found

    def stored_stage(self, loan_id: str) -> str:
        """Return the stage of the loan's open case."""
        case = self.target.of(self._institution_id).loans.load(loan_id).state.case
        assert case is not None, loan_id
        return case.target_stage

    def restraints(self, loan_id: str) -> set[str]:
        """Return the kinds of restraint on the loan."""
        state = self.target.of(self._institution_id).loans.load(loan_id).state
        return {each.kind for each in state.restraints}

    def count_executions(self) -> Counter[str]:
        """Count the case executions by status."""
        pages = self.target.client("stepfunctions").get_paginator("list_executions")
        arn = self.target.outputs["CaseStateMachineArn"]
        return Counter(
            each["status"]
            for page in pages.paginate(stateMachineArn=arn)
            for each in page["executions"]
        )

    def failures(self) -> list[str]:
        """Return the dead-letter queues that are not empty."""
        sqs = self.target.client("sqs")
        queues = {k: url for k, url in self.target.outputs.items() if k.startswith("Failed")}
        assert len(queues) >= 5
        return [
            name
            for name, url in queues.items()
            if sqs.receive_message(QueueUrl=url).get("Messages")
        ]

    def sent(self) -> Counter[str]:
        """Count messages sent by service, checking they went only to made-up addresses."""
        mails = [m for of in self._embedded("ses/messages")["messages"].values() for m in of]
        assert all(to.endswith("@example.org") for each in mails for to in each["To"])
        texts = self._embedded("sns/sms-messages")["sms_messages"].values()
        return Counter(email=len(mails), sms=sum(len(each) for each in texts))

    def most_messages_in_a_week(self) -> int:
        """Return the most messages any borrower got within seven days."""
        days: defaultdict[str, list[date]] = defaultdict(list)
        for page in (
            self.target.client("dynamodb")
            .get_paginator("scan")
            .paginate(TableName=self.target.outputs["TableName"])
        ):
            for item in page["Items"]:
                if item["sk"]["S"].startswith(f"{keys.MESSAGE}#"):
                    on = date.fromisoformat(item["contacted_on"]["S"])
                    days[item["pk"]["S"]].append(on)
        return max(
            sum(0 <= (other - day).days < 7 for other in of_one)
            for of_one in days.values()
            for day in of_one
        )

    def summary(self) -> str:
        """Return the counts on one line."""
        return (
            f"{self.loans} loans, {self.history} earlier payments, {self.posted} posted,"
            f" {self.reviews} reviews, {self.compared} standings compared,"
            f" cases {dict(self.executions)}, messages {dict(self.sent())}"
        )

    def _post(self, rows: Sequence[PaymentRow]) -> int:
        for row in rows:
            body = row.model_dump(mode="json", exclude_none=True)
            status, answer = self.target.call_api(
                "POST", "/payments", body, of=self._institution_id
            )
            assert status == 201, (row, answer)
        return len(rows)

    def _reviewed_through(self) -> date | None:
        return self.target.wiring.institutions.day(self._institution_id).reviewed_through

    def _skip_to(self, day: date) -> None:
        if self._reviewed_through() is None:
            return  # the first review covers only its own day
        self.target.client("dynamodb").update_item(
            TableName=self.target.outputs["TableName"],
            Key={
                "pk": {"S": keys.institution_key(self._institution_id)},
                "sk": {"S": keys.INSTITUTION},
            },
            UpdateExpression="SET reviewed_through = :day",
            ExpressionAttributeValues={":day": {"S": day.isoformat()}},
        )

    def _embedded(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.target.embedded.url}/_ministack/{path}") as answer:
            return json.load(answer)
