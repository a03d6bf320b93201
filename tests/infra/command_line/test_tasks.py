"""An advisor's morning: what to do, why, what to say, and what came of it."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from infra.command_line import app, cases, tasks
from infra.command_line.options import console
from infra.deployment.target import Target, TargetError
from recovery.documents.people.fact_request import person_fact_request
from recovery.domain.cases.record import Step
from recovery.domain.cases.tasks import TaskKind
from recovery.domain.contact.instructions import Instructions
from recovery.domain.shared.actor import Role
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.cases.route_tasks import open_tasks
from recovery.use_cases.monitoring.review_loans import review_changed
from recovery.use_cases.people.record_person_fact import record_person_fact
from recovery.use_cases.route_changes import route_loan
from tests.builders import a_loan, a_state, a_task, an_actor

CALL = "L-1.call.2026-02-01"
ARN = "arn:aws:iam::111122223333:user/Ana Torres"


@pytest.fixture
def target(wiring, monkeypatch) -> SimpleNamespace:
    """The embedded AWS, with L-1 a day late and its call on the list."""
    made = SimpleNamespace(wiring=wiring, of=wiring.of, embedded=object())
    made.institution = partial(Target.institution, made)
    for module in (cases, tasks):
        monkeypatch.setattr(module, "find_target", lambda *, real: made)
    monkeypatch.setattr(console, "_width", 220)
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.borrowers.loans["B-1"] = ["L-1"]
    review_changed("umoja", ["L-1"], wiring.now(), wiring)
    route_loan("umoja", "L-1", wiring)
    return made


@pytest.fixture
def on_aws(target, wiring) -> SimpleNamespace:
    """A real account, whose credentials are Ana's; she is not on record yet."""
    sts = SimpleNamespace(get_caller_identity=lambda: {"Arn": ARN})
    target.embedded, target.client = None, lambda name: sts
    return target


@pytest.fixture
def recovery(target):
    def run(*arguments: str, by: str = "") -> Result:
        return CliRunner().invoke(app, ["tasks", *arguments, *(("--by", by) if by else ())])

    return run


def listed(recovery, *arguments: str, by: str = "") -> list[str]:
    rows = json.loads(recovery("list", "--json", *arguments, by=by).output)
    return [each["task_id"] for each in rows]


def refusal(result: Result) -> str:
    assert result.exit_code == 1
    assert isinstance(result.exception, TargetError), result.output
    return str(result.exception)


def test_the_list_tells_what_to_do_by_when_since_when_for_whom_and_why(recovery) -> None:
    shown = recovery("list").output
    assert "1 task for everybody on 2026-02-02, 0 of them late" in shown
    for words in (
        CALL,
        "call",
        "2026-02-04",
        "2026-02-02",
        "advisor, Peter Otieno first",
        "L-1",
        "115.00 EUR overdue, 1 day",
        "overdue since 2026-02-01: first contact",
    ):
        assert words in shown, words


def test_a_role_or_a_name_sees_its_own_and_late_ones_stand_out(recovery, wiring) -> None:
    on = wiring.now().date()
    hard = a_task("hard", kind=TaskKind.HARDSHIP, role=Role.TRAINED, opened_on=on, do_by=on)
    open_tasks([hard], wiring)
    assert listed(recovery) == ["hard", CALL]
    assert listed(recovery, "--for", "trained") == ["hard"]
    assert listed(recovery, by="Peter Otieno") == ["hard", CALL]
    assert listed(recovery, "--late") == []
    wiring.clock.at = wiring.clock.at.replace(day=3)
    assert listed(recovery, "--late") == ["hard"]
    assert "by 2026-02-02 (late)" in recovery("list", "--for", "trained").output


def test_nothing_to_do_is_said_in_one_line(recovery) -> None:
    shown = recovery("list", "--for", "legal").output
    assert shown.strip() == "0 tasks for legal on 2026-02-02, 0 of them late"


def test_a_task_is_shown_with_what_to_say_and_what_not(recovery, wiring) -> None:
    shown = recovery("show", CALL).output
    for words in (
        f"{CALL}: call, about L-1",
        "Why: overdue since 2026-02-01: first contact",
        "Overdue: 115.00 EUR, for 1 day.",
        "Do not say",
        "No threats: no court",
        "--outcome: cannot_now, complaint,",
    ):
        assert words in shown, words
    assert "Respect" not in shown
    assert json.loads(recovery("show", CALL, "--json").output)["task_id"] == CALL
    person = wiring.borrowers.load("B-1")
    asked = Instructions(text="Ask for [her].")
    wiring.borrowers.save_contact_details(replace(person, instructions=asked))
    respected = recovery("show", CALL).output
    assert "Respect\n  - Their instruction: Ask for [her]." in respected


def test_a_claim_of_fraud_is_shown_with_those_of_the_same_officer(recovery, wiring) -> None:
    claims = {"kind": TaskKind.FRAUD, "role": Role.SUPERVISOR, "not_by": ("Peter Otieno",)}
    open_tasks([a_task("mine", **claims), a_task("other", loan_id="L-9", **claims)], wiring)
    words = "Linked: other, about L-9, a loan of the same officer."
    assert words in recovery("show", "mine").output
    assert "Linked" not in recovery("show", CALL).output


