"""Store dossiers in DynamoDB, beside the decision that they are for."""

from __future__ import annotations

import json
import zlib

from pynamodb.exceptions import DoesNotExist

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import DossierItem
from recovery.adapters.dynamodb.writes import stale_if_refused
from recovery.documents.shared.plain import from_plain, to_plain
from recovery.domain.judicial.dossier import Dossier


class DynamoDbDossierRepository:
    """DossierRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def find(self, loan_id: str, dossier_id: str) -> Dossier | None:
        """Return the dossier on record; None if there is none."""
        try:
            item = DossierItem.get(*self._key(loan_id, dossier_id), consistent_read=True)
        except DoesNotExist:
            return None
        return from_plain(Dossier, json.loads(zlib.decompress(item.packed)))

    def save(self, dossier: Dossier) -> None:
        """Put it on record; see the port."""
        item = DossierItem(
            *self._key(dossier.loan_id, dossier.dossier_id),
            hash=dossier.hash,
            packed=zlib.compress(codec.to_json(to_plain(dossier)).encode(), 9),
        )
        absent, same = DossierItem.pk.does_not_exist(), DossierItem.hash == dossier.hash
        with stale_if_refused(f"dossier {dossier.dossier_id}"):
            item.save(condition=absent | same)

    def _key(self, loan_id: str, dossier_id: str) -> tuple[str, str]:
        partition = keys.partition(keys.LOAN, self._institution_id, loan_id)
        return partition, keys.key(keys.DOSSIER, dossier_id)
