"""recovery contact: how a person wants to be contacted, recorded, lifted and shown."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from infra.command_line import app
from infra.deployment.target import TargetError
from recovery.domain.contact.instructions import NO_INSTRUCTIONS

BY = ("--by", "Ana Torres")
ASKED = ("--phone-privacy", "shared", "--only-by", "email", "--hours", "18:00-20:00")


def contact(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["contact", *arguments])


def refused(result: Result) -> str:
    assert isinstance(result.exception, TargetError), result.output
    return str(result.exception)


def test_what_a_person_asked_for_is_recorded_and_shown(lending) -> None:
    said = contact("B-1", *ASKED, "--no-visits", "--instruction", "Ask for [her].", *BY)
    assert said.output.splitlines() == [
        "E-mail: nobody said whether others see it",
        "Phone: shared",
        "Their phone is shared: say nothing of a debt there.",
        "Contact only by email.",
        "Only from 18:00 to 20:00, their local time.",
        "No visits.",
        "Their instruction: Ask for [her].",
    ]
    assert contact("B-1").output == said.output
    (change,) = lending.borrowers.contact_changes("B-1")
    assert change.by == "typed:Ana Torres"


def test_any_lifts_what_was_said(lending) -> None:
    contact("B-1", *ASKED, "--no-visits", "--instruction", "Ask for her.", *BY)
    lifted = ("--phone-privacy", "any", "--only-by", "any", "--hours", "any", "--visits")
    shown = contact("B-1", *lifted, "--instruction", "", *BY, "--json")
    assert json.loads(shown.stdout)["hours"] is None
    assert lending.borrowers.load("B-1").instructions == NO_INSTRUCTIONS


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("B-404",), "there is no person B-404."),
        (("B-1", "--only-by", "email"), "Say who you are with --by"),
        (("B-1", "--only-by", "fax", *BY), "Use email, phone, letter or visit"),
        (("B-1", "--hours", "18:00", *BY), "Write a time of the day, such as 20:00"),
        (("B-1", "--hours", "20:00-18:00", *BY), "must begin before they end"),
    ],
)
def test_what_cannot_be_recorded_says_why(lending, arguments, reason) -> None:
    assert reason in refused(contact(*arguments))
    assert lending.borrowers.load("B-1").instructions == NO_INSTRUCTIONS
