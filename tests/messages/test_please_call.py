"""The neutral word tells whoever else reads it nothing: no debt, no amount, no institution."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.messages import (
    LANGUAGES,
    LanguageNotSupportedError,
    RenderedMessage,
    render_please_call,
)
from recovery.messages.sms import parts_of
from tests.messages.languages import FORBIDDEN, Reader, found
from tests.messages.test_messages import HOSTILE

PHONE = "+254700000001"
# Word prefixes that would tell of a loan, in every language whatever the message's.
TELLING = (
    "loan, debt, arrear, overdue, late, owe, pay, instal, amount, credit, money, bank, finance, "
    "interest, due, court, notice, remind, advisor, recover, recupera, "
    "préstam, deuda, mora, atras, vencid, debe, pag, cuota, importe, monto, dinero, banco, "
    "financ, interes, juzgado, aviso, recordatorio, asesor, "
    "lening, schuld, achterstand, betal, betaa, bedrag, termijn, krediet, geld, rente, rechter, "
    "herinner, adviseur, hulp, "
    "prêt, dette, retard, échéance, payer, paie, montant, argent, banque, crédit, intérêt, "
    "tribunal, rappel, conseill, "
    "emprést, dívida, atraso, prestaç, valor, juro, banc, tribunal, lembrete, "
    "mkopo, deni, madeni, malipo, kulipa, lipa, kiasi, pesa, benki, riba, mahakama, "
    "ukumbusho, mshauri"
)
SAID = {
    "en": "Hello Grace Mwangi, please call me when it suits you: +254700000001. Peter Otieno."
    " No more messages? Reply or tell me.",
    "es": "Hola, Grace Mwangi: por favor, llameme cuando le venga bien: +254700000001."
    " Peter Otieno. ¿No quiere mas SMS? Responda o digamelo.",
    "nl": "Hallo Grace Mwangi, wilt u mij bellen als het u uitkomt? Mijn nummer: +254700000001."
    " Peter Otieno. Geen berichten meer? Antwoord of zeg het mij.",
    "fr": "Bonjour Grace Mwangi, appelez-moi quand vous le voulez : +254700000001. Peter Otieno."
    " Plus de messages ? Répondez ou dites-le-moi.",
    "pt": "Ola, Grace Mwangi: ligue-me quando puder, por favor: +254700000001. Peter Otieno."
    " Chega de SMS? Responda ou diga-me.",
    "sw": "Habari Grace Mwangi, tafadhali nipigie unapopata nafasi: +254700000001. Peter Otieno."
    " Hutaki ujumbe? Jibu au niambie.",
}
NO_MORE = {
    "en": "no more messages",
    "es": "más mensajes",
    "nl": "geen berichten",
    "fr": "plus de messages",
    "pt": "não quer mensagens",
    "sw": "Hutaki ujumbe wangu",
}
# What a name can be, without the words looked for.
NAMES = st.text(st.characters(exclude_categories=("Cs", "L", "N")), max_size=50) | st.text(
    st.sampled_from("BCJQXZÑĄŁሀ陈 "), max_size=90
)


def parts(message: RenderedMessage) -> list[str]:
    """Everything that somebody can read."""
    html = " ".join(Reader(message.html).words)
    return [message.subject, message.text, html, message.sms]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_asks_to_call_and_says_whom_and_how_to_stop(language: str) -> None:
    message = render_please_call(language, "Grace Mwangi", "Peter Otieno", PHONE)
    assert message.language == language
    assert message.sms == SAID[language]
    for part in parts(message)[1:3]:
        assert "Grace Mwangi" in part and "Peter Otieno" in part and PHONE in part
        assert NO_MORE[language] in part
    assert "Grace" not in message.subject


@given(
    st.sampled_from([*LANGUAGES, "sw-KE"]),
    NAMES,
    NAMES,
    st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True),
)
def test_no_text_tells_of_a_debt_and_the_sms_is_one_part(language, borrower, advisor, phone):
    message = render_please_call(language, borrower, advisor, phone)
    for part in parts(message):
        assert found(TELLING, part) == []
        assert found(FORBIDDEN[message.language], part) == []
        digits = re.sub(r"\D", "", part.replace(phone, ""))
        assert digits == "", "an amount, a date or an id"
    assert phone in message.sms
    assert parts_of(message.sms) == 1


def test_the_words_looked_for_are_found() -> None:
    told = "Your loan is late. Su préstamo tiene una cuota vencida. Uw lening: betaal het bedrag."
    assert len(found(TELLING, told)) >= 8


def test_names_that_do_not_fit_the_sms_are_left_out_the_borrowers_first() -> None:
    sms = render_please_call("en", "Łucja", "Peter Otieno", PHONE).sms
    assert sms.startswith("Hello, please call") and "Peter Otieno" in sms
    both = render_please_call("nl", "G" * 40, "P" * 40, PHONE).sms
    assert "G" * 40 not in both and "P" * 40 in both
    neither = render_please_call("nl", "Łucja", "Łukasz", PHONE).sms
    assert "ucja" not in neither and "ukasz" not in neither and PHONE in neither


def test_a_hostile_name_changes_nothing_but_itself() -> None:
    message = render_please_call("en", HOSTILE, HOSTILE, PHONE)
    assert "\n" not in message.subject + message.sms
    assert "script" not in [tag for tag, _ in Reader(message.html).elements]
    assert "49" not in message.text


def test_nobody_is_asked_in_a_language_without_texts() -> None:
    with pytest.raises(LanguageNotSupportedError, match="no text in lg"):
        render_please_call("lg-UG", "Grace", "Peter Otieno", PHONE)


def test_without_an_advisors_name_nobody_signs() -> None:
    message = render_please_call("en", "Grace", "", PHONE)
    assert message.sms == (
        "Hello Grace, please call me when it suits you: +254700000001."
        " No more messages? Reply or tell me."
    )
    assert "advisor" not in message.text
