"""A dossier's files: the same bytes each time, whole, checkable, without what is confidential."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from recovery.adapters.pdf import TypstPdf
from recovery.documents.questions.claim import answer_claim
from recovery.domain.agreements.evidence import PaperFile
from recovery.domain.judicial.dossier import hash_of
from recovery.use_cases.judicial.prepare_dossier import prepare_dossier
from tests.conftest import wiring_of_fakes
from tests.court_record import AS_OF, DOSSIER_ID, SIGNAL, put_on_record

PICTURE = b"a picture"


def prepared(law: str | None = "ES", *, real: bool = False, **said: Any) -> Any:
    ports = wiring_of_fakes()
    put_on_record(ports, law, **said)
    if real:
        ports.pdf = TypstPdf()
    prepare_dossier("L-1", SIGNAL, ports.now(), ports)
    return ports


def package(ports: Any) -> dict[str, bytes]:
    dossier = ports.dossiers.find("L-1", DOSSIER_ID)
    archive = zipfile.ZipFile(io.BytesIO(ports.dossier_files.read(dossier, "zip")))
    return {name: archive.read(name) for name in archive.namelist()}


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def roles_of(node: Any) -> set[str]:
    node = node.get_object()
    if isinstance(node, list):
        return {role for each in node for role in roles_of(each)}
    if not isinstance(node, dict):
        return set()
    own = {str(node["/S"])} if "/S" in node else set()
    return own | (roles_of(node["/K"]) if "/K" in node else set())


def test_whoever_has_the_zip_can_check_every_file_and_the_hash_that_was_approved() -> None:
    ports = prepared()
    files = package(ports)
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["documents"] == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    said = manifest.pop("hash")
    del manifest["format"]
    assert said == hash_of(manifest) == ports.cases.decision("L-1", DOSSIER_ID).about
    dossier = ports.dossiers.find("L-1", DOSSIER_ID)
    assert ports.dossier_files.read(dossier, "pdf") == files["dossier.pdf"]


def test_the_claim_in_it_can_be_asked_again() -> None:
    claim = json.loads(package(prepared())["claim.json"])
    assert answer_claim(claim["question"]) == claim["answer"]


def test_the_statement_adds_up_to_the_claim() -> None:
    files = package(prepared())
    total = json.loads(files["claim.json"])["answer"]["total"]
    rows = files["statement.csv"].decode().splitlines()[1:]
    cents = sum(round(float(row.rsplit(",", 1)[1]) * 100) for row in rows)
    assert cents == round(float(total) * 100) > 0


@pytest.mark.slow
def test_the_same_record_gives_the_same_bytes_whenever_it_is_made() -> None:
    one, other = prepared(real=True, sent=5), wiring_of_fakes()
    put_on_record(other, "ES", sent=5)
    other.pdf = TypstPdf()
    other.clock.at += timedelta(days=400)
    prepare_dossier("L-1", SIGNAL, other.now(), other)
    assert package(one) == package(other)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("law", "language", "words"),
    [
        ("ES", "es-es", ("PETICIÓN INICIAL DE PROCEDIMIENTO MONITORIO", "Documento 5")),
        ("NL", "nl-nl", ("Bekende verweren en de gronden daarvan", "Bewijsmiddelen")),
        (None, "en-gb", ("No procedure was decided", "Document 5")),
    ],
)
def test_it_is_archivable_tagged_and_indexed_in_the_language_of_the_court(
    law: str | None, language: str, words: tuple[str, str]
) -> None:
    ports = prepared(law, real=True, sent=3)
    content = package(ports)["dossier.pdf"]
    reader = PdfReader(io.BytesIO(content))
    root: Any = reader.trailer["/Root"]
    about = root["/Metadata"].get_object().get_data().decode()
    assert "pdfaid:part>3<" in about and "pdfaid:conformance>A<" in about
    assert "pdfuaid:part>1<" in about
    assert root["/MarkInfo"]["/Marked"] and str(root["/Lang"]).lower() == language
    assert {"/Document", "/Table", "/TH", "/TD", "/L", "/TOC"} <= roles_of(root["/StructTreeRoot"])
    assert len(reader.outline) >= 13  # the sheet, the draft, ten documents, the hashes
    assert {"claim.json", "statement.csv"} <= reader.attachments.keys()
    text = text_of(content)
    for each in words:
        assert each in text
    assert (
        f"1 / {len(reader.pages)}" in text and f"{len(reader.pages)} / {len(reader.pages)}" in text
    )


def everything(ports: Any) -> str:
    """All that the ZIP says: the PDF's text and attachments, and every other file."""
    files = package(ports)
    pdf = files.pop("dossier.pdf")
    inside = [each for found in PdfReader(io.BytesIO(pdf)).attachments.values() for each in found]
    return "\n".join(
        [text_of(pdf), *(each.decode(errors="ignore") for each in (*files.values(), *inside))]
    )


