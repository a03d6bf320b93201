"""The dossier repository contract, run against the in-memory fake and DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from recovery.adapters.dynamodb.dossier_repository import DynamoDbDossierRepository
from recovery.domain.judicial.dossier import Dossier
from recovery.ports.judicial import DossierRepository
from recovery.ports.shared import StaleWriteError
from tests.fakes import FakeDossierRepository

LINES = [{"kind": "interest", "from": "2026-01-01", "amount": f"{n}.00"} for n in range(4_000)]
DOSSIER = Dossier(
    dossier_id="L-1-C1#4-judicial_approval",
    loan_id="L-1",
    case_id="L-1-C1",
    as_of=date(2026, 6, 1),
    record_hash="0" * 64,
    contents={"claim": {"lines": LINES}, "facts": {"note": "\u00e1"}, "ask": {}},
)


@pytest.fixture(params=["fake", "dynamodb"])
def repository(request: pytest.FixtureRequest) -> DossierRepository:
    if request.param == "fake":
        return FakeDossierRepository()
    request.getfixturevalue("table")
    return DynamoDbDossierRepository("umoja")


def test_it_comes_back_whole_with_the_same_hash_however_long(repository) -> None:
    assert repository.find("L-1", DOSSIER.dossier_id) is None
    repository.save(DOSSIER)
    found = repository.find("L-1", DOSSIER.dossier_id)
    assert found == DOSSIER and found.hash == DOSSIER.hash


def test_the_same_again_changes_nothing_and_another_is_refused(repository) -> None:
    repository.save(DOSSIER)
    repository.save(DOSSIER)
    with pytest.raises(StaleWriteError):
        repository.save(replace(DOSSIER, contents={}))
    assert repository.find("L-1", DOSSIER.dossier_id) == DOSSIER
