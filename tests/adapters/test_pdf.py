"""PDF files by typst: tagged, archivable, the same bytes each time, and no value is markup."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from recovery.adapters.pdf import TEMPLATES, TypstPdf
from recovery.ports.pdf import DOSSIER, Attachment, PdfError, WrittenPdf

AT = datetime(2026, 3, 6, 9, 30, tzinfo=UTC)
MARKUP = r"#panic() $x$ *b* _i_ @ref <label> `raw` \ // = h - [x] #{sys.inputs} ~ --- \u{41}"


def values(**changes: Any) -> dict[str, Any]:
    return {
        "language": "es-PE",
        "title": "Su plan de pagos",
        "author": "Caja Rural Los Andes",
        "footer": "L-1",
        "sender": {"name": "Caja Rural Los Andes", "lines": ["Jr. Lima 1", "+51 1 1"]},
        "addressee": {"name": "María Quispe", "lines": ["Cusco"]},
        "place_and_date": "6 de marzo de 2026",
        "reference": "L-1",
        "greeting": "Hola:",
        "body": [
            {"heading": "Las partes"},
            {"text": "Texto."},
            {"list": ["uno", "dos"]},
            {"table": {"columns": ["Día", "Monto"], "rows": [["1", "S/ 1"]], "right": [1]}},
            {"table": {"columns": ["A"], "rows": [["b"]], "total": ["c"]}},
            {"facts": [["En total", "S/ 1"]]},
            {"box": ["Llámenos."]},
            {"signing": ["María Quispe"]},
        ],
        "closing": "Saludos",
        "signature": ["Rosa Flores"],
        "complain": ["Puede quejarse."],
        **changes,
    }


def letter(at: datetime = AT, **changes: Any) -> WrittenPdf:
    return TypstPdf().write("letter", values(**changes), at=at)


def read(written: WrittenPdf) -> PdfReader:
    return PdfReader(io.BytesIO(written.content))


def text_of(written: WrittenPdf) -> str:
    return "\n".join(page.extract_text() for page in read(written).pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


def roles_of(node: Any) -> list[str]:
    """Return the roles of the tags, in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        return [role for each in node for role in roles_of(each)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + (roles_of(node["/K"]) if "/K" in node else [])


def test_a_letter_can_be_read_aloud() -> None:
    root: Any = read(letter()).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and str(root["/Lang"]).lower() == "es-pe"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    roles = roles_of(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/P", "/L", "/LI", "/Table", "/TH", "/TD"} <= set(roles)
    assert roles.index("/H1") < roles.index("/H2") < roles.index("/Table")
    assert read(letter()).metadata.title == "Su plan de pagos"


def test_the_same_values_give_the_same_bytes() -> None:
    first, again = letter(), letter()
    assert first.content == again.content and first.sha256 == again.sha256
    assert letter(title="Otro").sha256 != first.sha256
    assert letter(at=AT.replace(hour=10)).sha256 != first.sha256


def test_markup_in_a_value_is_text() -> None:
    everywhere = values(
        title=MARKUP,
        footer=MARKUP,
        reference=MARKUP,
        greeting=MARKUP,
        addressee={"name": MARKUP, "lines": [MARKUP]},
        body=[
            {"heading": MARKUP},
            {"text": MARKUP},
            {"list": [MARKUP]},
            {"table": {"columns": [MARKUP], "rows": [[MARKUP]], "total": [MARKUP]}},
            {"facts": [[MARKUP, MARKUP]]},
            {"box": [MARKUP]},
            {"signing": [MARKUP]},
        ],
        complain=[MARKUP],
    )
    written = TypstPdf().write("letter", everywhere, at=AT)
    assert squeezed(text_of(written)).count(squeezed("#{sys.inputs}~---\\u{41}")) >= 15


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=200))
def test_whatever_people_are_called_there_is_a_letter(name: str, line: str) -> None:
    written = letter(addressee={"name": name, "lines": [line]})
    assert written.content.startswith(b"%PDF-") and len(read(written).pages) >= 1


@pytest.mark.parametrize("name", ["محمد علي", "דוד כהן", "Łucja Nguyễn Văn Tí", "Ощадна каса"])
def test_names_of_other_alphabets_are_shown(name: str) -> None:
    written = letter(addressee={"name": name, "lines": []})
    assert written.unshown == () and "\u25a1" not in text_of(written)


def test_a_letter_that_no_font_has_is_told_and_an_emoji_is_left_out() -> None:
    written = letter(addressee={"name": "አበበ Ann 😀👩‍👧", "lines": ["a\0b\udcffc"]})
    text = text_of(written)
    assert "\u25a1\u25a1\u25a1 Ann" in text and "abc" in text
    assert {"አ", "በ", "😀"} <= set(written.unshown)


def test_a_very_long_name_and_a_long_list_stay_on_the_pages() -> None:
    rows = [[f"day {n}", f"KES {n}"] for n in range(120)]
    table = {"columns": ["Day", "Amount"], "rows": rows, "right": [1]}
    written = letter(addressee={"name": "N" * 500, "lines": []}, body=[{"table": table}])
    pages = read(written).pages
    assert len(pages) > 2 and f"1 / {len(pages)}" in pages[0].extract_text()
    assert all("Amount" in page.extract_text() for page in pages[:-1])  # the head is repeated
    assert text_of(written).count("N") >= 500


def test_a_dossier_carries_its_files(tmp_path: Path) -> None:
    parts = (TEMPLATES / "parts.typ").read_text("utf-8")
    (tmp_path / "parts.typ").write_text(parts, "utf-8")
    (tmp_path / "dossier.typ").write_text(
        '#import "parts.typ": *\n#let values = json("/values.json")\n'
        "#show: framed.with(values)\n#attach-all(values)\n#outline(title: values.title)\n"
        "#for each in values.parts [= #each\n#pagebreak(weak: true)]\n",
        "utf-8",
    )
    files = [
        Attachment("ledger #1.csv", b"on,amount\n", "text/csv", "What was paid", "data"),
        Attachment("letter.pdf", letter().content, "application/pdf", "What was agreed"),
    ]
    said = values(parts=["The claim", "The payments"])
    made = [
        TypstPdf(tmp_path).write("dossier", said, at=AT, standards=DOSSIER, attachments=files)
        for _ in range(2)
    ]
    assert made[0].content == made[1].content
    reader = read(made[0])
    assert {name: data[0] for name, data in reader.attachments.items()} == {
        each.name: each.content for each in files
    }
    metadata = reader.trailer["/Root"]["/Metadata"].get_data()
    assert b"<pdfaid:part>3</pdfaid:part>" in metadata and b"pdfuaid" in metadata
    assert [each.title for each in reader.outline] == ["The claim", "The payments"]


def test_what_cannot_be_written_says_where_without_the_values(tmp_path: Path) -> None:
    with pytest.raises(PdfError, match="no template dossier-x"):
        TypstPdf().write("dossier-x", values(), at=AT)
    (tmp_path / "broken.typ").write_text('#json("/values.json").secret.none')
    with pytest.raises(PdfError) as caught:
        TypstPdf(tmp_path).write("broken", {"secret": "Ann Smith"}, at=AT)
    assert "broken" in str(caught.value) or "main" in str(caught.value)
    assert "Ann" not in str(caught.value) and caught.value.__cause__ is None
