"""The letter of an agreement: complete in each language, plain, kind, and one version per text."""

from __future__ import annotations

import hashlib
import io
import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from recovery import messages
from recovery.adapters.pdf import TEMPLATES, TypstPdf
from recovery.domain.accounting.agreed import OfferedOption, Part
from recovery.domain.agreements.option_kinds import Kind
from recovery.messages import LANGUAGES
from recovery.messages.agreement_letter import (
    TEMPLATE,
    VERSION,
    AgreementFacts,
    SaidYes,
    Sender,
    agreement_letter,
    render_letter_sent,
)
from recovery.messages.sms import GSM, parts_of
from recovery.messages.yes_code_words import render_yes_code
from tests.agreed import EXTENSION, ON, PLAN, an_agreement
from tests.messages.languages import COURT, FACTS, FORBIDDEN, found, spaced
from tests.messages.test_lint import variables

EACH = pytest.mark.parametrize("language", LANGUAGES)
SETTLED = OfferedOption("settlement", (Part(ON, 30_000),), (), -9_000, 30_000, 9_000, "supervisor")
# What a text changed means: a new version, here beside its digest. Older letters keep theirs.
DIGESTS = {"agreement-1": "4fdabad7297f3c77"}


def facts(language: str, option: OfferedOption = PLAN, **changes: Any) -> AgreementFacts:
    known = FACTS[language]
    of_this = AgreementFacts(
        sender=Sender(
            name=known.institution_name,
            advisor_name=known.advisor_name,
            advisor_phone=known.phone,
            phone=known.institution_phone,
            debt_advice="0800 1234",
        ),
        to_name=known.borrower_name,
        language=language,
        country=known.country,
        loan_id=known.loan_id,
        agreement_id="AG-1",
        currency=known.currency,
        overdue_minor=10_000,
        agreed=an_agreement(option),
        option=option,
        said_yes=(SaidYes(known.borrower_name, ON, "sms"),),
        consented=("Otieno",),
        lost=("Amina",),
        approved_by="Ana Torres",
    )
    return replace(of_this, **changes)


