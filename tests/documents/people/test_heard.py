"""What arrives of a reply."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from recovery.documents.people.heard import InboundSms, heard_mail, heard_sms

AT = datetime(2026, 2, 2, 7, 2, tzinfo=UTC)
HEAD = "From: Grace <Grace@Example.org>\nMessage-ID: <a@b>\n"


def mail(rest: str, head: str = HEAD):
    return heard_mail((head + rest).encode(), "umoja/k", AT)


def text_of(rest: str) -> str:
    heard = mail(rest)
    assert heard
    return heard.text


def test_a_text_message_has_the_address_and_an_id_of_its_own() -> None:
    body = {
        "originationNumber": "+254711000001",
        "destinationNumber": "+254700000100",
        "messageBody": " Hi ",
        "inboundMessageId": "cae173d2",
        "later": "ignored",
    }
    heard = heard_sms(InboundSms.model_validate(body), AT)
    assert (heard.reply_id, heard.address, heard.text) == ("sms-cae173d2", "+254711000001", "Hi")
    odd = heard_sms(InboundSms.model_validate({**body, "inboundMessageId": "a/b#c"}), AT)
    assert odd.reply_id.startswith("sms-") and "#" not in odd.reply_id


def test_an_error_tells_no_word_of_the_message() -> None:
    with pytest.raises(ValidationError) as raised:
        InboundSms.model_validate({"originationNumber": "Secreto", "messageBody": ["Secreto"]})
    assert "Secreto" not in str(raised.value)


def test_an_email_has_an_id_by_its_message_id() -> None:
    one, again, other = mail("\nHi"), mail("\nHi"), mail("\nHi", HEAD.replace("a@b", "c@d"))
    assert one and again and other
    assert one.reply_id == again.reply_id != other.reply_id
    assert one.address == "grace@example.org"


def test_plain_text_comes_before_html_and_html_loses_what_it_quotes() -> None:
    html = (
        "Content-Type: text/html\n\n<html><style>p{}</style><p>Stop</p><br>please"
        '<div class="gmail_quote">On 2 Feb 2026 <div>Umoja</div> wrote:<blockquote>Reply STOP'
        "</blockquote></div></html>"
    )
    assert text_of(html) == "Stop\nplease"
    both = (
        'Content-Type: multipart/alternative; boundary="x"\n\n--x\nContent-Type: text/plain\n\n'
        "plain\n--x\nContent-Type: text/html\n\n<p>html</p>\n--x--\n"
    )
    assert text_of(both) == "plain"


def test_attachments_are_counted_not_read() -> None:
    heard = mail(
        'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain\n\nPaid\n'
        "--x\nContent-Type: image/png\nContent-Disposition: attachment\n\n...\n--x--\n"
    )
    assert heard and (heard.text, heard.attachments) == ("Paid", 1)


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "X-Autoreply: yes",
        "Content-Type: multipart/report; boundary=x",
    ],
)
def test_what_a_machine_sent_is_no_reply(header: str) -> None:
    assert mail(f"{header}\n\nHi") is None


def test_what_a_person_sent_is_one() -> None:
    assert mail("Auto-Submitted: no\n\nHi")


def test_a_feigned_sender_is_known_by_the_verdict_that_stands_first() -> None:
    failed = "Authentication-Results: amazonses.com; spf=fail; dmarc=fail\n"
    passed = "Authentication-Results: amazonses.com; spf=pass; dmarc=pass\n"
    for first, second, genuine in ((failed, passed, False), (passed, failed, True)):
        heard = heard_mail((first + second + HEAD + "\nHi").encode(), "k", AT)
        assert heard and heard.is_genuine is genuine


def test_a_mail_without_a_sender_is_refused() -> None:
    with pytest.raises(ValueError, match="no sender"):
        mail("\nHi", "From: nobody\n")


def test_a_missing_or_unknown_encoding_does_not_lose_the_words() -> None:
    assert text_of("\nPago mañana") == "Pago mañana"
    assert "Hola" in text_of("Content-Type: text/plain; charset=x-unknown\n\nHola")