@pytest.mark.slow
@pytest.mark.parametrize("law", ["ES", "NL", None])
def test_the_bundle_proves_the_attempt_and_leaves_the_offers_out(law: str | None) -> None:
    ports = wiring_of_fakes()
    put_on_record(ports, law, sent=3)
    ports.pdf = TypstPdf()
    offer = b"\x89PNG what was offered in confidence"
    ports.evidence.papers["L-1"] = [
        PaperFile("OF-SECRET", "offer", "image/png", offer),
        PaperFile("NS-proposal", "proposal", "image/png", offer),
    ]
    prepare_dossier("L-1", SIGNAL, ports.now(), ports)
    text = everything(ports)
    assert "BF-201" in text and "minutes 27" in text  # the attempt with its proof
    for secret in ("OF-SECRET", "NS-proposal", "secret paper", "in confidence", "1.234,56"):
        assert secret not in text, secret
    assert "1,234.56" not in text and "1234.56" not in text
    day = AS_OF.replace(month=3, day=29)  # on which the offer was made
    assert f"{day:%d/%m/%Y}" not in text and f"{day:%d-%m-%Y}" not in text


@pytest.mark.slow
def test_it_says_of_people_only_what_the_court_needs() -> None:
    ports = prepared(real=True, sent=3)
    text = everything(ports)
    assert "Lucía Ferrer Gil" in text and "Carmen Soler Vidal" in text
    for private in ("@example.org", "+3461100000", "Peter Otieno", "one_off"):
        assert private not in text


def test_papers_are_shown_page_by_page_and_attached() -> None:
    ports = wiring_of_fakes()
    put_on_record(ports)
    ports.evidence.papers["L-1"] = [
        PaperFile("DM-1", "receipt", "image/png", PICTURE),
        PaperFile("DM-2", "scan", "application/pdf", b"unreadable"),
    ]
    prepare_dossier("L-1", SIGNAL, ports.now(), ports)
    files = package(ports)
    assert files["papers/DM-1/receipt.png"] == PICTURE
    assert files["papers/DM-2/scan.pdf"] == b"unreadable"
    [values] = ports.pdf.written
    [scan] = [each["scan"] for part in values["parts"] for each in part["body"] if "scan" in each]
    assert scan["path"] == "/picture-0" and "papers/DM-1/receipt.png" in scan["told"]
    assert ports.pdf.attached == [
        ["claim.json", "statement.csv", "papers/DM-1/receipt.png", "papers/DM-2/scan.pdf"]
    ]


def test_a_paper_that_was_changed_gives_another_hash() -> None:
    hashes = set()
    for content in (b"one", b"other"):
        ports = wiring_of_fakes()
        put_on_record(ports)
        ports.evidence.papers["L-1"] = [PaperFile("DM-1", "receipt", "image/png", content)]
        hashes.add(prepare_dossier("L-1", SIGNAL, ports.now(), ports)["hash"])
    assert len(hashes) == 2


@pytest.mark.parametrize("surety", [True, False])
def test_each_party_is_asked_for_what_they_answer_for(surety: bool) -> None:
    ports = prepared(surety=surety)
    [values] = ports.pdf.written
    [table] = [
        each["table"]
        for part in values["parts"]
        for each in part["body"]
        if "table" in each and each["table"]["columns"][0] == "Nombre"
    ]
    assert len(table["rows"]) == (3 if surety else 2)
    total = ports.dossiers.find("L-1", DOSSIER_ID).contents["claim"]["total"]
    asked = [row[4].replace(".", "").replace(",", ".") for row in table["rows"]]
    assert asked[:2] == [total, total]
    assert asked[2:] == (["10000.00"] if surety else [])


@pytest.mark.slow
def test_what_people_wrote_is_no_markup_and_no_heading() -> None:
    ports = wiring_of_fakes()
    put_on_record(ports)
    person = ports.borrowers.load("B-1")
    name = "# Hechos\n- [x] {{ total }} #panic()"
    ports.borrowers.save_contact_details(replace(person, name=name))
    ports.pdf = TypstPdf()
    prepare_dossier("L-1", SIGNAL, ports.now(), ports)
    assert "{{ total }}" in text_of(package(ports)["dossier.pdf"])
