"""The dossier as one PDF: the sheet for who signs, the draft, and numbered documents that prove it.

Values for ``letters/dossier.typ``, in the language of the court.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recovery.domain.judicial.court_bundle import CourtBundle
from recovery.messages import court_documents, court_more_documents
from recovery.messages.court_draft import draft
from recovery.messages.court_sheet import sheet
from recovery.messages.court_voice import Voice, court_of
from recovery.messages.writing import one_line

TEMPLATE = "dossier"
VERSION = "dossier-1"  # another text, layout or value is another version


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a paper: the number of its picture, and what it shows."""

    picture: int
    paper: str
    fact_id: str
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class File:
    """A file that travels with the dossier; ``fact_id`` is what it proves, if it is a paper.

    ``shown`` is False for a paper of which no picture could be made.
    """

    name: str
    sha256: str
    size: int
    what: str
    fact_id: str = ""
    shown: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFacts:
    """What the dossier shows; ``contents`` are the answers that the dossier's hash binds."""

    dossier_id: str
    record_hash: str
    parts: Mapping[str, str]
    contents: Mapping[str, Any]
    bundle: CourtBundle
    files: Sequence[File] = ()
    pages: Sequence[Page] = ()


def court_dossier(facts: DossierFacts) -> dict[str, Any]:
    """Return the values of the file."""
    bundle, decision = facts.bundle, facts.contents["decision"]
    court = court_of(decision["procedure"], bundle.law, bundle.country)
    voice = Voice(court, bundle.currency)
    say = voice.say
    first = bundle.parties[0].name if bundle.parties else bundle.loan_id
    title = say("layout", "title", name=one_line(first))
    return {
        "language": f"{voice.locale}".replace("_", "-"),
        "title": title,
        "author": one_line(bundle.creditor),
        "footer": f"{facts.dossier_id} · {facts.record_hash[:12]} · {VERSION}",
        "kicker": say("layout", "kicker"),
        "cover": _cover(facts, voice),
        "warning": [say("layout", f"warning_{each}") for each in (1, 2)],
        "contents_title": say("layout", "contents"),
        "parts": list(_parts(facts, voice)),
    }


def _cover(facts: DossierFacts, voice: Voice) -> list[tuple[str, str]]:
    bundle, contents, say = facts.bundle, facts.contents, voice.say
    names = "; ".join(
        f"{one_line(each.name)} ({voice.code('role', each.role)})" for each in bundle.parties
    )
    return [
        (say("contract", "creditor"), one_line(bundle.creditor)),
        (say("layout", "against"), names),
        (say("sheet", "procedure"), voice.code("procedure", contents["decision"]["procedure"])),
        (say("sheet", "amount"), voice.amount(contents["claim"]["total"])),
        (say("contract", "loan"), bundle.loan_id),
        (say("layout", "as_of"), voice.long_day(bundle.as_of)),
        (say("layout", "dossier"), facts.dossier_id),
    ]


def _parts(facts: DossierFacts, voice: Voice) -> Iterator[dict[str, Any]]:
    """Yield each part with its blocks; ``private`` parts do not go to the court."""
    say, bundle, contents = voice.say, facts.bundle, facts.contents
    private, ours = say("layout", "header_private"), say("layout", "header_court")

    def part(title: str, header: str, blocks: Iterator[dict[str, Any]]) -> dict[str, Any]:
        return {"title": title, "header": header, "body": list(blocks)}

    yield part(say("sheet", "heading"), private, sheet(contents, bundle, voice))
    drafted = say("draft", "heading")
    yield part(drafted, say("layout", "header_draft"), draft(contents, bundle, voice))
    documents = (
        ("contract", court_documents.contract(bundle, voice)),
        ("schedule", court_documents.schedules(bundle, voice)),
        ("account", court_documents.account(contents["claim"], voice)),
        ("payments", court_documents.payments(bundle, voice)),
        ("claim", court_documents.calculation(contents["claim"], voice)),
        ("steps", court_more_documents.steps(bundle, voice)),
        ("agreements", court_more_documents.agreements(bundle, voice)),
        ("friendly", court_more_documents.friendly(contents["decision"], bundle, voice)),
        ("rules", court_more_documents.rules(contents, voice)),
        ("papers", _papers(facts, voice)),
    )
    for number, (section, blocks) in enumerate(documents, 1):
        title = say("layout", "document", number=number, title=say(section, "title_of_document"))
        yield part(title, ours, blocks)
    yield part(say("files", "heading"), private, _files(facts, voice))


def _papers(facts: DossierFacts, voice: Voice) -> Iterator[dict[str, Any]]:
    """Yield the picture of each page of each paper, and the papers that could not be shown."""
    say, papers = voice.say, [each for each in facts.files if each.fact_id]
    if not papers:
        yield {"text": say("papers", "none")}
        return
    yield {"text": say("papers", "note")}
    rows = [
        [each.name, each.fact_id, say("layout", "yes" if each.shown else "no")] for each in papers
    ]
    columns = [say("papers", f"col_{each}") for each in ("name", "fact", "shown")]
    yield {"table": {"columns": columns, "rows": rows, "right": [], "widths": [4, 3, 2]}}
    for each in facts.pages:
        told = say(
            "papers",
            "page",
            name=one_line(each.paper),
            fact=one_line(each.fact_id),
            page=each.page,
            pages=each.pages,
        )
        yield {"scan": {"path": f"/picture-{each.picture}", "told": told}}


def _files(facts: DossierFacts, voice: Voice) -> Iterator[dict[str, Any]]:
    """Yield every file and every part with the hash by which anybody can check it."""
    say = voice.say
    yield {"text": say("files", "note")}
    rows = [[one_line(each.name), each.what, each.sha256] for each in facts.files]
    rows += [[name, say("files", "part"), digest] for name, digest in sorted(facts.parts.items())]
    rows.append([say("files", "record"), say("files", "record_what"), facts.record_hash])
    columns = [say("files", f"col_{each}") for each in ("name", "what", "sha256")]
    table = {"columns": columns, "rows": rows, "right": [], "widths": [6, 5, 14], "code": [2]}
    yield {"table": table}
