"""Audit entries keep who acted, whatever an act is called."""

from datetime import UTC, datetime

from recovery.documents.shared.plain import from_plain, to_plain
from recovery.domain.shared.actor import Role
from recovery.domain.shared.audit import Act, AuditEntry
from tests.builders import an_actor


def test_an_act_that_no_longer_exists_can_be_read() -> None:
    at = datetime(2026, 2, 2, tzinfo=UTC)
    entry = AuditEntry(at, "an act of yesterday", an_actor("Ana Torres", Role.TRAINED))
    assert entry.act not in set(Act)
    assert from_plain(type(entry.by), to_plain(entry.by)) == entry.by
