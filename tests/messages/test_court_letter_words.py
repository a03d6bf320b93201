"""Letters before court: complete in each language, kind, and saying what the law asks for."""

from __future__ import annotations

import hashlib
import io
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from pypdf import PdfReader

from recovery import messages
from recovery.adapters.pdf import TEMPLATES, TypstPdf
from recovery.documents.packs.reading import claim_pack, judicial_pack
from recovery.domain.judicial.court_letters import letter_id
from recovery.domain.judicial.law import Law, words_say
from recovery.domain.judicial.rules import LetterKind, LetterTextRule
from recovery.messages import LANGUAGES
from recovery.messages.agreement_letter import Sender
from recovery.messages.court_letter_words import (
    TEMPLATE,
    TEXTS,
    VERSION,
    CourtLetterFacts,
    court_letter,
    languages_of,
    term_words,
)
from tests.messages.languages import COURT, FORBIDDEN, NO_STEP, found, spaced
from tests.messages.test_agreement_letter import texts
from tests.messages.test_lint import variables

ON = date(2026, 11, 27)
KINDS = get_args(LetterKind)
EACH = pytest.mark.parametrize("language", LANGUAGES)
# What a text changed means: a new version, here beside its digest. Older letters keep theirs.
DIGESTS = {"pre-1": "48035a2c0db2b928"}
# Every part that some law asks for, so that each language is read in full.
PARTS = {
    "negotiation_request": ("ES", "negotiation_request"),
    "demand_before_costs": ("NL", "demand_before_costs"),
    "balance_notice": ("ES", "balance_notice"),
    "guarantor_warning": ("ES", "guarantor_warning"),
    "guarantor_notice": ("ES", "guarantor_notice"),
    "transfer_notice": ("NL", "transfer_notice"),
}


def rule(kind: Any, country: str) -> LetterTextRule:
    return Law(country, judicial_pack(country), ON, claim_pack(country)).letter(kind)


def facts(kind: str, language: str, **changes: Any) -> CourtLetterFacts:
    country, _ = PARTS[kind]
    known = CourtLetterFacts(
        rule=rule(kind, country),
        sender=Sender(
            name="Umoja Microfinance",
            advisor_name="Ana Torres",
            phone="+34900000000",
            debt_advice="Cáritas",
            registration_mark="R-1",
            grievance_officer="Eva",
        ),
        pay_account="ES91 2100",
        to_name="María Pérez",
        language=language,
        country=country,
        loan_id="L-1",
        letter_id=letter_id(kind, 1),
        currency="EUR",
        written_on=ON,
        principal_minor=138_000,
        interest_minor=5_916,
        costs_minor=18_000,
        term_days=14,
        since=date(2026, 2, 1),
        free_on=date(2026, 12, 5),
        limit_minor=50_000,
        after_debtors=True,
        one_of_several=True,
        old="Banco Uno",
        new="Fondo Dos",
    )
    return replace(known, **changes)


def said(kind: str, language: str, **changes: Any) -> str:
    """Return the letter with the text that counts in this language."""
    of_this = facts(kind, language)
    own = replace(of_this, rule=replace(of_this.rule, language=language), **changes)
    return spaced(" | ".join(texts(court_letter(own))))


def sources(language: str) -> dict[str, dict[str, str]]:
    path = Path(messages.__file__).parent / TEXTS / f"{language}.toml"
    return tomllib.loads(path.read_text("utf-8"))


@EACH
def test_a_language_has_every_text_with_the_same_facts(language: str) -> None:
    theirs, english = sources(language), sources("en")
    assert set(theirs) == set(english) == {"common", *KINDS}
    for section, all_of_it in english.items():
        assert set(theirs[section]) == set(all_of_it)
        for name, source in all_of_it.items():
            assert variables(theirs[section][name]) == variables(source), (section, name)