def test_a_call_is_taken_tried_and_finished_with_a_promise(recovery, wiring) -> None:
    taken = recovery("take", CALL, by="Peter Otieno").output
    assert "Peter Otieno (name typed by hand) has it" in taken
    tried = recovery("try", CALL, by="Peter Otieno").output
    assert "Tried 1 of 2 times: Mon 10:00." in tried
    shown = recovery("show", CALL).output
    assert "2026-02-02 10:00  tried by Peter Otieno" in shown
    done = recovery(
        *("finish", CALL, "--outcome", "promise", "--amount", "50", "--on", "2026-02-05"),
        by="Peter Otieno",
    )
    assert done.output.startswith(f"{CALL}: promise, on record.")
    [promise] = wiring.loans.recorded("L-1").facts
    assert promise.fact.amount_minor == 5_000
    assert listed(recovery) == []


def test_a_try_may_be_told_with_its_moment(recovery, wiring) -> None:
    recovery("take", CALL, by="Peter Otieno")
    told = recovery("try", CALL, "--at", "2026-02-02T08:30+0300", by="Peter Otieno").output
    assert "Mon 08:30" in told
    late = recovery("try", CALL, "--at", "2026-02-02T23:30+0300", by="Peter Otieno")
    assert "is in the future" in refusal(late)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("take", "no-such-task"), "there is no task no-such-task"),
        (("show", "no-such-task"), "there is no task no-such-task"),
        (("try", CALL), "is not taken yet"),
        (("finish", CALL, "--outcome", "reached"), "is not taken yet"),
        (("finish", CALL, "--outcome", "promise", "--amount", "x"), "not a decimal number"),
        (("finish", "L-9.call", "--outcome", "reached"), "there is no task"),
    ],
)
def test_what_is_not_possible_is_said_in_words(recovery, arguments, words) -> None:
    by = "" if arguments[0] == "show" else "Peter Otieno"
    assert words in refusal(recovery(*arguments, by=by))


def test_an_amount_needs_a_loan(recovery, wiring) -> None:
    on = wiring.now().date()
    data = a_task("data", kind=TaskKind.DATA_REQUEST, loan_id=None, opened_on=on, do_by=on)
    open_tasks([data], wiring)
    done = recovery("finish", "data", "--outcome", "done", "--amount", "5", by="Ana")
    assert "Leave out --amount" in refusal(done)


def test_on_aws_the_credentials_say_who_asks_and_strangers_see_everything(
    recovery, on_aws, wiring
) -> None:
    wiring.institutions.save_actor("umoja", an_actor("Peter Otieno", Role.ADVISOR))
    assert listed(recovery) == [CALL]
    assert "not among the people" in refusal(recovery("take", CALL))
    assert "Leave out --by" in refusal(recovery("list", by="Peter Otieno"))
    wiring.institutions.save_actor("umoja", an_actor("Ana Torres", Role.ADVISOR))
    assert listed(recovery) == []
    assert listed(recovery, "--for", "advisor") == [CALL]
    assert "is for Peter Otieno" in refusal(recovery("take", CALL))


def listing(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["cases", *arguments])


def test_an_operator_sees_what_waits_for_whom_since_when(target) -> None:
    shown = listing("--waiting").output
    for words in ("1 waiting for anybody", CALL, "2026-02-02", "2026-02-04", "advisor", "L-1"):
        assert words in shown, words
    assert json.loads(listing("--waiting", "--for", "legal", "--json").output) == []
    assert listing("--waiting", "--for", "legal").output.strip() == "0 waiting for legal"


def test_an_operator_sees_what_is_in_a_stage_and_why(target, wiring) -> None:
    on = wiring.now().date()
    for number in (1, 2):
        step = Step("on_hold", on, f"escalation is held until 2026-05-0{number}")
        opened = wiring.cases.load(f"L-{number}", f"L-{number}-C1")
        wiring.cases.save(replace(opened, stage="on_hold", path=(step,)))
    shown = listing("--stage", "on_hold").output
    for words in ("2 cases in on hold", "2026-02-02", "L-1-C1", "115.00 EUR", "2026-05-01"):
        assert words in shown, words
    assert "1 case in on hold, and more: use --limit" in (
        listing("--stage", "on_hold", "--limit", "1").output
    )
    [first, _] = json.loads(listing("--stage", "on_hold", "--json").output)
    assert (first["loan_id"], first["since"]) == ("L-1", "2026-02-02")
    assert listing("--at-risk").output.strip() == "0 cases at risk"


def test_an_operator_sees_who_is_held_back_and_where_their_cases_are(target, wiring) -> None:
    body = json.dumps(
        {"fact_id": "H-1", "kind": "hardship", "causes": ["income_fell"], "reason": "told"}
    )
    request = person_fact_request(body, "B-1", wiring.now().date())
    record_person_fact("umoja", request, an_actor(), wiring.now(), wiring)
    shown = listing("--restrained").output
    for words in ("1 held back", "B-1", "hardship", "L-1: early management since 2026-02-02"):
        assert words in shown, words


def test_one_list_of_cases_is_asked_for(target) -> None:
    for arguments in ((), ("--waiting", "--at-risk"), ("--restrained", "--stage", "filing")):
        assert "Say which cases" in refusal(listing(*arguments))
    assert "only for --waiting" in refusal(listing("--at-risk", "--for", "legal"))
