"""Settings are complete, or refused with every problem listed."""

from __future__ import annotations

import json

import pytest
from aws_cdk import App, RemovalPolicy

from infra.settings import Institution, SettingsError, StackSettings

GOOD = {
    "institutions": [
        {
            "institution_id": "casa",
            "name": "Casa",
            "time_zone": "Africa/Nairobi",
            "review_at": "06:05",
        }
    ],
    "sender_email": "advisors@example.org",
    "shards": 16,
    "account": "111122223333",
    "region": "eu-west-1",
}


def test_valid_values_become_settings():
    settings = StackSettings.from_values(GOOD)
    assert settings.institutions == (
        Institution(
            institution_id="casa", name="Casa", time_zone="Africa/Nairobi", review_at="06:05"
        ),
    )
    assert not settings.embedded


def test_every_problem_is_reported_at_once():
    bad = {
        "institutions": [
            {"institution_id": "C", "name": " ", "time_zone": "Mars", "review_at": "24:00"},
            {"institution_id": "C"},
        ],
        "sender_email": "nobody",
        "shards": 0,
        "embedded": "perhaps",
    }
    with pytest.raises(SettingsError) as refused:
        StackSettings.from_values(bad)
    for name in (
        "institutions[1].institution_id",
        "institutions[1].name",
        "institutions[1].time_zone",
        "institutions[1].review_at",
        "institutions[2]: must have the fields institution_id, name, review_at, time_zone; may",
        "sender_email",
        "shards",
        "embedded",
        "account",
        "region",
    ):
        assert name in str(refused.value)


def test_an_institution_may_say_how_to_call_and_pay():
    (casa,) = GOOD["institutions"]
    says = {"phone": "+34900000000", "pay_link": "https://pay.example.org", "pay_account": "ES91"}
    settings = StackSettings.from_values(GOOD | {"institutions": [casa | says]})
    assert settings.institutions[0].pay_link == "https://pay.example.org"
    wrong = {"phone": "900 000 000", "pay_link": "http://pay.example.org"}
    with pytest.raises(SettingsError, match=r"(?s)\[1\]\.phone: .*\[1\]\.pay_link: "):
        StackSettings.from_values(GOOD | {"institutions": [casa | wrong]})


def test_an_institution_id_may_be_used_only_once():
    with pytest.raises(SettingsError, match="'casa' is used twice"):
        StackSettings.from_values(GOOD | {"institutions": GOOD["institutions"] * 2})


@pytest.mark.parametrize("shards", [True, 1.5, "16", None, -1, 257])
def test_shards_must_be_a_whole_number_in_range(shards):
    with pytest.raises(SettingsError, match="shards"):
        StackSettings.from_values(GOOD | {"shards": shards})


def test_text_from_the_command_line_is_parsed():
    app = App(
        context={
            "institutions": json.dumps(GOOD["institutions"]),
            "sender_email": GOOD["sender_email"],
            "shards": "4",
            "embedded": "true",
        }
    )
    account = {"CDK_DEFAULT_ACCOUNT": "000000000000", "CDK_DEFAULT_REGION": "us-east-1"}
    settings = StackSettings.from_context(app.node, account)
    assert (settings.shards, settings.embedded, settings.account) == (4, True, "000000000000")


def test_records_outlive_the_stack_except_on_the_embedded_aws():
    assert StackSettings.from_values(GOOD).removal_policy is RemovalPolicy.RETAIN
    embedded = StackSettings.from_values(GOOD | {"embedded": True})
    assert embedded.removal_policy is RemovalPolicy.DESTROY
