"""The HTML of an e-mail, checked as text: valid, self-contained, legible on a phone, by night."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from recovery import messages
from recovery.messages import LANGUAGES, RenderedMessage, render_please_call
from tests.messages.languages import EACH, FACTS, Reader, every_message, message

LAYOUT = (Path(messages.__file__).parent / "layout.html.j2").read_text("utf-8")
VOID = {"meta", "br"}
INSIDE: dict[str, str | None] = {  # element by the one it may stand in
    "html": None,
    "head": "html",
    "body": "html",
    **dict.fromkeys(("meta", "title", "style"), "head"),
    "main": "body",
    **dict.fromkeys(("p", "ul"), "main"),
    "li": "ul",
    "a": "li",
    **dict.fromkeys(("br", "strong"), "p"),
}


class Validator(HTMLParser):
    """Collects what is not valid: elements out of place, not closed, or given twice a property."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.problems: list[str] = []
        self._open: list[str] = []
        self.feed(source)
        self.close()
        self.problems += [f"<{tag}> is not closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self._open[-1] if self._open else None
        if parent != INSIDE.get(tag, "nothing"):
            self.problems.append(f"<{tag}> in <{parent}>")
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)) or any(value is None for _, value in attrs):
            self.problems.append(f"attributes of <{tag}>")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.problems.append(f"</{tag}> closes another")


def every_html() -> list[str]:
    calls = [render_please_call(each, "Grace", "Peter", "+254700000001") for each in LANGUAGES]
    return [rendered.html for _, _, rendered in every_message()] + [each.html for each in calls]


def test_every_html_is_valid() -> None:
    for html in every_html():
        assert html.startswith("<!doctype html>\n<html lang=")
        assert Validator(html).problems == []


@pytest.mark.parametrize(
    "wrong",
    ["<html><p>", "<html><body></html>", "<html><body><div></div></body></html>", "</html>"],
)
def test_the_validator_finds_what_is_wrong(wrong: str) -> None:
    assert Validator(wrong).problems


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_it_is_small_self_contained_and_says_what_the_text_says(kind: str, language: str) -> None:
    rendered = message(kind, language)
    reader = Reader(rendered.html)
    tags = [tag for tag, _ in reader.elements]
    # No images, so no alternative texts; no script, no form, nothing to load.
    assert set(tags) <= set(INSIDE)
    assert reader.elements[0][1]["lang"].startswith(language)
    link = FACTS[language].pay_link
    assert not re.search(r"https?:|url\(|src=|@import|javascript:", rendered.html.replace(link, ""))
    for tag, attributes in reader.elements:
        assert not [name for name in attributes if name.startswith("on")]
        assert tag != "a" or attributes == {"href": link}
    assert len(rendered.html) < 8_000
    # Both parts of the e-mail match; the HTML begins with the title.
    said = rendered.subject.split() + [word for word in rendered.text.split() if word != "-"]
    assert reader.words == said


def test_only_the_line_of_the_link_becomes_one() -> None:
    link = 'https://pay.example/"><script>'
    rendered: RenderedMessage = message("due_today", "en", pay_link=link, borrower_name=link)
    assert rendered.html.count("<a ") == 1 and "<script" not in rendered.html


# --- on a phone, by night ---------------------------------------------------------------------


def test_nothing_is_wider_than_a_phone_of_360_px() -> None:
    wide = re.findall(r"(?<!max-)(?<!device-)(?:min-)?width:\s*(\d+)px", LAYOUT)
    assert [each for each in wide if int(each) > 1] == []  # the line above the end is 1 px
    assert 'content="width=device-width, initial-scale=1"' in LAYOUT
    assert "max-width:560px" in LAYOUT and "overflow-wrap:anywhere" in LAYOUT
    assert "font-size:16px" in LAYOUT and "nowrap" not in LAYOUT


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb``, from 0 to 1 (WCAG 2.2)."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_have_contrast_enough(scheme: str) -> None:
    light, dark = LAYOUT.split("@media (prefers-color-scheme: dark)")
    css = light if scheme == "light" else dark
    (background,) = re.findall(r"background: (#[0-9a-f]{6})", css)
    colours = re.findall(r"[ {]color: (#[0-9a-f]{6})", css)
    assert len(colours) == 3  # of text, links and the end
    for colour in colours:
        assert contrast(colour, background) >= 7  # level AAA


def test_colours_are_set_in_one_place_so_that_the_dark_ones_count() -> None:
    assert "color" not in LAYOUT.split("<body>")[1]
    assert 'name="color-scheme" content="light dark"' in LAYOUT