@EACH
@pytest.mark.parametrize("kind", KINDS)
def test_no_word_threatens_shames_or_hurries(language: str, kind: str) -> None:
    for changes in ({}, {"limit_minor": None, "after_debtors": False, "pay_account": ""}):
        words = said(kind, language, **changes)
        for calm in NO_STEP[language]:
            words = words.replace(calm, "")
        assert found(f"{FORBIDDEN[language]}, {COURT[language]}", words) == []


@pytest.mark.parametrize("kind", KINDS)
@EACH
def test_each_says_what_a_reader_can_do_and_where_help_is(language: str, kind: str) -> None:
    words = said(kind, language)
    assert "+34900000000" in words and "María Pérez" in words and "L-1" in words
    if kind != "transfer_notice":
        assert "Cáritas" in words
        assert sum(isinstance(e.get("list"), list) for e in _body(kind, language)) == 1


def _body(kind: str, language: str) -> list[dict[str, Any]]:
    body: list[dict[str, Any]] = court_letter(facts(kind, language))["body"]
    return body


def test_the_spanish_request_invites_and_names_object_days_and_secrecy() -> None:
    words = said("negotiation_request", "es", term_days=30)
    for expected in (
        "Invitación a negociar",
        "préstamo L-1",
        "1.380,00 €",
        "Le invitamos a negociar con nosotros",
        "30 días siguientes a recibir esta carta",
        "es confidencial",
        "díganoslo en tres días",
    ):
        assert expected in words, expected
    assert "demanda" not in words and "juicio" not in words


def test_the_dutch_letter_states_term_and_costs_as_the_law_reads_them() -> None:
    letter = facts("demand_before_costs", "sw")
    law = Law("NL", judicial_pack("NL"), ON, claim_pack("NL"))
    words = law.find_words("letter")
    assert words is not None and words_say(words, term_words(letter)) is True
    all_of_it = said("demand_before_costs", "nl")
    assert words_say(words, all_of_it) is True  # nothing else in it spoils the term
    assert "€ 180,00" in all_of_it and "14 dagen" in all_of_it


def test_a_guarantor_hears_limit_order_and_way_back() -> None:
    words = said("guarantor_notice", "es")
    assert "hasta 500,00 €" in words and "Primero van los bienes" in words
    assert "recuperarlo" in words
    whole = said("guarantor_notice", "es", after_debtors=False, limit_minor=None)
    assert "responde junto con" in whole and "hasta donde dice el contrato" in whole


def test_who_reads_another_language_has_it_beside_the_one_that_counts() -> None:
    letter = facts("negotiation_request", "fr-FR")
    assert languages_of(letter) == ("es", "fr")
    [beside] = court_letter(letter)["also"]
    assert beside["title"] == "Cherchons ensemble une solution"
    assert beside["note"][1] == "Le texte qui compte est le texte en espagnol."
    assert court_letter(facts("negotiation_request", "es"))["also"] == []
    unknown = facts("negotiation_request", "quz")
    assert languages_of(unknown) == ("es", "")
    assert languages_of(facts("guarantor_warning", "sw")) == ("sw", "")


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_one_page_in_a_language(kind: str) -> None:
    for language, pages in (("es", 1), ("sw", 2)):
        letter = facts(kind, language)
        letter = replace(letter, rule=replace(letter.rule, language="es"))
        written = TypstPdf().write(
            TEMPLATE, court_letter(letter), at=datetime(2026, 2, 2, tzinfo=UTC)
        )
        reader = PdfReader(io.BytesIO(written.content))
        assert (written.unshown, len(reader.pages)) == ((), pages)


def test_another_word_is_another_version() -> None:
    files = [Path(messages.__file__).parent / TEXTS / f"{each}.toml" for each in LANGUAGES]
    files += [TEMPLATES / "parts.typ", TEMPLATES / f"{TEMPLATE}.typ"]
    digest = hashlib.sha256(b"".join(each.read_bytes() for each in files)).hexdigest()[:16]
    assert DIGESTS[VERSION] == digest
