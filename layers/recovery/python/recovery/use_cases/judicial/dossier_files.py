"""Write a dossier's files: one PDF for people, and a ZIP with everything and a manifest of hashes.

The same record gives the same bytes, hence the same hash: nothing in them is of the moment.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any, Protocol

from recovery.documents.questions.claim import BECAUSE_TEXTS
from recovery.domain.agreements.evidence import PaperFile
from recovery.domain.judicial.court_bundle import papers_for_court
from recovery.domain.judicial.dossier import Dossier, hash_of
from recovery.domain.shared.money import to_minor
from recovery.messages.court_dossier import TEMPLATE, DossierFacts, File, Page, court_dossier
from recovery.messages.court_voice import Voice, court_of
from recovery.ports.needs import HasEvidence, HasPdf
from recovery.ports.pdf import DOSSIER, Attachment, PdfError
from recovery.use_cases.judicial.court_bundle import CourtPorts, court_bundle_of

PDF, CLAIM, STATEMENT, MANIFEST = "dossier.pdf", "claim.json", "statement.csv", "manifest.json"
_NOON = time(12, tzinfo=UTC)
_ZIPPED = (2020, 1, 1, 0, 0, 0)  # so that the same content gives the same bytes
_MOST_PAGES = 60  # shown; all papers are attached whole
_CODES = {text: code for code, text in BECAUSE_TEXTS.items()}


class DossierFilePorts(CourtPorts, HasEvidence, HasPdf, Protocol):
    """The record, the papers, and who writes PDF files."""


@dataclass(frozen=True, slots=True)
class DossierFiles:
    """The dossier with the hashes of its files, its PDF, and the ZIP with all of them."""

    dossier: Dossier
    pdf: bytes
    package: bytes


def write_dossier(
    dossier: Dossier, question: Mapping[str, Any], ports: DossierFilePorts
) -> DossierFiles:
    """Write the files of a dossier that has none yet; ``question`` is what the claim answers.

    Raises LoanNotFoundError, PdfError.
    """
    contents = {**dossier.contents, "claim": _with_codes(dossier.contents["claim"])}
    currency = contents["claim"]["currency"]
    total_minor = to_minor(contents["claim"]["total"], currency)
    bundle = court_bundle_of(dossier.loan_id, total_minor, dossier.as_of, ports)
    court = court_of(contents["decision"]["procedure"], bundle.law, bundle.country)
    voice = Voice(court, bundle.currency)
    papers = list(_papers(dossier, ports))
    pictures, pages = _pages(papers, ports)
    own = {CLAIM: _claim_file(question, dossier), STATEMENT: _statement(contents["claim"], voice)}
    files = [
        _file(CLAIM, own[CLAIM], voice.say("files", "claim")),
        _file(STATEMENT, own[STATEMENT], voice.say("files", "statement")),
        *(_paper_file(each, pages, voice) for each in papers),
    ]
    attached = [
        Attachment(CLAIM, own[CLAIM], "application/json", files[0].what, "data"),
        Attachment(STATEMENT, own[STATEMENT], "text/csv", files[1].what, "data"),
        *(
            Attachment(each.name, each.content, each.content_type, told.what, "source")
            for each, told in zip(papers, files[2:], strict=True)
        ),
    ]
    facts = DossierFacts(
        dossier_id=dossier.dossier_id,
        record_hash=dossier.record_hash,
        parts={name: hash_of(value) for name, value in dossier.contents.items()},
        contents=contents,
        bundle=bundle,
        files=files,
        pages=pages,
    )
    written = ports.pdf.write(
        TEMPLATE,
        court_dossier(facts),
        at=datetime.combine(dossier.as_of, _NOON),
        standards=DOSSIER,
        attachments=attached,
        pictures=pictures,
    )
    whole = {PDF: written.content, **own, **{each.name: each.content for each in papers}}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in whole.items()}
    finished = replace(dossier, documents=hashes)
    manifest = {"format": "recovery-dossier/1", "hash": finished.hash, **finished.manifest}
    return DossierFiles(finished, written.content, _zipped({MANIFEST: _json(manifest), **whole}))


def _papers(dossier: Dossier, ports: DossierFilePorts) -> list[PaperFile]:
    """Return the papers of the facts that the bundle may show, never those of an offer."""
    recorded = ports.loans.recorded(dossier.loan_id)
    known = papers_for_court(recorded, dossier.as_of)
    return ports.evidence.papers_of(dossier.loan_id, known.keys()) if known else []


def _pages(papers: Sequence[PaperFile], ports: DossierFilePorts) -> tuple[list[bytes], list[Page]]:
    """Return the pictures of all pages, up to so many, with what each shows."""
    pictures: list[bytes] = []
    pages: list[Page] = []
    for paper in papers:
        try:
            drawn = ports.pdf.pages_of(
                paper.content, paper.content_type, _MOST_PAGES - len(pictures)
            )
        except PdfError:
            continue  # the original is attached all the same, and the list says so
        for number, picture in enumerate(drawn, 1):
            pages.append(Page(len(pictures), paper.name, paper.fact_id, number, len(drawn)))
            pictures.append(picture)
    return pictures, pages


def _paper_file(paper: PaperFile, pages: Sequence[Page], voice: Voice) -> File:
    shown = any(each.paper == paper.name for each in pages)
    told = _file(paper.name, paper.content, voice.say("files", "paper"))
    return replace(told, fact_id=paper.fact_id, shown=shown)


def _file(name: str, content: bytes, what: str) -> File:
    return File(name, hashlib.sha256(content).hexdigest(), len(content), what)


def _claim_file(question: Mapping[str, Any], dossier: Dossier) -> bytes:
    """Return question and answer of the claim: whoever asks it again gets the same."""
    return _json({"question": dict(question), "answer": dossier.contents["claim"]})


def _statement(claim: Mapping[str, Any], voice: Voice) -> bytes:
    """Return the statement of account as a table, amounts as decimals."""
    stream = io.StringIO(newline="")
    rows = csv.writer(stream, lineterminator="\n")
    names = ("to", "kind", "part", "payment", "from", "days", "base", "annual_pct", "amount")
    rows.writerow(names)
    for each in claim["lines"]:
        rows.writerow([each.get(name, "") for name in names])
    return stream.getvalue().encode()


def _with_codes(claim: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claim with codes for why a rate is the lawful one, to say it in any language."""
    lines = [
        {**each, "because_code": _CODES.get(each.get("because", ""), "")} for each in claim["lines"]
    ]
    return {**claim, "lines": lines}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True).encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIPPED), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
