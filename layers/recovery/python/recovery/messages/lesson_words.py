"""Write a lesson: a message with one question and a goal, the answer to a reply, a talking card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recovery.messages.sms import first_that_fits, in_gsm
from recovery.messages.writing import (
    RenderedMessage,
    language_and_locale,
    mail,
    one_line,
    paragraphs,
    short_name,
    templates,
)

ABOUT = "lessons"
_LONGEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonFacts:
    """Who writes to whom; of the loan nothing is said."""

    borrower_name: str
    advisor_name: str
    institution_name: str
    phone: str = ""
    country: str | None = None


def render_lesson(lesson_id: str, language: str, facts: LessonFacts) -> RenderedMessage:
    """Write the lesson in the language of a BCP 47 tag; by SMS it has two parts at most.

    Raises LanguageNotSupportedError; KeyError for a lesson without words.
    """
    used, locale = language_and_locale(language, facts.country)
    say = _Saying(used, lesson_id)
    greetings = templates(used)
    words = {
        "borrower_name": short_name(facts.borrower_name, 2 * _LONGEST),
        "advisor_name": short_name(facts.advisor_name, 2 * _LONGEST),
        "institution_name": short_name(facts.institution_name, 2 * _LONGEST),
        "phone": short_name(facts.phone, 20),
    }
    closing = [
        greetings["layout", name].render(words).strip()
        for name in ("closing", "advisor", "your_advisor_at", *(("phone",) if facts.phone else ()))
    ]
    blocks = [
        [say("tip")],
        [say("more")],
        [say("question")],
        [f"- 1: {say('one')}", f"- 2: {say('two')}"],
        [say("layout", "reply")],
        [say("goal")],
        [say("layout", "goal_reply")],
    ]
    subject = say("layout", "subject")
    greeting = greetings["layout", "greeting"].render(words).strip()
    footer = [one_line(each[0]) for each in paragraphs(say("layout", "stop", lines=True))]
    text, html = mail(locale, subject, greeting, blocks, closing, footer)
    sms = first_that_fits(_texts(say, short_name(facts.institution_name, _LONGEST)))
    return RenderedMessage(subject, text, html, sms, used, words["institution_name"])


def render_lesson_answer(lesson_id: str, language: str, *, is_right: bool) -> RenderedMessage:
    """Answer the reply to a lesson's question: why, and the goal. Raises as render_lesson."""
    used, locale = language_and_locale(language, None)
    say = _Saying(used, lesson_id)
    said = [say("layout", "right" if is_right else "other"), say("because"), say("goal")]
    subject = say("layout", "subject")
    text, html = mail(locale, subject, said[0], [], said[1:], [])
    sms = first_that_fits((" ".join(said), " ".join(said[:2])))
    return RenderedMessage(subject, text, html, in_gsm(sms), used)


def lesson_card(lesson_id: str, language: str) -> str:
    """Return the lesson for an advisor to read aloud, as text to print. Raises as render_lesson."""
    used, _ = language_and_locale(language, None)
    say = _Saying(used, lesson_id)
    lines = [
        f"{say('layout', 'card')}: {say('title')}",
        say("layout", "card_use"),
        "",
        say("tip"),
        say("more"),
        "",
        f"{say('layout', 'question')}: {say('question')}",
        f"  1  {say('one')}",
        f"  2  {say('two')}",
        f"     {say('because')}",
        "",
        f"{say('layout', 'goal')}: {say('goal')}",
        "_" * 48,
    ]
    return "\n".join(lines)


def lesson_title(lesson_id: str, language: str) -> str:
    """Return the lesson's title. Raises as render_lesson."""
    used, _ = language_and_locale(language, None)
    return _Saying(used, lesson_id)("title")


class _Saying:
    """One lesson's words in one language, filled in."""

    def __init__(self, language: str, lesson_id: str) -> None:
        self._texts = templates(language, ABOUT)
        self._lesson_id = lesson_id
        self._facts = {name: self._plain(name) for name in ("title", "one", "two")}

    def _plain(self, name: str) -> str:
        return one_line(self._texts[self._lesson_id, name].render())

    def __call__(self, section: str, name: str | None = None, *, lines: bool = False) -> str:
        """Say a part of the lesson, or of the layout."""
        key = (self._lesson_id, section) if name is None else (section, name)
        said = self._texts[key].render(self._facts).strip()
        return said if lines else one_line(said)


def _texts(say: _Saying, institution_name: str) -> Iterator[str]:
    """Yield the SMS: the tip, the question and how to answer and to end it."""
    yield " ".join(
        (
            f"{institution_name}: {say('tip')}",
            say("question"),
            say("layout", "options"),
            say("layout", "reply"),
            say("layout", "sms_stop"),
        )
    )
