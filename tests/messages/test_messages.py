"""The messages to borrowers: kind, plain, true, and safe against hostile names."""

from __future__ import annotations

import html
import importlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
import textstat
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, meta

from recovery import messages
from recovery.messages import (
    KINDS,
    LANGUAGES,
    MessageFacts,
    MissingFactError,
    RenderedMessage,
    UnknownMessageKindError,
    render,
)

NOTICE = "notice_before_judicial_recovery"
EACH = [(kind, language) for kind in KINDS for language in LANGUAGES]
# An SMS may be read by others in the house: from here on it does not say how much is late.
NO_AMOUNT_IN_SMS = {"we_would_like_to_help", "meeting_with_your_advisor", NOTICE}

FACTS = {
    "en": MessageFacts(
        borrower_name="Grace Wanjiru Mwangi",
        advisor_name="Peter Otieno",
        institution_name="Umoja Microfinance",
        loan_id="L-2025-00417",
        currency="KES",
        amount_minor=345_000,
        due_date=date(2026, 3, 6),
        overdue_minor=345_000,
        outstanding_minor=2_150_000,
        days_past_due=4,
        answer_by=date(2026, 6, 26),
        country="KE",
    ),
}
FACTS["es"] = replace(
    FACTS["en"],
    borrower_name="María del Carmen Quispe Huamán",
    advisor_name="Rosa Elena Flores Mamani",
    institution_name="Caja Rural Los Andes",
    currency="PEN",
    country="PE",
)
FACTS["nl"] = replace(
    FACTS["en"],
    borrower_name="Fatima van den Berg-El Idrissi",
    advisor_name="Annemarie de Vries",
    institution_name="Stichting Kleinkrediet",
    currency="EUR",
    country="NL",
)
AMOUNT = {"en": "Ksh 3,450.00", "es": "S/ 3,450.00", "nl": "€ 3.450,00"}
OUTSTANDING = {"en": "Ksh 21,500.00", "es": "S/ 21,500.00", "nl": "€ 21.500,00"}
DUE_DATE = {
    "en": "Friday, 6 March 2026",
    "es": "viernes, 6 de marzo de 2026",
    "nl": "vrijdag 6 maart 2026",
}
ANSWER_BY = {
    "en": "Friday, 26 June 2026",
    "es": "viernes, 26 de junio de 2026",
    "nl": "vrijdag 26 juni 2026",
}
DUE_DAY = {"en": "6 March", "es": "6 de marzo", "nl": "6 maart"}
ANSWER_BY_DAY = {"en": "26 June", "es": "26 de junio", "nl": "26 juni"}
ADVICE = {"en": "Free help for people", "es": "Ayuda gratis", "nl": "Gratis hulp"}
FREE = {
    "en": "Asking for help is free.",
    "es": "Pedir ayuda es gratis.",
    "nl": "Hulp vragen is gratis.",
}
STOP = {
    "en": "Reply to this message or tell your advisor.",
    "es": "Responda a este mensaje o dígaselo a su asesor o asesora.",
    "nl": "Antwoord op dit bericht of zeg het tegen uw adviseur.",
}

# Beginnings of words: threat, shame, false hurry, and the words of debt collectors.
FORBIDDEN = {
    "en": """lawsuit sue sued legal lawyer attorney seiz confiscat garnish bailiff police prison jail
        warn immediate urgent final notice|last chance|last warning|at once|right now|without delay
        must collector collection default delinquen debtor bad payer|blame fault asham shame guilt
        irresponsib fail penalt fine punish consequence demand enforce blacklist|credit bureau
        threat terminat forced""",
    "es": """demanda embarg abogad legal polic cárcel carcel prisión desahuci advert advierte aviso
        inmediat urgent última oportunidad|último aviso|ultimátum|cuanto antes|sin demora|ahora mismo
        cobrador cobranza moros deudor incumpl culpa vergüenza verguenza irresponsab sanci multa
        castig consecuenc exig exij obligad lista negra|buró|amenaz""",
    "nl": """deurwaarder dwang dwing dagvaard beslag advocaat juridisch politie gevangenis
        waarschuw onmiddellijk direct dringend meteen laatste kans|spoed aanman sommeer sommatie
        incasso wanbetal schuldenaar schuldeiser schuld van|schaam schande eigen schuld|boete straf
        gevolgen eis zwarte lijst|dreig onverantwoord verplicht""",
}
COURT = {
    "en": ["court", "judge", "judicial"],
    "es": ["juzgado", "juez", "judicial", "tribunal"],
    "nl": ["rechter", "rechtbank", "rechtszaak", "gerecht"],
}
NO_STEP = {
    "en": ("No step has been taken at a court.", "no court step has been taken"),
    "es": ("No se ha dado ningún paso ante un juzgado.", "no se ha dado ningun paso ante un juzgado"),
    "nl": ("Er is geen stap naar de rechter gezet.", "er is geen stap naar de rechter gezet"),
}


def message(kind: str, language: str, **changes: object) -> RenderedMessage:
    return render(kind, language, replace(FACTS[language], **changes))


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def forbidden_words(language: str) -> Iterator[str]:
    for line in FORBIDDEN[language].splitlines():
        *phrases, last = line.split("|")
        for phrase in phrases:
            *single, first, second = phrase.split()[-3:] if " " in phrase.strip() else [phrase] * 2
            yield from single or ()
            yield f"{first} {second}" if " " in phrase.strip() else phrase.strip()
        yield from last.split()
