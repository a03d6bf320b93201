"""An export of a loan as a page to read and to print: the same content as its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template


def render_export(document: Mapping[str, Any]) -> str:
    """Return the page of a document that ``export_loan`` made; it loads nothing from elsewhere."""
    return _page().render(doc=document)


def _words(value: object) -> str:
    """Say a value: nothing for None, yes and no, amounts by their parts, else as it is."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{_name(each)} {_words(told)}" for each, told in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_words(each) for each in value) or "–"
    return str(value)


def _name(key: object) -> str:
    return str(key).replace("_", " ")


@cache
def _page() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(words=_words, name=_name)
    return environment.get_template("export.html.j2")
