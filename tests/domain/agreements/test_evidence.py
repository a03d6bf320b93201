"""How many documents a dispute may have."""

from datetime import UTC, datetime

from recovery.domain.agreements.evidence import (
    ENDINGS,
    MOST_DOCUMENTS,
    EvidenceDocument,
    upload_problems,
)

AT = datetime(2026, 2, 2, tzinfo=UTC)


def documents(count: int) -> list[EvidenceDocument]:
    return [EvidenceDocument(f"D-{n}", "image/png", 9, AT, "https://x") for n in range(count)]


def test_documents_are_added_each_with_an_id_of_its_own() -> None:
    assert not list(upload_problems(documents(MOST_DOCUMENTS - 1), "new"))
    [taken] = upload_problems(documents(2), "D-1")
    assert taken.code == "conflict"
    [full] = upload_problems(documents(MOST_DOCUMENTS), "new")
    assert full.code == "out_of_range"


def test_each_type_has_an_ending_of_its_own() -> None:
    assert len(set(ENDINGS.values())) == len(ENDINGS)
