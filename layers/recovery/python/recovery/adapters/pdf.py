"""Write PDF files with typst: tagged (PDF/UA), for the archive (PDF/A), the same bytes each time.

Templates are in ``messages/letters``. They read ``/values.json`` as data, so no value can become
markup, ``/attached-<n>`` for what travels inside, and ``/picture-<n>`` for what is shown.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from recovery.adapters.paper_pages import pages_of
from recovery.ports.pdf import LETTER, Attachment, PdfError, Standard, WrittenPdf

TEMPLATES = Path(__file__).parents[1] / "messages" / "letters"
_BOX = "\u25a1"
# A PDF that can be read aloud or archived refuses characters without a glyph, and names them.
_NO_GLYPH = re.compile(r'the text `"((?:\\.|[^"\\])+)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_MOST_PASSES = 20
_DECORATION = frozenset(("So", "Sk", "Cf", "Mn", "Me"))  # emoji, and what they are put together of


class TypstPdf:
    """PdfWriter by typst, with the fonts that it carries and those beside the templates."""

    def __init__(self, templates: Path = TEMPLATES) -> None:
        self._templates = templates

    def write(
        self,
        template: str,
        values: Mapping[str, Any],
        *,
        at: datetime,
        standards: Sequence[Standard] = LETTER,
        attachments: Sequence[Attachment] = (),
        pictures: Sequence[bytes] = (),
    ) -> WrittenPdf:
        """Fill in the template; see PdfWriter."""
        files = self._files(template)
        said = _clean({**values, "attachments": list(_attached(attachments))})
        with TemporaryDirectory() as root:  # the compiler takes bytes that are no text from disk
            for number, each in enumerate(attachments):
                Path(root, f"attached-{number}").write_bytes(each.content)
            for number, picture in enumerate(pictures):
                Path(root, f"picture-{number}").write_bytes(picture)

            def compiled(shown: Any) -> bytes:
                files["values.json"] = json.dumps(shown, ensure_ascii=False).encode()
                written: bytes = typst.compile(
                    files,  # type: ignore[call-overload]  # its types leave out what it documents
                    root=root,
                    font_paths=_fonts(self._templates),
                    ignore_system_fonts=True,  # the same on every machine
                    format="pdf",
                    pdf_standards=list(standards),
                    timestamp=int(at.timestamp()),
                )
                return written

            return _with_boxes(compiled, said)

    def pages_of(self, content: bytes, media_type: str, most: int) -> list[bytes]:
        """Return a picture of each page; see PdfWriter."""
        return pages_of(content, media_type, most)

    def _files(self, template: str) -> dict[str, bytes]:
        files = {path.name: path.read_bytes() for path in self._templates.glob("*.typ")}
        if f"{template}.typ" not in files:
            raise PdfError(f"there is no template {template}")
        return {**files, "main.typ": files[f"{template}.typ"]}


def _with_boxes(compiled: Callable[[Any], bytes], shown: Any) -> WrittenPdf:
    """Compile, with a box in place of each character without a glyph."""
    unshown: dict[str, None] = {}
    for _ in range(_MOST_PASSES):
        try:
            return WrittenPdf(compiled(shown), tuple(unshown))
        except typst.TypstError as error:
            missing = [each for each in _without_glyph(error.diagnostic) if each not in unshown]
            if not missing:
                raise PdfError(_where(error)) from None
        except RuntimeError as error:  # about the files, before anything was compiled
            raise PdfError(f"{error}") from None
        unshown |= dict.fromkeys(missing)
        shown = _replaced(shown, missing)
    raise PdfError(f"more than {len(unshown)} characters have no glyph")


@cache
def _fonts(templates: Path) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(templates / "fonts")])


def _attached(attachments: Sequence[Attachment]) -> Iterator[dict[str, str]]:
    """Yield what a template needs to attach each file."""
    for number, each in enumerate(attachments):
        yield {
            "name": each.name,
            "path": f"/attached-{number}",
            "media_type": each.media_type,
            "description": each.description,
            "relation": each.relation,
        }


def _without_glyph(diagnostic: str) -> list[str]:
    """Return the characters, or groups that make one, that the compiler could not show."""

    def plain(found: re.Match[str]) -> str:
        code, char = found.groups()
        return chr(int(code, 16)) if code else {"n": "\n", "t": "\t", "r": "\r"}.get(char, char)

    return [_ESCAPED.sub(plain, each) for each in _NO_GLYPH.findall(diagnostic)]


def _replaced(value: Any, missing: Sequence[str]) -> Any:
    """Leave out emoji, and put a box in place of each letter that no font has."""
    if isinstance(value, str):
        for each in missing:
            is_emoji = all(unicodedata.category(char) in _DECORATION for char in each)
            value = value.replace(each, "" if is_emoji else _BOX)
        return value
    return _each(value, lambda inner: _replaced(inner, missing))


def _clean(value: Any) -> Any:
    """Leave out control characters, which nobody can see, and halves of characters."""
    if isinstance(value, str):
        return "".join(c for c in value if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    return _each(value, _clean)


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, Mapping):
        return {key: change(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [change(inner) for inner in value]
    return value


def _where(error: typst.TypstError) -> str:
    """Say what is wrong with the template; the diagnostic quotes its lines, never the values."""
    lines = error.diagnostic.splitlines()
    return " ".join(line.strip() for line in lines[:2]) or type(error).__name__
