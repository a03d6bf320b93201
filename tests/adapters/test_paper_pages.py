"""Pictures of papers: each page of a PDF on A4, a picture as it is, and junk refused."""

from __future__ import annotations

import contextlib

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.adapters.paper_pages import pages_of
from recovery.ports.pdf import PdfError

PDF, PNG = "application/pdf", "image/png"


def drawn(source: bytes, form: str = "pdf") -> bytes:
    content: bytes = typst.compile(source, format=form)
    return content


def size_of(png: bytes) -> tuple[int, int]:
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def test_each_page_of_a_pdf_becomes_a_picture_up_to_so_many() -> None:
    paper = drawn(b"one #pagebreak() two #pagebreak() three")
    assert len(pages_of(paper, PDF, 10)) == 3
    assert len(pages_of(paper, PDF, 2)) == 2
    assert pages_of(paper, PDF, 0) == []


@pytest.mark.parametrize("page", ["width: 3cm, height: 200cm", "width: 200cm, height: 3cm"])
def test_whatever_size_a_page_says_it_has_its_picture_is_of_a4(page: str) -> None:
    [picture] = pages_of(drawn(f"#set page({page})\nlong".encode()), PDF, 10)
    width, height = size_of(picture)
    assert (width, height) == size_of(pages_of(drawn(b"x"), PDF, 1)[0])
    assert 0.70 < width / height < 0.72


def test_a_picture_is_its_own() -> None:
    picture = drawn(b"#set page(width: 3cm, height: 3cm)\nx", "png")
    assert pages_of(picture, PNG, 10) == [picture]
    assert pages_of(picture, PNG, 0) == []


@pytest.mark.parametrize("media_type", [PDF, PNG, "image/jpeg", "text/html"])
@pytest.mark.parametrize("content", [b"", b"junk", b"%PDF-1.7 junk", b"\x89PNG\r\n\x1a\n junk"])
def test_what_cannot_be_read_is_refused(content: bytes, media_type: str) -> None:
    with pytest.raises(PdfError):
        pages_of(content, media_type, 10)


@settings(max_examples=40)
@given(st.integers(0, 2_000), st.binary(min_size=1, max_size=40))
def test_a_damaged_paper_is_drawn_or_refused_and_nothing_else(at: int, junk: bytes) -> None:
    whole = drawn(b"one page")
    damaged = whole[:at] + junk + whole[at + len(junk) :]
    with contextlib.suppress(PdfError):
        assert len(pages_of(damaged, PDF, 3)) <= 3
