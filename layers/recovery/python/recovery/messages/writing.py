"""Write a message: templates from TOML, in the person's language, laid out as an e-mail."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

LANGUAGES: tuple[str, ...] = ("en", "es", "nl", "fr", "pt", "sw")

_FOLDER = Path(__file__).parent


class LanguageNotSupportedError(LookupError):
    """There is no text in this language; nobody is written to in one they did not name."""

    def __init__(self, language: str) -> None:
        super().__init__(f"no text in {language}")
        self.language = language


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A message ready to send; ``language`` is the one used, out of LANGUAGES.

    ``subject`` and ``sms`` are single lines; ``text`` and ``html`` are the parts of one e-mail.
    ``sender`` is the name that the e-mail is from, empty where others may see it.
    """

    subject: str
    text: str
    html: str
    sms: str
    language: str
    sender: str = ""


def fingerprint(message: RenderedMessage) -> str:
    """Return a hash that is equal for equal words, by whichever channel they go."""
    words = "\n".join((message.sms, message.subject, message.text))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def mail(
    locale: Locale,
    subject: str,
    greeting: str,
    blocks: list[list[str]],
    closing: list[str],
    footer: list[str],
    link: str = "",
) -> tuple[str, str]:
    """Return the parts of one e-mail, plain text and HTML; a line that is ``link`` becomes one."""
    html = _layout().render(
        lang=str(locale).replace("_", "-"),
        subject=subject,
        greeting=greeting,
        blocks=blocks,
        closing=closing,
        footer=footer,
        link=link,
    )
    text = "\n\n".join("\n".join(block) for block in ([greeting], *blocks, closing, footer))
    return f"{text}\n", html


def language_of(tag: str) -> str:
    """Return the language of a BCP 47 tag, such as ``es`` for ``es-PE``."""
    return re.split(r"[-_]", tag.strip().lower())[0]


def language_with_text(tags: Iterable[str | None]) -> str | None:
    """Return the first of these BCP 47 tags whose language has texts; None if none has."""
    return next((tag for tag in tags if tag and language_of(tag) in LANGUAGES), None)


def language_and_locale(tag: str, country: str | None) -> tuple[str, Locale]:
    """Return the language to use, out of LANGUAGES, and the locale for a BCP 47 tag.

    Raises LanguageNotSupportedError.
    """
    language, *subtags = re.split(r"[-_]", tag.strip().lower())
    if language not in LANGUAGES:
        raise LanguageNotSupportedError(language)
    regions = (part for part in subtags if re.fullmatch(r"[a-z]{2}|\d{3}", part, re.ASCII))
    return language, _locale(language, country or next(regions, None))


def _locale(language: str, region: str | None) -> Locale:
    try:
        return Locale(language, region.strip().upper() if region else None)
    except UnknownLocaleError:
        return Locale(language)


@cache
def templates(language: str, about: str = "") -> dict[tuple[str, str], Template]:
    """Return a language's templates by section and name; ``about`` is their folder."""
    plain = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    with (_FOLDER / about / f"{language}.toml").open("rb") as file:
        sections = tomllib.load(file)
    return {
        (section, name): plain.from_string(source)
        for section, sources in sections.items()
        for name, source in sources.items()
    }


@cache
def _layout() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("layout.html.j2")


def paragraphs(text: str) -> list[list[str]]:
    """Split into paragraphs of one line each, and lists of lines beginning with ``- ``."""
    blocks = (block.split("\n") for block in re.split(r"\n{2,}", text))
    return [lines if lines[0].startswith("- ") else [" ".join(lines)] for lines in blocks]


_LINK = re.compile(r"://|\.[^\W\d_]{2,}/")
_DOTTED = re.compile(r"(?<=[^\W_]{2})[.@](?=[^\W\d_]{2})")  # as in "example.com"


def one_line(text: str) -> str:
    """Strip line breaks, control characters and invisible formatting."""
    text = unicodedata.normalize("NFC", text)
    visible = (
        " " if unicodedata.category(char) == "Cc" else char
        for char in text
        # Keep the two joiners: some scripts need them to spell a name.
        if char in "\u200c\u200d" or unicodedata.category(char) not in ("Cf", "Cs")
    )
    return " ".join("".join(visible).split())


def person_name(text: str, longest: int) -> str:
    """Like ``short_name``, for the name of a person: nothing in it becomes a link on a phone.

    Names come from outside, and a phone makes a link of whatever looks like an address.
    """
    kept = (word for word in one_line(text).split() if not _LINK.search(word))
    words = (_DOTTED.sub(" ", word) for word in kept)
    return short_name(" ".join(words), longest)


def short_name(text: str, longest: int) -> str:
    """Return a name on one line of at most ``longest`` characters."""
    line = one_line(text)
    return line if len(line) <= longest else f"{line[: longest - 3].rstrip()}..."
