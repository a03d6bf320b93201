"""recovery agree --yes code, and the letters that recovery plan shows."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from functions import agreements_api, write_letters
from infra.command_line import agree, app
from infra.deployment.target import Target, TargetError
from recovery.domain.shared.actor import Role
from tests.agreed import AGREEMENT_ID, OFFER_ID, an_agreement, an_offer, put_on_record
from tests.builders import an_actor
from tests.conftest import Context

run = CliRunner()
ANA = "arn:aws:iam::111122223333:user/ana.torres"
AGREE = (
    *("agree", "L-1", "--by", "Ana Torres", "--why", "told in the branch", "--offer", OFFER_ID),
    *("--option", "payment_plan", "--signed-by", "B-1", "--yes", "code", "--id", "AG-1"),
)


@pytest.fixture
def lending(lending, load_event, monkeypatch):
    """The deployment answers its API as the function does."""
    lending.institutions.save_actor("umoja", an_actor("Ana Torres", Role.ADVISOR, id=ANA))
    put_on_record(lending, **{OFFER_ID: an_offer(overdue_minor=0)})

    def call_api(method: str, path: str, body: Any, *, of: str) -> tuple[int, dict[str, Any]]:
        event = load_event("agreements_api.send_code")
        path = f"/institutions/{of}{path}"
        event |= {"httpMethod": method, "path": path, "body": json.dumps(body)}
        answer = agreements_api.handler(event, Context(), lending)
        return answer["statusCode"], json.loads(answer["body"])

    target = SimpleNamespace(wiring=lending, of=lending.of, embedded=object(), call_api=call_api)
    target.institution = partial(Target.institution, target)
    monkeypatch.setattr(agree, "find_target", lambda *, real: target)
    return lending


def recovery(*arguments: str):
    return run.invoke(app, arguments)


def test_a_code_is_sent_first_and_the_same_with_it_agrees(lending) -> None:
    sent = recovery(*AGREE)
    assert sent.exit_code == 0, sent.exception
    assert "Sent B-1 a code by email" in sent.output
    [typed] = re.findall(r"\b\d{6}\b", lending.messenger.emails[-1][2])
    wrong = recovery(*AGREE, "--code", f"{(int(typed) + 1) % 1_000_000:06}")
    assert isinstance(wrong.exception, TargetError)
    assert "tries left: 2" in str(wrong.exception)
    done = recovery(*AGREE, "--code", typed)
    assert "B-1 said yes at" in done.output and "Ana Torres typed the code" in done.output


def test_each_who_says_yes_needs_a_code(lending) -> None:
    result = recovery(*AGREE, "--code", "123456", "--code", "123456")
    assert "Give one --code for each who says yes" in str(result.exception)
    result = recovery(*AGREE, "--code", "123456")
    assert "person_id: there is no code for B-1" in str(result.exception)


def test_the_letters_are_shown_and_saved(lending, load_event, tmp_path: Path) -> None:
    none = recovery("plan", "L-1", "--letters", AGREEMENT_ID)
    assert "there is no letter about" in str(none.exception)
    put_on_record(lending, **{AGREEMENT_ID: an_agreement()})
    write_letters.handler(load_event("write_letters"), Context(), lending)
    listed = recovery("plan", "L-1", "--letters", AGREEMENT_ID)
    assert listed.exit_code == 0, listed.exception
    assert "email 2026-02-02" in listed.output
    save = ("--save-to", str(tmp_path / "new"), "--by", "Ana Torres")
    shown = recovery("plan", "L-1", "--letters", AGREEMENT_ID, *save)
    assert shown.exit_code == 0, shown.exception
    saved = tmp_path / "new" / f"{AGREEMENT_ID}-B-1.pdf"
    assert saved.read_bytes().startswith(b"%PDF")
