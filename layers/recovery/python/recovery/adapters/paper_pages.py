"""Pictures of a paper's pages: an archivable PDF may not hold pages of another PDF.

The pages are drawn by typst, which reads untrusted files in memory-safe code; each is drawn on A4,
whatever size it says that it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from recovery.ports.pdf import PdfError

_PDF = "application/pdf"
_PICTURES = {"image/png": "png", "image/jpeg": "jpg"}
_PER_INCH = 120.0  # a scanned letter is easily read, and takes some 200 kB
_NO_MORE = "does not exist"
_DRAWN = """#set page(width: 21cm, height: 29.7cm, margin: 0pt, fill: white)
#image("/{name}", {page}width: 100%, height: 100%, fit: "contain")
"""


def pages_of(content: bytes, media_type: str, most: int) -> list[bytes]:
    """Return a picture of each page; see PdfWriter."""
    if media_type == _PDF:
        return list(_drawn(content, most))
    if media_type not in _PICTURES:
        raise PdfError(f"no picture can be made of {media_type}")
    _compiled(content, f"paper.{_PICTURES[media_type]}", None)  # only to see that it can be read
    return [content][:most]


def _drawn(content: bytes, most: int) -> Iterator[bytes]:
    for page in count(1):
        if page > most:
            return
        drawn = _compiled(content, "paper.pdf", page)
        if drawn is None:
            return
        yield drawn


def _compiled(content: bytes, name: str, page: int | None) -> bytes | None:
    """Return the page as PNG; None after the last one."""
    number = "" if page is None else f"page: {page}, "
    source = _DRAWN.replace("{name}", name).replace("{page}", number)
    with TemporaryDirectory() as root:
        Path(root, name).write_bytes(content)
        try:
            drawn: bytes = typst.compile(
                {"main.typ": source.encode()},  # type: ignore[call-overload]
                root=root,
                ignore_system_fonts=True,
                format="png",
                ppi=_PER_INCH,
            )
        except RuntimeError as error:
            said = getattr(error, "diagnostic", "")
            if page is not None and page > 1 and _NO_MORE in said:
                return None
            raise PdfError("the paper cannot be read") from None
    return drawn
