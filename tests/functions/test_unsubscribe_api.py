"""The open link: GET asks, POST acts, and a forged one does neither."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from functions import unsubscribe_api
from recovery.domain.contact.unsubscribe import UnsubscribeClaim, read_token, token_of
from recovery.messages import LANGUAGES, render_unsubscribe_page
from tests.conftest import Context

TOKEN = token_of(UnsubscribeClaim("umoja", "B-1", "email"), bytes(32))


@pytest.fixture
def call(wiring, load_event):
    def call(name: str, token: str = TOKEN, language: str = "nl-BE,nl;q=0.9") -> dict:
        event = load_event(name)
        event["path"] = event["path"].replace("TOKEN", token)
        event["headers"] = {**(event["headers"] or {}), "Accept-Language": language}
        return unsubscribe_api.handler(event, Context(), wiring)

    return call


def test_opening_the_link_asks_and_stops_nothing(call, wiring) -> None:
    answer = call("unsubscribe_api.ask")
    assert answer["statusCode"] == 200
    assert '<form method="post">' in answer["body"] and '<html lang="en">' in answer["body"]
    assert wiring.borrowers.load("B-1").email_consent is True
    for word in ("Grace", "grace@", "Umoja", "loan"):
        assert word not in answer["body"]


def test_one_click_ends_email_and_a_repeat_changes_nothing(call, wiring) -> None:
    for _ in range(2):
        answer = call("unsubscribe_api.one_click")
        assert (answer["statusCode"], "<form" in answer["body"]) == (200, False)
    person = wiring.borrowers.load("B-1")
    assert (person.email_consent, person.sms_consent) == (False, True)
    [change] = wiring.borrowers.contact_changes("B-1")
    assert (change.by, change.former) == ("unsubscribe-link", {"email_consent": True})


def test_it_speaks_the_persons_language(call, wiring) -> None:
    person = replace(wiring.borrowers.load("B-1"), language="sw")
    wiring.borrowers.save_contact_details(person)
    assert '<html lang="sw">' in call("unsubscribe_api.ask")["body"]


def test_of_somebody_no_longer_on_record_it_says_the_same(call) -> None:
    gone = token_of(UnsubscribeClaim("umoja", "B-404", "email"), bytes(32))
    assert call("unsubscribe_api.one_click", gone)["statusCode"] == 200


OTHER = token_of(UnsubscribeClaim("umoja", "B-2", "email"), bytes(31) + b"x")


@pytest.mark.parametrize("token", [OTHER, TOKEN[:-1], TOKEN + "A", "x", "." * 4, "a" * 500])
def test_a_link_that_is_none_of_ours_stops_nothing(call, wiring, token) -> None:
    for name in ("unsubscribe_api.ask", "unsubscribe_api.one_click"):
        answer = call(name, token)
        assert (answer["statusCode"], '<html lang="nl">' in answer["body"]) == (404, True)
    assert wiring.borrowers.load("B-1").email_consent is True


def test_a_page_is_kept_nowhere_and_loads_nothing(call) -> None:
    headers = call("unsubscribe_api.ask")["multiValueHeaders"]
    assert headers["Cache-Control"] == ["no-store"]
    assert headers["Referrer-Policy"] == ["no-referrer"]
    assert "default-src 'none'" in headers["Content-Security-Policy"][0]
    assert headers["Content-Type"] == ["text/html; charset=utf-8"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("says", ["question", "done", "unknown"])
def test_each_page_is_whole_and_can_be_used_by_keyboard_and_reader(language, says) -> None:
    page = render_unsubscribe_page(says, language)
    assert f'<html lang="{language}">' in page and page.count("<h1>") == 1
    assert ("<button" in page) is (says == "question")
    assert "{{" not in page and not re.search(r"<p[^>]*></p>", page)
    assert not re.search(r"src=|href=|<script", page)


def test_tokens_of_two_claims_differ_and_show_no_id() -> None:
    claims = [
        UnsubscribeClaim("umoja", "B-1", "email"),
        UnsubscribeClaim("umoja", "B-1", "sms"),
        UnsubscribeClaim("umoja", "B-1.email", "email"),
        UnsubscribeClaim("umoja.B-1", "email", "email"),
    ]
    assert len({each.text for each in claims}) == len(claims)
    for each in claims:
        token = token_of(each, b"mac")
        assert read_token(token) == (each, b"mac")
        assert each.person_id not in token
