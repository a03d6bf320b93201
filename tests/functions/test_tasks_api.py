"""The API of tasks, driven by its events: whoever signs acts, with their own roles."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.tasks_api import handler
from recovery.domain.cases.record import Step
from recovery.domain.shared.actor import Role
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.cases.route_tasks import open_tasks
from recovery.use_cases.monitoring.review_loans import review_changed
from recovery.use_cases.route_changes import route_loan
from tests.builders import a_loan, a_state, a_task, an_actor
from tests.conftest import Context

CALL = "L-1.call.2026-02-01"
PETER = "arn:aws:iam::111122223333:user/peter"
LIST, SHOW = "tasks_api.list_tasks", "tasks_api.show_task"
TAKE, TRY, FINISH = "tasks_api.take_task", "tasks_api.try_task", "tasks_api.finish_task"
CASES = "tasks_api.list_cases"
PROCEDURE = "tasks_api.ask_procedure"
DESK = "arn:aws:sts::111122223333:assumed-role/desk/desk"


@pytest.fixture
def send(wiring, load_event):
    """L-1 is a day late; its officer Peter, who signs, is to call. Ana is an advisor too."""
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.borrowers.loans["B-1"] = ["L-1"]
    peter = an_actor("Peter Otieno", Role.ADVISOR, id=PETER)
    for each in (peter, an_actor("Ana Torres", Role.ADVISOR)):
        wiring.institutions.save_actor("umoja", each)
    review_changed("umoja", ["L-1"], wiring.now(), wiring)
    route_loan("umoja", "L-1", wiring)

    def send(name: str, *, signed: str = PETER, body=None, query=None, task: str = CALL):
        event = load_event(name)
        event["requestContext"]["identity"]["userArn"] = signed
        event["path"] = event["path"].replace(CALL, task)
        if body is not None:
            event["body"] = body if isinstance(body, str) else json.dumps(body)
        if query is not None:
            event["queryStringParameters"] = query
            event["multiValueQueryStringParameters"] = {k: [v] for k, v in query.items()}
        answer = handler(event, Context(), wiring)
        return answer["statusCode"], json.loads(answer["body"])

    return send


def wrong(answer) -> tuple[int, list[str]]:
    code, body = answer
    return code, [each["field"] for each in body["errors"]]


def test_a_call_is_listed_shown_taken_tried_and_finished_with_a_promise(send, wiring) -> None:
    code, listed = send(LIST)
    assert (code, [each["task_id"] for each in listed["tasks"]]) == (200, [CALL])
    assert send(SHOW)[1]["do_not_say"]
    for _ in range(2):
        code, taken = send(TAKE)
        assert (code, taken["taken_by"]) == (200, "Peter Otieno")
    assert send(TRY)[1]["tries"] == 1
    for _ in range(2):
        code, done = send(FINISH)
        assert (code, done["outcome"]) == (200, "promise")
    [promise] = wiring.loans.recorded("L-1").facts
    assert (promise.kind, promise.recorded_by) == ("promise", PETER)
    assert wrong(send(FINISH, body={"outcome": "reached"})) == (422, ["task_id"])
    assert send(LIST) == (200, {"tasks": [], "next": None})


def test_a_person_sees_their_own_tasks_and_a_service_all(send, wiring) -> None:
    other = a_task("T-2", officer="Ana Torres", opened_on=wiring.now().date())
    open_tasks([other], wiring)

    def ids(**asked) -> list[str]:
        return [each["task_id"] for each in send(LIST, **asked)[1]["tasks"]]

    assert ids(query={}) == [CALL]
    assert ids(query={"for": "advisor"}) == ids(signed=DESK, query={}) == [CALL, "T-2"]
    assert ids(query={"for": "legal"}) == ids(query={"late": "true"}) == []


@pytest.mark.parametrize(("query", "field"), [({"for": "boss"}, "for"), ({"late": "1"}, "late")])
def test_a_question_that_cannot_be_answered_is_refused_by_field(send, query, field) -> None:
    assert wrong(send(LIST, query=query)) == (422, [field])


def test_a_service_does_no_task_but_passes_on_which_person_did(send, wiring) -> None:
    assert wrong(send(TAKE, signed=DESK)) == (422, ["by"])
    code, taken = send(TAKE, signed=DESK, body={"by": PETER})
    assert (code, taken["taken_by"]) == (200, "Peter Otieno")
    assert wiring.tasks.find(CALL).taken_by.id == PETER
    assert wrong(send(TRY, signed=DESK, body={"by": "somebody"})) == (422, ["by"])


def test_nobody_acts_in_another_persons_name(send, wiring) -> None:
    ana = an_actor("Ana Torres").id
    assert wrong(send(TAKE, body={"by": ana})) == (422, ["by"])
    assert send(TAKE, body={"by": PETER})[0] == 200
    assert wrong(send(FINISH, signed=ana)) == (422, ["task_id"])


@pytest.mark.parametrize("task", ["L-9.call", "a b", "L-1%2Fcall"])
@pytest.mark.parametrize("name", [SHOW, TAKE, TRY, FINISH])
def test_a_task_that_is_not_on_record_is_not_found(send, name, task) -> None:
    assert wrong(send(name, task=task)) == (404, ["task_id"])


def test_an_id_with_a_number_sign_comes_encoded(send, wiring) -> None:
    open_tasks([a_task("T#2")], wiring)
    assert send(SHOW, task="T%232")[1]["task_id"] == "T#2"


@pytest.mark.parametrize(
    ("name", "body", "code", "field"),
    [
        (FINISH, "not json", 400, "body"),
        (FINISH, {}, 422, "outcome"),
        (FINISH, {"outcome": "shouted"}, 422, "outcome"),
        (
            FINISH,
            {"outcome": "promise", "amount": "5.123", "on": "2026-02-05"},
            422,
            "amount",
        ),
        (FINISH, {"outcome": "promise", "amount": "5", "on": "soon"}, 422, "on"),
        (FINISH, {"outcome": "promise", "amount": "5"}, 422, "on"),
        (FINISH, {"outcome": "reached", "note": "she is ill"}, 422, "note"),
        (FINISH, {"outcome": "dispute"}, 422, "cause"),
        (TRY, {"at": "2026-02-02T09:00"}, 422, "at"),
        (TRY, {"at": "2026-02-02T23:00:00+03:00"}, 422, "at"),
        (TAKE, {"who": "me"}, 422, "who"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(send, name, body, code, field) -> None:
    if name != TAKE:
        assert send(TAKE)[0] == 200
    assert wrong(send(name, body=body)) == (code, [field])


def test_an_amount_for_a_task_about_no_loan_is_left_out(send, wiring) -> None:
    open_tasks([a_task("T-2", loan_id=None, opened_on=wiring.now().date())], wiring)
    assert send(TAKE, task="T-2")[0] == 200
    body = {"outcome": "cannot_now", "amount": "5.00"}
    assert wrong(send(FINISH, task="T-2", body=body)) == (422, ["amount"])
    code, done = send(FINISH, task="T-2", body={"outcome": "cannot_now"})
    assert (code, done["outcome"]) == (200, "cannot_now")


def test_tries_at_moments_of_the_day_are_told_apart(send, wiring) -> None:
    send(TAKE)
    morning = wiring.now().isoformat()
    for _ in range(2):
        assert send(TRY, body={"at": morning})[1]["tries"] == 1
    wiring.clock.at += timedelta(hours=5)
    assert send(TRY, body={})[1]["tries"] == 2
    assert send(FINISH, body={"outcome": "no_answer"})[1]["outcome"] == "no_answer"


def test_cases_are_listed_by_stage_and_by_what_waits_or_is_held(send, wiring) -> None:
    step = Step("early_management", wiring.now().date(), "late")
    opened = wiring.cases.load("L-1", "L-1-C1")
    wiring.cases.save(replace(opened, stage=step.stage, path=(step,)))
    code, page = send(CASES)
    assert (code, [each["case_id"] for each in page["cases"]]) == (200, ["L-1-C1"])
    assert page["next"] is None
    assert send(CASES, query={"at_risk": "true"}) == (200, {"cases": [], "next": None})
    _, listed = send(CASES, query={"waiting": "true", "for": "advisor"})
    assert [each["id"] for each in listed["waiting"]] == [CALL]
    assert send(CASES, query={"restrained": "true"}) == (200, {"restrained": [], "next": None})
    assert wrong(send(CASES, query={"stage": "court"})) == (422, ["stage"])


def test_which_procedure_a_claim_may_take_is_answered_to_the_cent(send) -> None:
    code, answer = send(PROCEDURE)
    assert code == 200
    assert (answer["id"], answer["procedure"], answer["status"]) == (
        "L-1",
        "ES_JUICIO_ORDINARIO",
        "READY",
    )
    assert all(each["rule"] and each["source"] for each in answer["reasons"])


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ("not json", 400, "body"),
        ({"jurisdiction": "ES", "as_of": "2026-05-15"}, 422, "facts"),
        ({"jurisdiction": "XX", "as_of": "2026-05-15", "facts": {}}, 422, "jurisdiction"),
        (
            {"jurisdiction": "ES", "as_of": "2026-05-15", "facts": {"principal": "-1"}},
            422,
            "facts.principal",
        ),
    ],
)
def test_a_claim_that_cannot_be_read_is_refused_by_field(send, body, code, field) -> None:
    assert wrong(send(PROCEDURE, body=body)) == (code, [field])
