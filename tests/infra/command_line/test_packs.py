"""recovery packs: check the files, show a rule on a day, list what is due for review."""

import pytest
from typer.testing import CliRunner

from infra.command_line import app, packs
from infra.deployment.target import TargetError
from recovery.documents.packs.sections import SECTIONS

run = CliRunner()
THRESHOLD = "es.judicial.bar.verbal_amount"


def test_every_file_of_every_section_is_checked() -> None:
    result = run.invoke(app, ["packs", "check"])
    assert result.exit_code == 0
    assert "0 problems" in result.output


def test_a_wrong_file_is_named_with_rule_and_field(monkeypatch) -> None:
    files = [(place, name, text) for place, name, text in packs.shipped_files() if place == "es"]
    broken = [(p, n, t.replace('confidence = "H"', 'confidence = "X"', 1)) for p, n, t in files]
    monkeypatch.setattr(packs, "shipped_files", lambda: iter(broken))
    result = run.invoke(app, ["packs", "check"])
    assert result.exit_code == 1
    assert "packs/es/judicial.toml[es.judicial.procedure.mortgage].confidence" in result.output


@pytest.mark.parametrize(
    ("on", "amount", "rests"),
    [
        ("2024-03-19", "600000", "an adverse step may rest"),
        ("2024-03-20", "1500000", "an adverse step may rest"),
        ("2040-01-01", "1500000", "no adverse step may rest"),
    ],
)
def test_a_rule_is_shown_as_it_is_on_a_day(on, amount, rests) -> None:
    result = run.invoke(app, ["packs", "show", THRESHOLD, "--on", on])
    assert result.exit_code == 0
    for expected in (f"amount_minor: {amount}", "LEC 249.2", rests, "days old"):
        assert expected in result.output


def test_a_rule_that_does_not_hold_says_when_it_does() -> None:
    result = run.invoke(app, ["packs", "show", THRESHOLD, "--on", "2010-01-01"])
    assert "from 2020-01-01 to 2024-03-19, from 2024-03-20 on" in result.output


def test_a_prefix_shows_every_rule_under_it_in_every_section() -> None:
    for section in SECTIONS:
        result = run.invoke(app, ["packs", "show", f"es.{section}", "--on", "2026-11-27"])
        assert f"es.{section}." in result.output


def test_an_unknown_rule_is_refused() -> None:
    result = run.invoke(app, ["packs", "show", "es.judicial.nothing"])
    assert isinstance(result.exception, TargetError)


def test_what_is_due_for_review_comes_first_and_only_then() -> None:
    early = run.invoke(app, ["packs", "due", "--by", "2026-11-27"]).output
    assert "0 rules are due" in early
    lines = run.invoke(app, ["packs", "due", "--by", "2027-11-27"]).output.splitlines()
    [end] = [n for n, line in enumerate(lines) if "are due for review" in line]
    days = [line.split("  ")[0] for line in lines[:end]]
    assert days == sorted(days)
    assert any("es.lending." in line for line in lines) and any("es.judicial" in x for x in lines)


def test_rules_whose_first_day_nobody_verified_are_listed_and_say_so() -> None:
    told = run.invoke(app, ["packs", "due", "--by", "2026-11-27"]).output
    assert "es.claim.limitation.contract" in told and "nl.claim.limitation.contract" in told
    assert "es.claim.rates.statutory" not in told
    assert "rules the first day is not verified" in told
    shown = run.invoke(app, ["packs", "show", "es.claim.limitation.contract"]).output
    assert "from 2015-10-07 on, a first day that nobody verified" in shown.replace("\n", " ")
