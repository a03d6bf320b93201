"""Find collateral, and store groups and their collection sheets, in DynamoDB."""

from __future__ import annotations

from pynamodb.exceptions import DoesNotExist

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import CollateralItem, GroupItem, SheetItem
from recovery.adapters.dynamodb.writes import stale_if_refused
from recovery.domain.accounting.collateral import CollateralRecord
from recovery.domain.accounting.groups import CollectionSheet, Group
from recovery.ports.accounting import SheetExistsError
from recovery.ports.shared import StaleWriteError


class DynamoDbCollateralRepository:
    """CollateralRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def of_loan(self, loan_id: str) -> tuple[CollateralRecord, ...]:
        """Return all security of the loan by id, ended ones too."""
        found = CollateralItem.query(
            keys.partition(keys.LOAN, self._institution_id, loan_id),
            CollateralItem.sk.startswith(keys.key(keys.COLLATERAL, "")),
            consistent_read=True,
        )
        return tuple(codec.document_from_json(CollateralRecord, each.document) for each in found)


class DynamoDbGroupRepository:
    """GroupRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def versions(self, group_id: str) -> tuple[Group, ...]:
        """Return every version of the group, earliest first; () if there is no such group."""
        found = GroupItem.query(
            self._pk(group_id),
            GroupItem.sk.startswith(keys.key(keys.GROUP, "")),
            consistent_read=True,
        )
        return tuple(codec.document_from_json(Group, each.document) for each in found)

    def add_version(self, group: Group) -> None:
        """Add a version. Raises StaleWriteError if there is another from the same day."""
        sk = keys.key(keys.GROUP, group.from_on.isoformat())
        item = GroupItem(self._pk(group.group_id), sk, document=codec.document_to_json(group))
        with stale_if_refused(f"group {group.group_id}"):
            item.save(condition=GroupItem.pk.does_not_exist())

    def sheet(self, group_id: str, sheet_id: str) -> CollectionSheet | None:
        """Return the sheet; None if there is none with this id."""
        sk = keys.key(keys.SHEET, sheet_id)
        try:
            item = SheetItem.get(self._pk(group_id), sk, consistent_read=True)
        except DoesNotExist:
            return None
        return codec.document_from_json(CollectionSheet, item.document)

    def add_sheet(self, sheet: CollectionSheet) -> None:
        """Add a pending sheet. Raises SheetExistsError."""
        try:
            with stale_if_refused(f"sheet {sheet.sheet_id}"):
                self._item(sheet).save(condition=SheetItem.pk.does_not_exist())
        except StaleWriteError as error:
            raise SheetExistsError(f"sheet {sheet.sheet_id} is on record") from error

    def save_sheet(self, sheet: CollectionSheet, before: CollectionSheet) -> None:
        """Save a sheet that was verified or posted. Raises StaleWriteError if another did."""
        with stale_if_refused(f"sheet {sheet.sheet_id}"):
            self._item(sheet).save(condition=SheetItem.status == before.status)

    def _item(self, sheet: CollectionSheet) -> SheetItem:
        return SheetItem(
            self._pk(sheet.group_id),
            keys.key(keys.SHEET, sheet.sheet_id),
            document=codec.document_to_json(sheet),
            status=sheet.status,
        )

    def _pk(self, group_id: str) -> str:
        return keys.partition(keys.GROUP, self._institution_id, group_id)
