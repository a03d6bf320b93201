"""Opening a dossier: for who decides or audits, and on record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import NotAllowedError, NotOnRecordError
from recovery.use_cases.judicial.prepare_dossier import prepare_dossier
from recovery.use_cases.judicial.read_dossier import open_dossier, read_dossier
from recovery.use_cases.judicial.read_judicial import read_judicial
from tests.builders import an_actor
from tests.court_record import DOSSIER_ID, SIGNAL, put_on_record

LAWYER = an_actor("Ines Vidal", Role.LEGAL)


@pytest.fixture
def ports(wiring):
    put_on_record(wiring, instalments=6, sent=2)
    return wiring


def test_it_shows_the_files_by_hash_with_links_and_keeps_who_asked(ports) -> None:
    hash = prepare_dossier("L-1", SIGNAL, ports.now(), ports)["hash"]
    shown = read_dossier("L-1", LAWYER, ports.now(), ports)
    assert shown["hash"] == hash
    assert shown["pdf"] == f"https://dossiers.example/{hash}.pdf"
    assert {*shown["files"]} == {"dossier.pdf", "claim.json", "statement.csv"}
    [entry] = ports.audit.of_person("B-1")
    assert (entry.act, entry.about, entry.by) == ("dossier_read", f"L-1 {DOSSIER_ID}", LAWYER)
    view = read_judicial("L-1", ports.now() + timedelta(days=140), ports)
    assert view["dossier"]["opens_at"] == "/v1/institutions/umoja/loans/L-1/dossier"


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.SERVICE])
def test_who_neither_decides_nor_audits_opens_none_and_leaves_no_trace_of_it(ports, role) -> None:
    prepare_dossier("L-1", SIGNAL, ports.now(), ports)
    with pytest.raises(NotAllowedError):
        open_dossier("L-1", an_actor("Peter", role), ports.now(), ports)
    assert ports.audit.of_person("B-1") == []


def test_before_there_is_one_it_says_so(ports) -> None:
    with pytest.raises(NotOnRecordError):
        open_dossier("L-1", LAWYER, ports.now(), ports)
