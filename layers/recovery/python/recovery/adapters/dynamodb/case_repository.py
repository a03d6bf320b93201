"""Store case records in DynamoDB."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial

from pynamodb.exceptions import DoesNotExist

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.chain import DynamoDbLoanChain, attests
from recovery.adapters.dynamodb.decision_items import (
    decision_item,
    may_be_saved,
    pending_decision,
)
from recovery.adapters.dynamodb.items import CaseItem, DecisionItem, ListsIndex, RepairItem
from recovery.adapters.dynamodb.writes import stale_if_refused, update
from recovery.documents.cases.signal import signal_from_document
from recovery.domain.cases.approval import PendingDecision
from recovery.domain.cases.record import CaseRecord, place_of
from recovery.domain.shared.chain import ChainEntry
from recovery.domain.shared.pages import pages
from recovery.ports.cases import Repair
from recovery.ports.shared import StaleWriteError

_PAGE = 100  # the most that one batch reads
_CLOCK = partial(datetime.now, UTC)


class DynamoDbCaseRepository:
    """CaseRepository of one institution."""

    def __init__(self, institution_id: str, now: Callable[[], datetime] = _CLOCK) -> None:
        self._institution_id = institution_id
        self._chain = DynamoDbLoanChain(institution_id, now)

    def load(self, loan_id: str, case_id: str) -> CaseRecord:
        """Load the record, or an empty one if there is none yet."""
        pk, sk = self._pk(loan_id), keys.key(keys.CASE, case_id)
        try:
            return _record(CaseItem.get(pk, sk, consistent_read=True))
        except DoesNotExist:
            return CaseRecord(case_id=case_id, loan_id=loan_id)

    def cases_of(self, loan_id: str) -> list[CaseRecord]:
        """List the loan's cases by id, C2 before C10."""
        found = CaseItem.query(
            self._pk(loan_id),
            CaseItem.sk.startswith(keys.key(keys.CASE, "")),
            consistent_read=True,
        )
        return sorted(map(_record, found), key=lambda case: (len(case.case_id), case.case_id))

    def save(self, record: CaseRecord) -> None:
        """Save one version higher. Raises StaleWriteError if changed since it was loaded."""
        first = record.version == 0
        condition = CaseItem.pk.does_not_exist() if first else CaseItem.version == record.version
        with stale_if_refused(f"case {record.case_id}"):
            self._item(record).save(condition=condition)

    def open_cases(self, stage: str, after: str | None = None) -> Iterator[CaseRecord]:
        """Yield the open cases in this stage, the longest in it first: one query, then the cases
        that are asked for, a page at a time."""
        listed = CaseItem.lists.query(
            keys.list_key(keys.CASES, self._institution_id, stage),
            ListsIndex.listed_by > after if after else None,
        )
        for page in pages(listed, _PAGE):
            found = CaseItem.batch_get([(item.pk, item.sk) for item in page], consistent_read=True)
            here = (each for each in map(_record, found) if each.entered and each.stage == stage)
            yield from sorted(here, key=place_of)

    def decision(self, loan_id: str, decision_id: str) -> PendingDecision | None:
        """Return the decision on record, pending or decided; None if nobody asked."""
        sk = keys.key(keys.DECISION, decision_id)
        try:
            item = DecisionItem.get(self._pk(loan_id), sk, consistent_read=True)
        except DoesNotExist:
            return None
        return pending_decision(item)

    def decisions_of(self, loan_id: str) -> list[PendingDecision]:
        """List the loan's decisions by id."""
        found = DecisionItem.query(
            self._pk(loan_id),
            DecisionItem.sk.startswith(keys.key(keys.DECISION, "")),
            consistent_read=True,
        )
        return [pending_decision(item) for item in found]

    def pending_decisions(self, kind: str) -> list[PendingDecision]:
        """List the questions of this kind that wait for people, oldest first."""
        listed = DecisionItem.lists.query(keys.list_key(keys.DECISIONS, self._institution_id, kind))
        found = DecisionItem.batch_get(
            [(item.pk, item.sk) for item in listed], consistent_read=True
        )  # the index lags behind, and holds the keys only
        pending = (each for each in map(pending_decision, found) if each.is_pending)
        return sorted(pending, key=lambda each: (each.asked_at, each.decision_id))

    def save_decision(self, decision: PendingDecision) -> None:
        """Put it on record, and tell the loan's chain of it, or neither.

        Raises StaleWriteError if it was decided otherwise meanwhile.
        """
        item = decision_item(self._institution_id, decision)
        by = decision.decided_by or decision.asked_by
        entry = ChainEntry(
            act=decision.outcome or "asked",
            by=by.id,
            about=decision.decision_id,
            records=attests([item]),
        )
        self._chain.append_with(decision.loan_id, entry, item, may_be_saved(item))

    def repair(self, loan_id: str, case_id: str) -> Repair | None:
        """Return what the case waits for repair with; None if it does not."""
        sk = keys.key(keys.REPAIR, case_id)
        try:
            item = RepairItem.get(self._pk(loan_id), sk, consistent_read=True)
        except DoesNotExist:
            return None
        if item.repair_token is None:
            return None
        document = {"case_id": case_id, "signal": json.loads(item.repair_signal)}
        signal = signal_from_document(document)
        return Repair(loan_id, case_id, signal, item.repair_failure, item.repair_token)

    def waiting_repairs(self, shard: int, before: date) -> list[tuple[str, str]]:
        """List loan and case of the shard's that failed on a signal from before this date."""
        found = RepairItem.lists.query(
            keys.list_key(keys.REPAIRS, self._institution_id, shard),
            ListsIndex.listed_by < before.isoformat(),
        )
        return [(keys.parts(each.pk)[1], keys.identifier(each.sk)) for each in found]

    def end_repair(self, repair: Repair) -> None:
        """Record that the case goes on. A newer failure of it stays."""
        gone = (RepairItem.repair_token, RepairItem.listed_in, RepairItem.listed_by)
        with suppress(StaleWriteError), stale_if_refused("the repair"):
            update(
                self._pk(repair.loan_id),
                keys.key(keys.REPAIR, repair.case_id),
                [each.remove() for each in gone],
                RepairItem.repair_token == repair.task_token,
            )

    def _pk(self, loan_id: str) -> str:
        return keys.partition(keys.LOAN, self._institution_id, loan_id)

    def _item(self, record: CaseRecord) -> CaseItem:
        item = CaseItem(
            self._pk(record.loan_id),
            keys.key(keys.CASE, record.case_id),
            version=record.version + 1,
            stage=record.stage,
            outcome=record.outcome,
            execution_id=record.execution_id,
            task_token=record.task_token,
            advisor_task=record.advisor_task,
            last_received=record.last_received,
            pending=codec.signals_to_json(record.pending),
            path=codec.path_to_json(record.path),
        )
        if record.entered:
            stage = record.entered.stage
            item.listed_in = keys.list_key(keys.CASES, self._institution_id, stage)
            item.listed_by = place_of(record)
        return item


def _record(item: CaseItem) -> CaseRecord:
    return CaseRecord(
        case_id=keys.identifier(item.sk),
        loan_id=keys.parts(item.pk)[1],
        version=int(item.version),
        stage=item.stage,
        outcome=item.outcome,
        execution_id=item.execution_id,
        task_token=item.task_token,
        advisor_task=item.advisor_task,
        pending=codec.signals_from_json(item.pending),
        last_received=int(item.last_received),
        path=codec.path_from_json(item.path),
    )
