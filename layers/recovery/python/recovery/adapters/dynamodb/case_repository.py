"""Store case records in DynamoDB."""

from __future__ import annotations

from pynamodb.exceptions import DoesNotExist

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import CaseItem
from recovery.adapters.dynamodb.writes import stale_if_refused
from recovery.domain.cases.record import CaseRecord


class DynamoDbCaseRepository:
    """CaseRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

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

    def _pk(self, loan_id: str) -> str:
        return keys.partition(keys.LOAN, self._institution_id, loan_id)

    def _item(self, record: CaseRecord) -> CaseItem:
        return CaseItem(
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
