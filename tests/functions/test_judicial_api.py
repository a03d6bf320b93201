"""The way to court over the API: what is shown, and what people decide."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from functions.tasks_api import handler
from recovery.domain.cases.signals import Signal
from recovery.domain.cases.stages import Stage
from recovery.domain.shared.actor import Role
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.judicial.prepare_dossier import prepare_dossier
from tests.builders import a_borrower, a_loan, a_state, an_actor
from tests.conftest import Context
from tests.domain.cases.test_stage import case

ANA = "arn:aws:iam::111122223333:user/ana"


@pytest.fixture
def send(wiring, load_event):
    """The dossier of L-1 waits; Ana of the legal department signs."""
    loan = a_loan()
    waiting = replace(case(Stage.JUDICIAL_RECOVERY, notice_on=date(2026, 1, 10)), case_id="L-1-C1")
    state = replace(a_state(loan), case=replace(waiting, signals=4), cases=1)
    wiring.loans.add_loan(StoredLoan(loan, state), [])
    wiring.borrowers.save_contact_details(a_borrower())
    wiring.institutions.save_actor("umoja", an_actor("Ana Torres", Role.LEGAL, id=ANA))
    signal = Signal("L-1-C1#4", "L-1-C1", "judicial_recovery", "ready", date(2026, 2, 2), 1)
    prepare_dossier("L-1", signal, wiring.now(), wiring)

    def send(name: str, *, signed: str = ANA, **body):
        event = load_event(name)
        event["requestContext"]["identity"]["userArn"] = signed
        if body:
            event["body"] = json.dumps(body)
        answer = handler(event, Context(), wiring)
        return answer["statusCode"], json.loads(answer["body"])

    return send


def test_who_decides_sees_the_dossier_with_everything_it_rests_on(send) -> None:
    code, shown = send("tasks_api.show_judicial")
    assert code == 200
    contents = shown["dossier"]["contents"]
    assert {"facts", "decision", "claim", "limitation", "sue_or_settle"} <= set(contents)
    assert shown["dossier"]["manifest"]["parts"].keys() == contents.keys()
    assert shown["dossier"]["questions"][0]["outcome"] is None


def test_the_dossier_opens_for_who_decides_and_that_is_kept(send, wiring) -> None:
    code, shown = send("tasks_api.show_dossier")
    assert code == 200 and shown["pdf"].endswith(f"{shown['hash']}.pdf")
    assert send("tasks_api.show_judicial")[1]["dossier"]["hash"] == shown["hash"]
    assert [each.act for each in wiring.audit.of_person("B-1")] == ["dossier_read"]
    wiring.institutions.save_actor("umoja", an_actor("Peter", Role.ADVISOR, id=f"{ANA}-2"))
    assert send("tasks_api.show_dossier", signed=f"{ANA}-2")[0] == 403


def test_the_sample_sends_it_back_with_a_question(send) -> None:
    code, decided = send("tasks_api.decide")
    assert (code, decided["outcome"], decided["moves_to"]) == (200, "sent_back", "pre_action")


def test_an_approval_names_what_was_read_and_asks_the_second_person(send) -> None:
    hash = send("tasks_api.show_judicial")[1]["dossier"]["hash"]
    said = {"decision": "approve", "reason": "All was offered."}
    assert send("tasks_api.decide", **said)[0] == 422
    code, decided = send("tasks_api.decide", **said, dossier=hash)
    assert (code, decided["outcome"], decided["moves_to"]) == (200, None, None)


def test_a_service_decides_nothing_and_nobody_by_anothers_name(send) -> None:
    desk = "arn:aws:sts::111122223333:assumed-role/desk/desk"
    assert send("tasks_api.decide", signed=desk)[0] == 422
    code, problem = send("tasks_api.decide", decision="decline", reason="x", by="somebody else")
    assert code >= 400 and problem["errors"][0]["field"] == "by"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"decision": "sue", "reason": "x"}, "decision"),
        ({"decision": "approve", "reason": ""}, "reason"),
        ({"decision": "approve", "reason": "x", "dossier": "short"}, "dossier"),
        ({"decision": "decline", "reason": "x", "until": "soon"}, "until"),
        ({"decision": "decline", "reason": "x", "extra": 1}, "extra"),
    ],
)
def test_what_cannot_be_read_is_named(send, body, field) -> None:
    code, problem = send("tasks_api.decide", **body)
    assert code == 422 and [each["field"] for each in problem["errors"]] == [field]
