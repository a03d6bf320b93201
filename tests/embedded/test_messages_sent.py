"""What SES and SNS actually sent, and what was rightly withheld."""

from __future__ import annotations

import pytest

from infra.deployment.operate import run_review
from recovery.domain.contact.policy import MessageRule
from tests.embedded.inside import paused, sent_emails, sent_texts
from tests.embedded.lender import DAY, MONDAY, Lender
from tests.embedded.people import person_of


@pytest.mark.parametrize(
    ("language", "country", "words"),
    [("es-PE", "PE", "Todavía"), ("en-KE", "KE", "We have"), ("nl-NL", "NL", "betaling")],
)
def test_an_email_is_in_the_borrowers_language_and_signed(
    lender: Lender, language: str, country: str, words: str
):
    person = person_of(f"{lender.id}-mail", language=language, country=country)
    loan_id = lender.lend_one(MONDAY, person=person)
    lender.review(MONDAY + DAY)
    (sent,) = sent_emails(lender.target, person.email)
    assert words.lower() in (sent["Subject"] + sent["BodyText"]).lower()
    assert person.name in sent["BodyText"] and "Luz Mendoza" in sent["BodyText"]
    assert "Casa Microcredit" in sent["BodyText"] and loan_id in sent["BodyText"]
    assert "Luz Mendoza" in sent["BodyHtml"]
    assert sent["Source"] == "Casa Microcredit <advisors@example.org>"


def test_a_borrower_who_prefers_sms_gets_sms(lender: Lender):
    person = person_of(f"{lender.id}-sms", preferred_channel="sms")
    loan_id = lender.lend_one(MONDAY, person=person)
    lender.review(MONDAY + DAY)
    (text,) = sent_texts(lender.target, person.phone)
    assert text.startswith("Casa Microcredit: ") and "pago" in text
    assert sent_emails(lender.target, person.email) == []
    assert lender.messages(loan_id) == ["sent by sms: first_days_late"]


def test_no_reminder_is_sent_for_what_was_paid_in_the_meantime(lender: Lender):
    person = person_of(f"{lender.id}-paid")
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY, person=person)
    with paused(lender.target, "SendMessages"):
        run_review(lender.target, lender.id, MONDAY + DAY, replay=True)
        assert lender.post(loan_id, "100.00", MONDAY + DAY)[0] == 201
    lender.wait_until_idle()
    assert "not sent (first_days_late): paid in the meantime" in lender.messages(loan_id)
    (thanks,) = sent_emails(lender.target, person.email)
    assert "gracias" in thanks["Subject"].lower()


def test_no_more_messages_are_sent_than_the_policy_allows_in_a_week(make_lender):
    kinds = ("first_days_late", "we_would_like_to_help")
    rules = tuple(MessageRule(kind=kind, days_past_due=day) for day, kind in enumerate(kinds, 1))
    lender = make_lender(max_messages_per_week=1, messages=rules)
    person = person_of(f"{lender.id}-week")
    loan_id = lender.lend_one(MONDAY, person=person)
    lender.review_daily(MONDAY + DAY, MONDAY + 5 * DAY)
    assert len(sent_emails(lender.target, person.email)) == 1
    assert any("already in the last seven days" in text for text in lender.messages(loan_id))
    lender.review_daily(MONDAY + 6 * DAY, MONDAY + 8 * DAY)
    assert len(sent_emails(lender.target, person.email)) == 2
