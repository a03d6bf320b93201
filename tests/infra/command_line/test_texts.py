"""The texts as listed and printed by the command."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from infra.command_line import app
from infra.command_line.texts import EXAMPLE
from recovery.messages import KINDS, LANGUAGES, render
from recovery.messages.sms import length_of

run = CliRunner()


def test_each_sms_is_listed_with_its_length_in_every_language() -> None:
    listed = run.invoke(app, ["texts"]).output
    for kind in KINDS:
        (row,) = [line for line in listed.splitlines() if re.search(rf"\b{kind}\b", line)]
        lengths = [length_of(render(kind, each, EXAMPLE).sms) for each in LANGUAGES]
        assert [int(each) for each in re.findall(r"\d+", row)] == lengths
        assert max(lengths) <= 160


def test_one_message_is_printed_whole() -> None:
    printed = run.invoke(app, ["texts", "due_today", "--language", "sw"]).output
    written = render("due_today", "sw", EXAMPLE)
    for part in ("From: Casa Microcredit", f"Subject: {written.subject}", "1 part"):
        assert part in printed
    assert " ".join(written.text.split()) in " ".join(printed.split())


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["final_warning"], "'final_warning' is no message"),
        (["due_today", "--language", "lg"], "There is no text in 'lg'; there is in en, es"),
    ],
)
def test_what_there_is_not_is_refused(arguments: list[str], why: str) -> None:
    assert why in str(run.invoke(app, ["texts", *arguments]).exception)