def texts(value: Any) -> list[str]:
    """Return every text of the letter."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


def said(language: str, option: OfferedOption = PLAN, **changes: Any) -> str:
    return spaced(" | ".join(texts(agreement_letter(facts(language, option, **changes)))))


def of_letters(language: str) -> dict[str, dict[str, str]]:
    path = Path(messages.__file__).parent / "letters" / f"{language}.toml"
    return tomllib.loads(path.read_text("utf-8"))


@EACH
def test_a_language_has_every_text_with_the_same_facts(language: str) -> None:
    theirs, english = of_letters(language), of_letters("en")
    for section, all_of_it in english.items():
        assert set(theirs[section]) == set(all_of_it)
        for name, source in all_of_it.items():
            assert variables(theirs[section][name]) == variables(source), (section, name)
    assert set(theirs) == set(english)


@EACH
@pytest.mark.parametrize("option", [PLAN, EXTENSION, SETTLED], ids=lambda each: each.kind)
@pytest.mark.parametrize("yes", ["code", "paper", "read_aloud"])
def test_no_word_threatens_or_shames(language: str, option: OfferedOption, yes: str) -> None:
    how = (SaidYes("N", ON, "email" if yes == "code" else ""),)
    words = said(language, option, said_yes=how, agreed=an_agreement(option, yes=yes, witness="W"))
    assert found(f"{FORBIDDEN[language]}, {COURT[language]}", words) == []
    message = render_letter_sent(facts(language, option))
    for part in (message.subject, message.text, message.sms):
        assert found(FORBIDDEN[language], part) == []


def test_a_plan_says_each_part_what_it_costs_and_how_yes_was_said() -> None:
    words = said("en")
    for expected in (
        "Your payment plan",
        "You pay what is late in 2 parts",
        "2 March 2026 | Ksh 50.00 | Ksh 150.00",
        "In all | Ksh 100.00 | Ksh 300.00",
        "you pay Ksh 500.00 in all from now on. That is as much as without this agreement.",
        "up to 2 days after its day",
        "said yes on 2 February 2026 with a code that we sent by SMS",
        "Otieno guarantees the loan, and agrees.",
        "Amina does not guarantee the loan any more.",
        "Ana Torres said yes for Umoja Microfinance.",
        "Call +254200000000, or tell your advisor. You can also go to the office",
        "Free help with money questions, from people who do not work for us: 0800 1234.",
    ):
        assert expected in words, expected


def test_a_new_schedule_says_the_difference_and_what_is_let_go() -> None:
    words = said("en", EXTENSION)
    assert "Your new payment dates" in words and "2 March 2026 | Ksh 90.00" in words
    assert "Ksh 40.00 more than without this agreement. We let go of Ksh 5.00." in words
    assert "The new dates stay." in words and "usual instalments" not in words


def test_a_settlement_says_how_the_loan_ends() -> None:
    words = said("en", SETTLED)
    assert "How your loan ends" in words and "we let go of Ksh 90.00" in words
    assert "Ksh 90.00 less than without this agreement." in words


@EACH
@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_option_has_its_letter(language: str, kind: Kind) -> None:
    option = replace(PLAN if kind is Kind.PLAN else EXTENSION, kind=kind.value)
    values = agreement_letter(facts(language, option))
    written = TypstPdf().write(TEMPLATE, values, at=datetime(2026, 2, 2, tzinfo=UTC))
    reader = PdfReader(io.BytesIO(written.content))
    assert written.unshown == () and len(reader.pages) <= 2
    assert "{" not in " ".join(texts(values))
    assert str(reader.trailer["/Root"]["/Lang"]).lower().startswith(language)


def test_what_is_unknown_is_left_out() -> None:
    bare = replace(facts("en"), sender=Sender(name="Umoja"), approved_by="", overdue_minor=0)
    words = spaced(" | ".join(texts(agreement_letter(bare))))
    assert "None" not in words and "was late" not in words and "Free help" not in words
    assert "Not happy with us? Tell your advisor." in words


@EACH
def test_the_message_beside_it_is_short_and_says_it_is_free(language: str) -> None:
    message = render_letter_sent(facts(language))
    assert GSM.issuperset(message.sms) and parts_of(message.sms) == 1
    longest = replace(facts(language).sender, name="N" * 90, advisor_phone="+123456789012345")
    assert parts_of(render_letter_sent(facts(language, sender=longest)).sms) <= 2
    assert FACTS[language].loan_id not in message.subject


@EACH
@pytest.mark.parametrize("kind", list(Kind))
def test_a_code_comes_with_what_it_says_yes_to(language: str, kind: Kind) -> None:
    option, known = replace(PLAN, kind=kind.value), FACTS[language]
    message = render_yes_code(
        *("012345", option, known.currency, language, known.country, known.institution_name),
        timedelta(minutes=10),
    )
    assert "012345" in message.sms and "012345" in message.text
    assert "012345" not in message.subject
    assert GSM.issuperset(message.sms) and parts_of(message.sms) <= 2
    first, total = re.findall(r"\d+[.,]\d{2}|\d+\d{3}|\d+ \d{3}", spaced(message.sms))[-2:]
    assert first != total
    if kind is not Kind.WAIVE_PENALTIES:  # whose name says that there are none
        assert found(FORBIDDEN[language], message.text + message.sms) == []


def test_another_text_is_another_version() -> None:
    parts = [TEMPLATES / "letter.typ", TEMPLATES / "parts.typ"]
    parts += [TEMPLATES / f"{language}.toml" for language in LANGUAGES]
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in parts)).hexdigest()[:16]
    assert DIGESTS[VERSION] == digest, "give VERSION a new number, and add its digest here"
