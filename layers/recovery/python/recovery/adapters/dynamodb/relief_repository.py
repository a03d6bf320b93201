"""Store rules of collective relief in DynamoDB, beside the institution's policies."""

from __future__ import annotations

from pynamodb.exceptions import DoesNotExist

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import ReliefItem
from recovery.adapters.dynamodb.writes import stale_if_refused
from recovery.documents.shared.plain import to_plain
from recovery.domain.agreements.relief_rule import ReliefRule
from recovery.domain.shared.errors import IdTakenError
from recovery.ports.shared import StaleWriteError


class DynamoDbReliefRepository:
    """ReliefRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._pk = keys.institution_key(institution_id)

    def save(self, rule: ReliefRule) -> bool:
        """Put the rule on record; return False if it is. Raises IdTakenError."""
        item = ReliefItem(
            self._pk,
            keys.key(keys.RELIEF, rule.relief_id),
            # With its defaults: a default that changes later alters no rule on record.
            document=codec.to_json(to_plain(rule, whole=True)),
        )
        try:
            with stale_if_refused("the relief"):
                item.save(condition=ReliefItem.pk.does_not_exist())
        except StaleWriteError:
            if self.find(rule.relief_id) != rule:
                raise IdTakenError("id", f"relief {rule.relief_id}") from None
            return False
        return True

    def find(self, relief_id: str) -> ReliefRule | None:
        try:
            item = ReliefItem.get(self._pk, keys.key(keys.RELIEF, relief_id), consistent_read=True)
        except DoesNotExist:
            return None
        return codec.document_from_json(ReliefRule, item.document)

    def all(self) -> list[ReliefRule]:
        """List them by id."""
        found = ReliefItem.query(
            self._pk, ReliefItem.sk.startswith(keys.key(keys.RELIEF, "")), consistent_read=True
        )
        return [codec.document_from_json(ReliefRule, item.document) for item in found]
