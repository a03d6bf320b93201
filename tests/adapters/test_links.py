"""Links and text messages on AWS: only we can make one, and news find what was sent."""

from __future__ import annotations

from datetime import date

import pytest

from recovery.adapters import aws
from recovery.adapters.dynamodb.sent_texts import DynamoDbSentTexts
from recovery.adapters.links import KmsLinks
from recovery.domain.contact.unsubscribe import UnsubscribeClaim, token_of
from recovery.ports.contact import SentMessage


@pytest.fixture
def links(in_memory_aws) -> KmsLinks:
    made = aws.client("kms").create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    return KmsLinks("https://api.example/v1/unsubscribe", made["KeyMetadata"]["Arn"])


def test_a_link_of_ours_says_whom_it_is_about(links: KmsLinks) -> None:
    url = links.unsubscribe_url("umoja", "B-1", "email")
    base, _, token = url.rpartition("/")
    assert base == "https://api.example/v1/unsubscribe"
    assert links.read(token) == UnsubscribeClaim("umoja", "B-1", "email")
    assert links.unsubscribe_url("umoja", "B-1", "email") == url  # it is good for ever


@pytest.mark.parametrize("mac", [bytes(32), b"short", b""])
def test_a_forged_one_says_nothing(links: KmsLinks, mac: bytes) -> None:
    assert links.read(token_of(UnsubscribeClaim("umoja", "B-2", "email"), mac)) is None


def test_one_persons_code_is_no_other_persons(links: KmsLinks) -> None:
    token = links.unsubscribe_url("umoja", "B-1", "email").rpartition("/")[2]
    mine = UnsubscribeClaim("umoja", "B-1", "email").text
    assert links.read(token.replace(mine, UnsubscribeClaim("umoja", "B-2", "email").text)) is None


def test_a_text_message_is_found_by_the_providers_id(table: str) -> None:
    sent = SentMessage("umoja", "B-1", "L-1/due_today-0/2026-02-01")
    texts = DynamoDbSentTexts()
    texts.add("sms-1", sent, date(2026, 2, 1))
    assert (texts.find("sms-1"), texts.find("sms-2")) == (sent, None)
