"""Groups and the collection sheets of their meetings."""

from __future__ import annotations

from recovery.api.ids import id_in_path
from recovery.api.institutions import caller_of, ports_of
from recovery.api.routes import Routes, described
from recovery.documents.accounting.group_request import (
    CountBody,
    GroupBody,
    SheetBody,
    counted_minor,
    group_request,
    sheet_request,
)
from recovery.documents.answers.loans import CollectionSheet, GroupVersion, GroupVersions
from recovery.domain.shared.errors import NotOnRecordError
from recovery.use_cases.accounting.record_collection_sheet import (
    find_sheet,
    record_sheet,
    sheet_document,
    verify_sheet,
)
from recovery.use_cases.accounting.record_group import group_document, record_group

router = Routes("Groups")
_GROUPS = "/institutions/<institution_id>/groups"
_SHEETS = f"{_GROUPS}/<group_id>/collection-sheets"


@router.post(_GROUPS)
@described(takes=GroupBody, gives={201: GroupVersion, 200: GroupVersion})
def post_group(institution_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with the version as recorded, or 200 for a repeat."""
    ports = ports_of(router, institution_id)
    taken = record_group(group_request(router.current_event.body), ports)
    return group_document(taken.group), 201 if taken.recorded else 200


@router.get(f"{_GROUPS}/<group_id>")
@described(gives={200: GroupVersions})
def get_group(institution_id: str, group_id: str) -> dict[str, object]:
    """Return 200 with every version of the group, earliest first."""
    ports = ports_of(router, institution_id)
    versions = ports.groups.versions(id_in_path("group_id", group_id))
    if not versions:
        raise NotOnRecordError("group_id", f"group {group_id}")
    return {"group_id": group_id, "versions": [group_document(each) for each in versions]}


@router.post(_SHEETS)
@described(takes=SheetBody, gives={201: CollectionSheet, 200: CollectionSheet})
def post_sheet(institution_id: str, group_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with the sheet, pending, or 200 with the same for a repeat."""
    ports = ports_of(router, institution_id)
    request = sheet_request(router.current_event.body, id_in_path("group_id", group_id))
    taken = record_sheet(request, caller_of(router), ports.now(), ports)
    return sheet_document(taken.sheet), 201 if taken.recorded else 200


@router.get(f"{_SHEETS}/<sheet_id>")
@described(gives={200: CollectionSheet})
def get_sheet(institution_id: str, group_id: str, sheet_id: str) -> dict[str, object]:
    """Return 200 with the sheet as it stands."""
    ports = ports_of(router, institution_id)
    group_id, sheet_id = id_in_path("group_id", group_id), id_in_path("sheet_id", sheet_id)
    return sheet_document(find_sheet(group_id, sheet_id, ports))


@router.post(f"{_SHEETS}/<sheet_id>/verification")
@described(takes=CountBody, gives={200: CollectionSheet})
def post_verification(institution_id: str, group_id: str, sheet_id: str) -> dict[str, object]:
    """Return 200 with the sheet, posted, also for a repeat."""
    ports = ports_of(router, institution_id)
    group_id, sheet_id = id_in_path("group_id", group_id), id_in_path("sheet_id", sheet_id)
    sheet = find_sheet(group_id, sheet_id, ports)
    counted = counted_minor(router.current_event.body, sheet.currency)
    return sheet_document(verify_sheet(sheet, counted, caller_of(router), ports.now(), ports))
