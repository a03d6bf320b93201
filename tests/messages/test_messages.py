"""The messages to borrowers: kind, plain, true, and safe against hostile names."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.messages import (
    KINDS,
    LANGUAGES,
    LanguageNotSupportedError,
    MissingFactError,
    RenderedMessage,
    UnknownMessageKindError,
    language_with_text,
    render,
)
from recovery.messages.rendering import ASKING
from recovery.messages.sms import parts_of
from tests.messages.languages import (
    ADVICE,
    AMOUNT,
    ANSWER_BY,
    ANSWER_BY_DAY,
    CONGRATULATIONS,
    DECIDE_FIRST,
    DUE_DATE,
    DUE_DAY,
    EACH,
    FACTS,
    FREE,
    FULLY_PAID,
    NO_STEP,
    NOTICE,
    OUTSTANDING,
    OVERDUE,
    OVERSEER,
    PAY,
    PHONE,
    SIGNED_BY_NOBODY,
    STOP,
    STOP_SMS,
    THANK_YOU,
    UP_TO_DATE,
    Reader,
    message,
    plain,
    spaced,
)

ANSWERS = {"dispute_upheld", "dispute_rejected", "complaint_upheld", "complaint_rejected"}
NO_AMOUNT = ANSWERS | {"after_a_missed_promise", "offer_due_day", "loan_end_thanks", "way_back"}
RELIEF = "relief_granted"
# These mention the overdue amount, but not by SMS, which others in the house may read.
LATE = {"we_would_like_to_help", "meeting_with_your_advisor", NOTICE}

HOSTILE = (
    "<script>alert(1)</script>\r\nBcc: all@example.org\u2028{{ 7*7 }}{% raw %}\x00\u202e\ud800"
)


def elements(rendered: RenderedMessage) -> list[str]:
    return [tag for tag, _ in Reader(rendered.html).elements]


# --- what each message says -------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_the_email_names_the_borrower_the_advisor_and_the_amount(kind: str, language: str) -> None:
    facts, rendered = FACTS[language], message(kind, language)
    for part in (rendered.text, html.unescape(rendered.html)):
        assert facts.borrower_name in part
        assert facts.advisor_name in part
        assert facts.institution_name in part
        assert facts.loan_id in part
        assert f"{PHONE[language]}" in part and facts.phone in part
        said, unsaid = (OVERDUE, AMOUNT) if kind in LATE else (AMOUNT, OVERDUE)
        assert (said[language] in spaced(part)) == (kind not in NO_AMOUNT)
        assert unsaid[language] not in spaced(part)
    assert rendered.language == language


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_the_sms_names_who_sends_it_a_number_and_only_in_some_kinds_the_amount(
    kind: str, language: str
) -> None:
    sms = message(kind, language).sms
    assert sms.startswith(f"{plain(FACTS[language].institution_name)}: ")
    assert FACTS[language].phone in sms
    assert (AMOUNT[language] in sms) == (kind not in LATE | NO_AMOUNT | {RELIEF})
    assert OVERDUE[language] not in sms
    assert (STOP_SMS[language] in plain(sms)) == (kind != NOTICE)


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_the_email_says_how_to_pay_where_it_asks_for_money(kind: str, language: str) -> None:
    facts, rendered = FACTS[language], message(kind, language)
    asks = kind in ASKING
    for part in (rendered.text, rendered.html):
        assert (PAY[language] in part) == (facts.pay_account in part) == asks
        assert (facts.pay_link in part) == asks
    assert (f'<a href="{facts.pay_link}">' in rendered.html) == asks
    only_account = message(kind, language, pay_link="").text
    assert (facts.pay_account in only_account) == asks and "https" not in only_account
    assert PAY[language] not in message(kind, language, pay_link="", pay_account="").text


def test_an_sms_says_how_to_pay_if_there_is_room_before_it_names_anybody() -> None:
    sms = message("reminder_before_due", "en", institution_name="Umoja").sms
    assert "Pay: Paybill 400200, ref. L-2025-00417." in sms and "Otieno" not in sms
    longer = message("reminder_before_due", "en", pay_account="P" * 60).sms
    assert "Pay:" not in longer and "+254700000001." in longer
    assert (
        "Pay: https://p.example."
        in message("reminder_before_due", "en", pay_account="", pay_link="https://p.example").sms
    )
    short = message(
        "clearance_letter", "en", institution_name="Umoja", borrower_name="Grace Mwangi"
    )
    assert short.sms == (
        "Umoja: Hello Grace Mwangi. Thank you for Ksh 3,450.00. Your loan is fully paid. "
        "You owe nothing more on it. Peter Otieno, +254700000001. Reply STOP to end."
    )


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_the_email_says_how_to_complain(kind: str, language: str) -> None:
    rendered = message(kind, language, complaints_to="Kifid")
    footer = rendered.text.split("\n\n")[-1]
    assert FACTS[language].institution_phone in footer and "Kifid" in footer
    without = message(kind, language, institution_phone="").text.split("\n\n")[-1]
    assert "+254" not in without and OVERSEER[language] in without


def test_the_email_is_from_the_institution() -> None:
    assert message("due_today", "en", institution_name="Umoja\r\nBcc: x").sender == "Umoja Bcc: x"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "kind", ["reminder_before_due", "due_today", "first_days_late", "promise_reminder"]
)
def test_the_due_date_is_in_the_borrowers_language(kind: str, language: str) -> None:
    rendered = message(kind, language)
    assert DUE_DATE[language] in rendered.text
    assert DUE_DAY[language] in rendered.sms


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_help_is_free_and_messages_can_be_stopped_but_for_the_notice(
    kind: str, language: str
) -> None:
    rendered = message(kind, language)
    assert FREE[language] in rendered.text
    for part in (rendered.text, rendered.html.replace("&#39;", "'")):
        assert (STOP[language] in part) == (kind != NOTICE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_is_accurate_and_shows_the_options(language: str) -> None:
    rendered = message(NOTICE, language)
    in_email, in_sms = NO_STEP[language]
    assert in_email in rendered.text and plain(in_sms) in plain(rendered.sms)
    assert DECIDE_FIRST[language] in rendered.text
    assert ANSWER_BY[language] in rendered.text
    assert ANSWER_BY_DAY[language] in rendered.sms
    assert OUTSTANDING[language] in spaced(rendered.text)
    assert ADVICE[language] in rendered.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["we_would_like_to_help", NOTICE])
def test_free_debt_advice_is_named(kind: str, language: str) -> None:
    assert "Nibud" not in message(kind, language).text
    named = message(kind, language, debt_advice="Nibud, +31302391350").text
    assert ": Nibud, +31302391350." in named.replace(" :", ":")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(ANSWERS))
def test_an_answer_is_in_the_email_alone_and_names_who_hears_further(
    kind: str, language: str
) -> None:
    rendered = message(kind, language, answer="The receipt was found.", complaints_to="Kifid")
    assert "The receipt was found." in rendered.text
    assert "The receipt was found." not in rendered.sms
    above_the_footer = rendered.text.rpartition("\n\n")[0]
    assert ("Kifid" in above_the_footer) == (kind != "dispute_upheld")


def test_the_notice_needs_the_last_day_to_answer() -> None:
    with pytest.raises(MissingFactError, match="answer_by"):
        message(NOTICE, "en", answer_by=None)
    assert message("first_days_late", "en", answer_by=None).sms


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["thank_you", "payment_received"])
def test_thanks_distinguish_a_loan_up_to_date_paid_off_or_still_late(
    kind: str, language: str
) -> None:
    up_to_date, (paid, _) = UP_TO_DATE[language], FULLY_PAID[language]
    good, over, late = (
        message(kind, language, **changes)
        for changes in ({}, {"paid_off": True}, {"overdue_minor": FACTS[language].overdue_minor})
    )
    assert up_to_date in good.text and paid in over.text
    assert (CONGRATULATIONS[language] in over.text) == (kind == "thank_you")
    assert up_to_date not in over.text + late.text and paid not in good.text + late.text
    for part in (late.text, late.sms):
        assert OVERDUE[language] in spaced(part)
    for each in (good, over):
        assert OVERDUE[language] not in spaced(each.text + each.sms)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_relief_says_until_when_it_asks_for_nothing_and_is_sorry_only_if_it_had_asked(
    language: str,
) -> None:
    with_apology = message(RELIEF, language)
    without = message(RELIEF, language, sorry=False)
    text = spaced(without.text)
    assert DUE_DATE[language] in text and AMOUNT[language] in text
    assert len(with_apology.text) > len(without.text)
    assert with_apology.sms != without.sms
    nothing_due = message(RELIEF, language, amount_minor=0)
    assert DUE_DATE[language] not in spaced(nothing_due.text)
    with pytest.raises(MissingFactError):
        message(RELIEF, language, rest_until=None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_clearance_letter_says_that_all_is_paid_and_nothing_is_owed(language: str) -> None:
    paid, nothing_owed = FULLY_PAID[language]
    rendered = message("clearance_letter", language)
    assert rendered.subject == paid.rstrip(".")
    assert plain(paid) in plain(rendered.sms) and plain(nothing_owed) in plain(rendered.sms)
    owed_in_email = {"nl": "U hoeft voor deze lening niets meer te betalen"}
    assert owed_in_email.get(language, nothing_owed) in rendered.text
    assert OUTSTANDING[language] not in spaced(rendered.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_after_a_settlement_says_that_nothing_is_owed_and_not_that_all_is_paid(
    language: str,
) -> None:
    paid, nothing_owed = FULLY_PAID[language]
    rendered = message("settlement_letter", language)
    owed_in_email = {"nl": "U hoeft voor deze lening niets meer te betalen"}
    assert owed_in_email.get(language, nothing_owed) in rendered.text
    assert plain(nothing_owed) in plain(rendered.sms)
    assert plain(paid) not in plain(rendered.sms) and paid not in rendered.text


# --- formats and languages --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "country", "currency", "minor", "amount"),
    [
        ("es", "MX", "MXN", 123_450, "$1,234.50"),
        ("es", "ES", "EUR", 123_450, "1.234,50 €"),
        ("es-MX", None, "MXN", 123_450, "$1,234.50"),
        ("es-MX", "ES", "EUR", 123_450, "1.234,50 €"),
        ("nl-NL", "NL", "EUR", 100_000, "€ 1.000,00"),
        ("en", "KE", "KES", 123_450, "Ksh 1,234.50"),
        ("en", None, "KES", 123_450, "KES 1,234.50"),
        ("es", "PY", "PYG", 150_000, "Gs. 150.000"),
        ("en", None, "KWD", 1_250, "KWD 1.250"),
        ("en", None, "AFN", 1_225, "AFN 12.25"),
        ("en", None, "AFN", 1_200, "AFN 12.00"),
        ("en", None, "IQD", 1_500, "IQD 1.500"),
        ("en", None, "CLF", 12_345, "CLF 1.2345"),
        ("es", "CO", "COP", 10_050, "$100,50"),
        ("en", "IN", "INR", 12_345_678, "₹1,23,456.78"),
        ("en", None, "USD", 123_456_789_012_345, "$1,234,567,890,123.45"),
    ],
)
def test_money_is_in_the_borrowers_format(
    language: str, country: str | None, currency: str, minor: int, amount: str
) -> None:
    facts = replace(FACTS["en"], currency=currency, amount_minor=minor, country=country)
    assert f" {amount}" in spaced(render("reminder_before_due", language, facts).text)


def test_an_sms_uses_the_currency_code_if_gsm_lacks_the_symbol() -> None:
    sms = message("thank_you", "en", currency="INR", amount_minor=12_350, country="IN").sms
    assert "your payment of INR 123.50." in sms
    assert "Merci pour votre paiement de 3 450 F CFA." in message("thank_you", "fr").sms


def test_dates_follow_the_country() -> None:
    assert "March 6, 2026" in message("due_today", "en", country="US").text
    assert "6 March 2026" in message("due_today", "en", country="GB").text


@pytest.mark.parametrize(
    ("tag", "used", "lang"),
    [
        ("es-PE", "es", "es-PE"),
        ("ES_pe", "es", "es-PE"),
        ("es-419", "es", "es-419"),
        ("nl", "nl", "nl"),
        ("nl-Latn-BE", "nl", "nl-BE"),
        ("es-ZZ", "es", "es"),
        ("pt-MZ", "pt", "pt-MZ"),
        ("fr-SN", "fr", "fr-SN"),
        ("sw", "sw", "sw"),
    ],
)
def test_the_primary_subtag_selects_the_language(tag: str, used: str, lang: str) -> None:
    rendered = render("thank_you", tag, replace(FACTS["en"], country=None))
    assert rendered.language == used
    assert THANK_YOU[used] in rendered.subject
    assert f'<html lang="{lang}">' in rendered.html


@pytest.mark.parametrize("tag", ["lg-UG", "qu", "", "../../etc/passwd"])
def test_nobody_is_written_to_in_a_language_without_texts(tag: str) -> None:
    with pytest.raises(LanguageNotSupportedError):
        message_in(tag)


def message_in(tag: str) -> RenderedMessage:
    return render("thank_you", tag, FACTS["en"])


@pytest.mark.parametrize(
    ("tags", "used"),
    [
        (("lg-UG", "sw-UG"), "sw-UG"),
        (("es-PE", "en"), "es-PE"),
        (("lg", None), None),
        (("lg", "qu"), None),
    ],
)
def test_the_first_language_with_texts_is_used(tags: tuple[str | None, ...], used: str) -> None:
    assert language_with_text(tags) == used


@pytest.mark.parametrize("country", ["XX", "KE", "", "../x", "españa"])
def test_an_unknown_country_does_not_change_the_language(country: str) -> None:
    assert '<html lang="es">' in message("due_today", "es", country=country).html


def test_an_unknown_kind_error_lists_the_known_kinds() -> None:
    with pytest.raises(UnknownMessageKindError) as caught:
        message("final_warning", "en")
    assert isinstance(caught.value, ValueError)
    for kind in ("final_warning", *KINDS):
        assert kind in str(caught.value)


# --- safety -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_hostile_names_stay_text(kind: str, language: str) -> None:
    rendered = message(
        kind,
        language,
        borrower_name=HOSTILE,
        advisor_name=HOSTILE,
        institution_name=HOSTILE,
        loan_id=HOSTILE,
        currency="<b>",
    )
    for line in (rendered.subject, rendered.sms):
        assert len(line.splitlines()) == 1
    for part in (rendered.subject, rendered.text, rendered.html, rendered.sms):
        assert "49" not in part.replace("3,450", "").replace("3.450", "")
        assert not re.search("[\x00\r\u2028\u202e]", part)
        part.encode("utf-8")
    assert not any(line.startswith("Bcc:") for line in rendered.text.splitlines())
    assert "&lt;script&gt;alert(1)" in rendered.html
    assert not {"script", "b"} & {tag for tag, _ in Reader(rendered.html).elements}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_template_syntax_is_left(language: str) -> None:
    for kind in KINDS:
        rendered = message(kind, language)
        for part in (rendered.subject, rendered.text, rendered.html, rendered.sms):
            assert not re.search(r"\{\{|\}\}|\{%|None|Undefined", part)


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_a_message_without_names_still_reads_well(kind: str, language: str) -> None:
    rendered = message(kind, language, borrower_name=" \n", advisor_name="")
    for part in (rendered.subject, rendered.text, rendered.sms):
        assert not re.search(r" [,.]|^[,:.]|, ,|: :|\n\n\n", part)
        assert language == "fr" or not re.search(r" [:!?]", part)
    assert f"{SIGNED_BY_NOBODY[language]}\n" in rendered.text


def test_a_very_long_name_is_cut() -> None:
    rendered = message("due_today", "en", borrower_name="Ana " * 500)
    assert "Ana Ana" in rendered.text
    assert max(len(line) for line in rendered.text.splitlines()) < 200
    assert parts_of(rendered.sms) == 1


@given(name=st.text(st.characters()), kind=st.sampled_from(KINDS), tag=st.sampled_from(LANGUAGES))
def test_no_name_can_split_the_subject_or_inject_html(name: str, kind: str, tag: str) -> None:
    rendered = message(kind, tag, borrower_name=name, advisor_name=name)
    for line in (rendered.subject, rendered.sms):
        assert len(line.splitlines()) == 1
    assert "<script" not in rendered.html.lower()
    assert elements(rendered) == elements(message(kind, tag))
    for part in (rendered.subject, rendered.text, rendered.html, rendered.sms):
        part.encode("utf-8")


@given(
    name=st.lists(
        st.sampled_from(["<script", ">", "\r\n", "{{", "}}", "&", '"', "- ", "\n\n", "a", "</p>"])
    ).map("".join)
)
def test_markup_in_names_does_not_change_the_layout(name: str) -> None:
    rendered = message("we_would_like_to_help", "en", borrower_name=name, institution_name=name)
    assert len(rendered.subject.splitlines()) == 1
    assert elements(rendered) == elements(message("we_would_like_to_help", "en"))
