"""The lint of the texts: complete, kind, plain, and short enough for one SMS."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path
from typing import get_args

import pyphen
import pytest
import textstat
from jinja2 import Environment, meta

from recovery import messages
from recovery.domain.contact.plan import PLEASE_CALL
from recovery.messages import KINDS, LANGUAGES, RenderedMessage
from recovery.messages.answering import AnswerKind
from recovery.messages.rendering import ASKING
from recovery.messages.sms import GSM, length_of, parts_of
from tests.messages.languages import (
    COURT,
    EACH,
    FACTS,
    FORBIDDEN,
    NO_STEP,
    NOT_SAID,
    NOTICE,
    Reader,
    every_message,
    found,
    message,
    plain,
)

EVERY = pytest.mark.parametrize(
    ("kind", "language", "rendered"), list(every_message()), ids=lambda value: str(value)[:30]
)
# What each kind has to say, as names of facts; the greeting, signature, number, way to pay, and how
# to stop and to complain come from the layout for all.
_OF_A_PAYMENT = (
    *("amount", "due_date", "money_went", "overdue", "paid_off", "still_open", "too_old"),
    "nothing_asked",
)
NEEDED = {
    "reminder_before_due": {"amount", "due_date", "help_is_free"},
    "warning_reminder": {"amount", "due_date", "why_seen", "why_help", "help_is_free"},
    "offer_due_day": {
        *("due_date", "why_seen", "why_help", "later_day", "help_is_free"),
    },
    "due_today": {"amount", "due_date", "help_is_free"},
    "first_days_late": {"again", "amount", "due_date", "help_is_free"},
    "we_would_like_to_help": {"overdue", "debt_advice", "help_is_free"},
    "meeting_with_your_advisor": {"overdue", "help_is_free"},
    NOTICE: {
        *("overdue", "outstanding", "answer_by"),
        *("institution_name", "debt_advice", "help_is_free"),
    },
    "thank_you": {*_OF_A_PAYMENT, "help_is_free"},
    "payment_received": {*_OF_A_PAYMENT, "help_is_free"},
    "apology": {"amount", "help_is_free"},
    "clearance_letter": {"amount", "help_is_free"},
    "saving_reminder": {"amount", "due_date", "help_is_free"},
    "loan_end_thanks": {"help_is_free"},
    "settlement_letter": {"amount", "help_is_free"},
    "promise_reminder": {"amount", "due_date", "help_is_free"},
    "after_a_missed_promise": {"help_is_free"},
    "relief_granted": {"amount", "due_date", "falls_due", "help_is_free", "rest_until", "sorry"},
    "dispute_upheld": {"answer", "help_is_free"},
    "dispute_rejected": {"answer", "complain_to", "help_is_free"},
    "complaint_upheld": {"answer", "complain_to", "help_is_free"},
    "complaint_rejected": {"answer", "complain_to", "help_is_free"},
}


def sources(language: str) -> dict[str, dict[str, str]]:
    path = Path(messages.__file__).parent / f"{language}.toml"
    return tomllib.loads(path.read_text("utf-8"))


def variables(source: str) -> set[str]:
    return meta.find_undeclared_variables(Environment().parse(source))


# --- complete ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_enabled_language_has_every_text_with_the_same_facts(language: str) -> None:
    theirs, english = sources(language), sources("en")
    assert set(theirs) == {"layout", *KINDS, PLEASE_CALL, "unsubscribe", *get_args(AnswerKind)}
    assert {name: set(texts) for name, texts in theirs.items()} == {
        name: set(texts) for name, texts in english.items()
    }
    for section, texts in theirs.items():
        for name, source in texts.items():
            assert variables(source) == variables(english[section][name]), (section, name)
            assert source.strip(), (section, name)


def test_every_text_file_is_of_an_enabled_language() -> None:
    files = {path.stem for path in Path(messages.__file__).parent.glob("*.toml")}
    assert files == set(LANGUAGES) == set(FACTS) == set(NOT_SAID)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_says_what_it_has_to(language: str) -> None:
    assert set(NEEDED) == set(KINDS)
    for kind, needed in NEEDED.items():
        assert needed == variables(sources(language)[kind]["email"]), kind


# --- kind -------------------------------------------------------------------------------------


@EVERY
def test_no_word_threatens_or_shames(kind: str, language: str, rendered: RenderedMessage) -> None:
    words = FORBIDDEN[language]
    if kind != NOTICE:
        words += ", " + COURT[language]
    for part in (rendered.subject, rendered.text, " ".join(Reader(rendered.html).words)):
        assert found(words, part) == []
    assert found(words, rendered.sms) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_mentions_a_court_only_to_say_no_step_was_taken(language: str) -> None:
    rendered = message(NOTICE, language)
    for part in (rendered.subject, rendered.text, rendered.sms):
        for sentence in re.split(r"[.!?\n]", part):
            if found(COURT[language], sentence):
                said = [plain(no_step) in plain(sentence) for no_step in NO_STEP[language]]
                assert any(said), sentence


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "We warn you: pay immediately, or we seize it.", ["seiz", "warn", "immediate"]),
        ("es", "Última oportunidad: habrá un EMBARGO.", ["embarg", "última oportunidad"]),
        ("nl", "De deurwaarder legt beslag.", ["deurwaarder", "beslag"]),
        ("fr", "Dernière mise en demeure avant l'huissier.", ["huissier", "mise en demeure"]),
        ("pt", "Última cobrança antes do processo.", ["process", "última", "cobran"]),
        ("sw", "Lipa haraka, usipolipa tutakupeleka polisi.", ["polisi", "usipolipa", "haraka"]),
    ],
)
def test_forbidden_words_are_detected(language: str, text: str, words: list[str]) -> None:
    assert set(words) <= set(found(FORBIDDEN[language], text))


# --- plain ------------------------------------------------------------------------------------


@pytest.fixture
def _syllables_without_download(monkeypatch: pytest.MonkeyPatch) -> None:
    # textstat downloads a dictionary for English; hyphenation, used for the others, is local.
    counting = importlib.import_module("textstat.backend.counts._count_syllables")
    monkeypatch.setattr(counting, "get_cmudict", lambda lang: None)


# 80-90 is "easy" in Flesch, Fernandez Huerta and Kandel-Moles, 70-80 "fairly easy" in Flesch-Douma,
# 75-100 "very easy" in Martins et al. (1996), for Portuguese, which textstat lacks. Hyphenation
# undercounts syllables, so the bar is well above "plain" (60-65). Swahili has no formula.
EASY = {"en": 85, "es": 80, "nl": 70, "fr": 80, "pt": 75}
# Swahili says in one word what others say in three, such as "unachoweza": longer words, fewer.
LONGEST_WORD = {"nl": 17, "sw": 16, "fr": 13}
MOST_WORDS = {"sw": 16}


def reading_ease(text: str, language: str) -> float:
    if language == "pt":
        words = re.findall(r"[^\W\d_]+", text)
        hyphens = pyphen.Pyphen(lang="pt_PT")
        syllables = sum(len(hyphens.inserted(word).split("-")) for word in words)
        return 248.835 - 1.015 * len(words) / len(sentences(text)) - 84.6 * syllables / len(words)
    textstat.set_lang(language)
    return textstat.flesch_reading_ease(text)


def sentences(text: str) -> list[str]:
    return [each for each in re.split(r"(?<=[.!?:])\s|\n", text) if each]


@pytest.mark.usefixtures("_syllables_without_download")
@EVERY
def test_messages_are_easy_to_read(kind: str, language: str, rendered: RenderedMessage) -> None:
    text = rendered.text.replace(FACTS[language].pay_link, "")
    if language in EASY:
        assert reading_ease(text, language) >= EASY[language]
    most = max(len(sentence.split()) for sentence in sentences(text))
    assert most <= MOST_WORDS.get(language, 20)
    longest = LONGEST_WORD.get(language, 15)
    assert [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > longest] == []


@pytest.mark.usefixtures("_syllables_without_download")
@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "Notwithstanding previous correspondence regarding your outstanding obligations, the "
            "aforementioned institution has not received satisfactory remuneration in accordance "
            "with the contractual provisions.",
        ),
        (
            "pt",
            "Não obstante a correspondência anteriormente remetida, a supracitada instituição não "
            "recebeu a remuneração contratualmente estabelecida.",
        ),
    ],
)
def test_the_readability_score_rejects_bureaucratic_language(language: str, text: str) -> None:
    assert reading_ease(text, language) < 40


# --- short ------------------------------------------------------------------------------------

# No kind needs two parts in any language with names and amounts of usual length. Each that ever
# does is listed here with the reason.
TWO_PARTS: dict[tuple[str, str], str] = {}


@EVERY
def test_an_sms_has_one_part_unless_listed(
    kind: str, language: str, rendered: RenderedMessage
) -> None:
    assert GSM.issuperset(rendered.sms)
    assert (parts_of(rendered.sms) > 1) == ((kind, language) in TWO_PARTS), length_of(rendered.sms)


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_an_sms_stays_within_two_parts_at_the_longest(kind: str, language: str) -> None:
    facts = {
        **dict.fromkeys(("institution_name", "borrower_name", "advisor_name"), "N" * 60),
        **dict.fromkeys(("amount_minor", "overdue_minor"), 123_456_789_00),
        "phone": "+123456789012345",
        "due_date": FACTS[language].due_date.replace(month=9, day=30),
    }
    assert parts_of(message(kind, language, **facts).sms) <= 2


def test_an_sms_in_another_alphabet_is_sent_whole() -> None:
    sms = message("thank_you", "en", institution_name="Ощадна каса").sms
    assert parts_of(sms) == 2 and "up to date" in sms and "Grace" not in sms
    assert "Paybill" not in message("due_today", "en", institution_name="Ощадна каса").sms
    assert "due_today" in ASKING


def test_an_sms_folds_accents_only_when_that_makes_it_gsm() -> None:
    sms = message("thank_you", "en", borrower_name="Nguyễn Văn Tí", institution_name="Umoja").sms
    assert "Nguyen Van Ti." in sms
    sms = message("thank_you", "es", institution_name="Łucja Pérez").sms
    assert "Łucja Pérez:" in sms and "Su préstamo está al día" in sms
