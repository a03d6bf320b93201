"""The lessons as borrowers read them: complete, kind, easy and short, in six languages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from recovery.documents.contact.curriculum import curriculum
from recovery.messages import LANGUAGES, LanguageNotSupportedError, RenderedMessage
from recovery.messages import writing as messages_writing
from recovery.messages.lesson_words import (
    LessonFacts,
    lesson_card,
    lesson_title,
    render_lesson,
    render_lesson_answer,
)
from recovery.messages.reply_words import reply_words
from recovery.messages.sms import GSM, parts_of
from tests.messages.languages import COURT, FACTS, FORBIDDEN, found
from tests.messages.test_lint import EASY, LONGEST_WORD, MOST_WORDS, reading_ease, sentences
from tests.messages.test_lint import _syllables_without_download as _syllables_without_download

FOLDER = Path(messages_writing.__file__).parent / "lessons"
PARTS = {"title", "tip", "more", "question", "one", "two", "because", "goal"}
EACH = [(lesson_id, language) for lesson_id in curriculum().ids for language in LANGUAGES]


def texts(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def facts(language: str) -> LessonFacts:
    known = FACTS[language]
    return LessonFacts(
        borrower_name=known.borrower_name,
        advisor_name=known.advisor_name,
        institution_name=known.institution_name,
        phone=known.phone,
        country=known.country,
    )


def lesson(lesson_id: str, language: str) -> RenderedMessage:
    return render_lesson(lesson_id, language, facts(language))


def said(lesson_id: str, language: str) -> str:
    return "\n".join(v for k, v in texts(language)[lesson_id].items() if k not in ("one", "two"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_lesson_is_whole_in_each_language(language) -> None:
    theirs, english = texts(language), texts("en")
    assert len(curriculum().ids) >= 8
    assert set(theirs) == {"layout", *curriculum().ids}
    for lesson_id in curriculum().ids:
        assert set(theirs[lesson_id]) == PARTS
        assert theirs[lesson_id]["question"].count("?") == 1
        assert theirs[lesson_id]["one"] != theirs[lesson_id]["two"]
        assert theirs[lesson_id]["goal"].endswith(".")
    assert set(theirs["layout"]) == set(english["layout"])


def test_no_language_repeats_another() -> None:
    for lesson_id in curriculum().ids:
        assert len({texts(each)[lesson_id]["tip"] for each in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize(("lesson_id", "language"), EACH)
def test_nothing_threatens_shames_or_hurries(lesson_id: str, language: str) -> None:
    rendered = lesson(lesson_id, language)
    card = lesson_card(lesson_id, language)
    answer = render_lesson_answer(lesson_id, language, is_right=False)
    for part in (rendered.subject, rendered.text, rendered.sms, card, answer.text):
        assert found(f"{FORBIDDEN[language]}, {COURT[language]}", part) == [], part
        assert "{" not in part


@pytest.mark.usefixtures("_syllables_without_download")
@pytest.mark.parametrize(("lesson_id", "language"), EACH)
def test_each_lesson_is_easy_to_read(lesson_id: str, language: str) -> None:
    text = said(lesson_id, language)
    if language in EASY:
        assert reading_ease(text, language) >= EASY[language]
    assert max(len(each.split()) for each in sentences(text)) <= MOST_WORDS.get(language, 20)
    longest = LONGEST_WORD.get(language, 15)
    assert [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > longest] == []


@pytest.mark.parametrize(("lesson_id", "language"), EACH)
def test_an_sms_has_two_parts_at_most_and_says_how_to_end_lessons(lesson_id, language) -> None:
    sms = lesson(lesson_id, language).sms
    assert GSM.issuperset(sms) and parts_of(sms) <= 2, (parts_of(sms), len(sms), sms)
    assert "1" in sms and "2" in sms
    answer = render_lesson_answer(lesson_id, language, is_right=True).sms
    assert GSM.issuperset(answer) and parts_of(answer) <= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_ends_lessons_is_what_is_understood(language: str) -> None:
    """The words that each text tells people to reply with are read as what they are told."""
    from datetime import date

    from recovery.domain.contact.replies import ReplyKind, read_reply

    layout = texts(language)["layout"]
    upper = re.findall(r"[A-Z]{3,}(?: [A-Z]{3,})*(?: \d+)?", layout["sms_stop"])
    assert upper and upper[-1] in layout["stop"]
    for text, kind in (
        (upper[-1], ReplyKind.STOP_LESSONS),
        (re.findall(r"[A-Z]{3,} \d+", layout["goal_reply"])[0], ReplyKind.GOAL),
        ("1", ReplyKind.LESSON_ANSWER),
    ):
        assert read_reply(text, reply_words(), date(2026, 3, 2)).kind is kind, text


def test_an_email_has_the_question_the_goal_and_its_own_end() -> None:
    rendered = lesson("late_costs", "en")
    assert "- 1: Pay on the day" in rendered.text and "STOP LESSONS" in rendered.text
    assert "Grace Wanjiru Mwangi" in rendered.text and "Peter Otieno" in rendered.text
    assert rendered.sender == "Umoja Microfinance"
    assert "L-2025" not in rendered.text and "Ksh" not in rendered.text


def test_the_card_can_be_printed_and_no_language_is_guessed() -> None:
    card = lesson_card("your_rights", "es-PE")
    assert card.startswith("Ficha para conversar: sus derechos") and "Pregunta:" in card
    assert max(map(len, card.splitlines())) < 160
    assert lesson_title("your_rights", "sw") == "haki zako"
    with pytest.raises(LanguageNotSupportedError):
        lesson_card("your_rights", "qu")
    with pytest.raises(KeyError):
        lesson_card("unheard_of", "en")
