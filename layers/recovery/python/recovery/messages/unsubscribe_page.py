"""The page behind the link that ends e-mail: it asks, and says what was done.

It names nobody, neither the person nor the institution: whoever sees it learns nothing.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from recovery.messages.writing import LANGUAGES, language_of, templates

Says = Literal["question", "done", "unknown"]


def render_unsubscribe_page(says: Says, *tags: str | None) -> str:
    """Return the page in the first of these BCP 47 tags that has texts, else in English: it is the
    person who came here, and a page that nobody asked for does not open by itself."""
    named = (language_of(tag) for tag in tags if tag)
    language = next((each for each in named if each in LANGUAGES), "en")

    def say(name: str) -> str:
        return templates(language)["unsubscribe", name].render().strip()

    button = say("button") if says == "question" else ""
    return _page().render(lang=language, title=say("title"), sentence=say(says), button=button)


@cache
def _page() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("unsubscribe.html.j2")
