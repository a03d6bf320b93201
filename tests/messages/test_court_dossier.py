"""The words of a dossier: the same in each language of a court, and a draft for each procedure."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from recovery import messages
from recovery.documents.packs.reading import judicial_pack
from recovery.documents.questions.claim import BECAUSE_TEXTS, GAP_TEXTS, NOT_CLAIMED_TEXTS
from recovery.domain.accounting import acts
from recovery.domain.accounting.loan import PayerKind, Purpose
from recovery.domain.accounting.party import Liability, PartyRole
from recovery.domain.accounting.said import DisputeKind, DisputeOutcome
from recovery.domain.agreements.option_kinds import Kind
from recovery.domain.agreements.payment_plan import PlanStatus
from recovery.domain.judicial.amicable import Item
from recovery.domain.judicial.claim_account import LineKind
from recovery.domain.judicial.sue_or_settle import OptionKind
from recovery.messages.court_voice import LANGUAGES, Voice, court_language, court_of, is_ours

OF_COURTS = {"es": "ES", "nl": "NL"}
# Payers who are no party are not told apart: see CourtPayment.
PAYERS = {*get_args(PayerKind), "other"} - {"relative", "insurer"}
CODES: dict[str, set[str]] = {
    "line": {*get_args(LineKind)},
    "because": {*BECAUSE_TEXTS},
    "not_claimed": {*NOT_CLAIMED_TEXTS},
    "gap": {*GAP_TEXTS},
    "role": {*get_args(PartyRole)},
    "contract_says": {*get_args(Liability), "silent"},
    "liability": {"whole", "share"},
    "purpose": {*get_args(Purpose), "unknown"},
    "title": {*get_args(acts.Title), "unknown"},
    "medium": {*get_args(acts.Medium)},
    "proof": {*get_args(acts.Proof)},
    "step": {*get_args(acts.Form), *(f"demand_{each}" for each in get_args(acts.Purpose))}
    | {*get_args(acts.Step)} - {"proposal", "agreed"},
    "payer": PAYERS,
    "option": {each.value for each in Kind},
    "turn": {each.value for each in PlanStatus},
    "about": {each.value for each in DisputeKind},
    "outcome": {each.value for each in DisputeOutcome},
    "item": {*get_args(Item)},
    "way": {*get_args(OptionKind)} - {"other"},
    "trust": {"H", "M", "U"},
    "effect": {"needs", "stops", "closes"},
}


def words(language: str) -> dict[str, dict[str, str]]:
    path = Path(messages.__file__).parent / "court" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def blanks(text: str) -> set[str]:
    return set(re.findall(r"{{ *(\w+)", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_the_same_with_the_same_facts(language: str) -> None:
    theirs, english = words(language), words("en")
    assert theirs.keys() == english.keys()
    for section in theirs.keys() - {"draft", "procedure"}:
        assert theirs[section].keys() == english[section].keys(), section
        for name, text in theirs[section].items():
            assert blanks(text) == blanks(english[section][name]), (section, name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_is_without_words(language: str) -> None:
    theirs = words(language)
    for section, codes in CODES.items():
        assert codes <= theirs[section].keys(), section


@pytest.mark.parametrize(("language", "country"), OF_COURTS.items())
def test_every_procedure_of_a_country_has_a_draft_and_a_name(language: str, country: str) -> None:
    own = judicial_pack(country).own
    assert own is not None
    theirs = words(language)
    union = ["EU_ORDER_FOR_PAYMENT", "EU_SMALL_CLAIMS"]
    for each in [*(rule.procedure for rule in own.procedures), *union]:
        assert each.lower() in theirs["draft"], each
        assert each in theirs["procedure"], each


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_says_that_it_is_one_and_threatens_nobody(language: str) -> None:
    theirs = words(language)
    said = {"es": "Borrador", "nl": "Concept", "en": "draft"}[language]
    assert said in theirs["draft"]["is_a_draft"]
    everything = " ".join(text for part in theirs.values() for text in part.values()).lower()
    for word in ("moroso", "delincuen", "wanbetaler", "defaulter", "criminal", "urgente!"):
        assert word not in everything.replace("fichero de morosos", "")


@pytest.mark.parametrize(
    ("procedure", "law", "country", "court"),
    [
        ("ES_MONITORIO", "ES", "ES", "ES"),
        ("EU_ORDER_FOR_PAYMENT", "ES", "NL", "NL"),
        ("EU_SMALL_CLAIMS", "NL", "ES", "ES"),
        ("EU_SMALL_CLAIMS", "NL", None, None),
        ("HUMAN_REVIEW", None, "PE", "PE"),
        ("HUMAN_REVIEW", "NL", "PE", "NL"),
        ("NONE", None, None, None),
    ],
)
def test_the_court_is_the_procedure_s_or_the_debtor_s(
    procedure: str, law: str | None, country: str | None, court: str | None
) -> None:
    assert court_of(procedure, law, country) == court
    assert court_language(court) == {"ES": "es", "NL": "nl"}.get(court or "", "en")


def test_amounts_and_days_are_written_as_the_court_writes_them() -> None:
    spanish, dutch = Voice("ES", "EUR"), Voice("NL", "EUR")
    assert (spanish.plain(123_456), dutch.plain(-50)) == ("1.234,56", "-0,50")
    assert (spanish.day("2026-03-01"), dutch.day("2026-03-01")) == ("01/03/2026", "01-03-2026")
    assert Voice(None, "JPY").plain(1_500) == "1,500"
    assert spanish.code("line", "of_next_year") == "of next year"


def test_what_a_person_wrote_never_becomes_a_heading_or_a_list() -> None:
    voice = Voice("PE", "PEN")
    facts: dict[str, Any] = dict.fromkeys(blanks(words("en")["draft"]["undecided"]), "x")
    lists = ("debtors", "guarantors", "attempts", "demands", "defences")
    facts |= {each: [] for each in lists}
    plain = list(voice.long("draft", "undecided", **facts))
    for text in ("a\n\n# Heading\n- list", "{{ loan }}", "\u2028# x"):
        written = list(voice.long("draft", "undecided", **{**facts, "creditor": text}))
        assert [list(each) for each in written] == [list(each) for each in plain]


def test_the_product_s_own_rules_are_no_rules_for_a_court() -> None:
    assert is_ours("Product policy; Bki 13.5 has a scheme") and not is_ours("LEC 812-815")
