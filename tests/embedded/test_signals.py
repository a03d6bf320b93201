"""Signals and events that are repeated, concurrent, or arrive when nothing awaits them."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

from infra.deployment.operate import wait_for
from tests.embedded.inside import (
    all_of,
    invoke,
    routed,
    sent_emails,
    stream_records,
    wait_until_empty,
)
from tests.embedded.lender import DAY, MONDAY, SOON, Lender, signal_into

STAGE_OF_STATE = {
    "Prevention": "prevention",
    "EarlyManagement": "early_management",
    "IntermediateRecovery": "intermediate_recovery",
    "PreAction": "pre_action",
    "AwaitApproval": "judicial_recovery",
    "FileClaim": "filing",
    "PaidOff": "paid_off",
    "Settled": "settled",
}


def stages_in_history(lender: Lender, loan_id: str) -> list[str]:
    """Return the path according to the execution history."""
    return [STAGE_OF_STATE[s] for s in lender.states(loan_id) if s in STAGE_OF_STATE]


def signals_in_history(lender: Lender, loan_id: str) -> list[int]:
    """Return the numbers of the signals the execution received, in order."""
    entered = [e.get("stateEnteredEventDetails") for e in lender.history(loan_id)]
    taken = [json.loads(e["input"]) for e in entered if e and e["name"] == "TakeSignal"]
    return [int(each["signal"]["id"].rsplit("#", 1)[1]) for each in taken]


def test_the_execution_history_shows_every_step_with_its_reason(lender: Lender):
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY)
    lender.review_daily(MONDAY + DAY, MONDAY + 6 * DAY)
    lender.check(loan_id, MONDAY + 6 * DAY)
    lender.decide(loan_id, "approve", "Every option was offered", by="Ana Torres")
    history = lender.history(loan_id)
    assert lender.states(loan_id) == [
        "OpenCase",
        "EarlyManagement",
        "IntermediateRecovery",
        "PreAction",
        "PrepareDossier",
        "AwaitApproval",
        "FileClaim",
    ]
    early, judicial = (
        signal_into(history, "EarlyManagement"),
        signal_into(history, "PreAction"),
    )
    assert (early["as_of"], early["policy_version"]) == ("2025-03-04", 7)
    assert "past due" in early["reason"] or "overdue" in early["reason"]
    assert "went unanswered" in judicial["reason"] and judicial["as_of"] == "2025-03-09"
    decided = signal_into(history, "FileClaim")["reason"]
    (decision,) = lender.wiring.cases.decisions_of(loan_id)
    assert decided == f"approved by a person, decision {decision.decision_id}"
    assert decision.decided_by.name == "Ana Torres"
    assert decision.decided_because == "Every option was offered"
    assert "Ana Torres" not in json.dumps(history, default=str)
    dossier = next(
        json.loads(e["stateEnteredEventDetails"]["input"])["dossier"]
        for e in history
        if e.get("stateEnteredEventDetails", {}).get("name") == "AwaitApproval"
    )
    assert (dossier["overdue"], dossier["claim"]) == ("100.00", "100.00")
    assert dossier["happened"]["court.checked"] == 1
    assert dossier["path"][0].startswith("2025-03-04 early management")


def test_signals_in_quick_succession_are_neither_lost_nor_duplicated(lender: Lender):
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY)
    lender.review(MONDAY + DAY)

    def signals() -> int:
        case = lender.wiring.loans.load(loan_id).state.case
        return case.signals if case else 0

    for turn in range(6):  # paid, reversed, paid ...: faster than the execution moves
        before, payment = signals(), f"{loan_id}-T{turn // 2}"
        if turn % 2:
            path = f"/payments/{payment}/reversal"
            assert (
                lender.target.call_api("POST", path, {"reason": "returned"}, of=lender.id)[0] == 200
            )
        else:
            assert lender.post(loan_id, "100.00", MONDAY + DAY, payment)[0] == 201
        wait_for(lambda b=before: signals() > b or None, SOON, "there is no signal", pause=0.02)
    records = routed(stream_records(lender.target, loan_id))
    assert records
    with ThreadPoolExecutor(4) as threads:  # concurrent duplicates, out of order
        list(
            threads.map(
                lambda each: invoke(lender.target, "RouteChanges", {"Records": [each]}),
                reversed(records),
            )
        )
    lender.wait_until_idle()
    case = lender.case(loan_id)
    assert case.pending == () and case.last_received == signals() == 7
    assert [step.stage for step in case.path] == stages_in_history(lender, loan_id)
    taken = signals_in_history(lender, loan_id)
    assert taken == sorted(set(taken)) and taken[-1] == 7
    assert case.stage == "early_management"


def test_two_decisions_at_once_are_both_applied_in_order(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    lender.review_daily(MONDAY + DAY, MONDAY + 6 * DAY)
    lender.check(loan_id, MONDAY + 6 * DAY)
    lender.decide_now(loan_id, "approve", "Every option was offered")
    lender.decide_now(loan_id, "settle", "They came and paid a lower amount")
    lender.wait_until_idle()
    assert lender.path(loan_id)[-2:] == ["filing", "settled"]
    assert stages_in_history(lender, loan_id) == lender.path(loan_id)
    assert lender.ended(lender.case(loan_id).case_id) == "SUCCEEDED"


def test_repeated_stream_records_change_nothing(lender: Lender):
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY)
    lender.review(MONDAY + DAY)
    lender.pay(loan_id, "50.00", MONDAY + DAY)
    records = routed(stream_records(lender.target, loan_id))
    assert records
    address = lender.address_of(loan_id)
    before = all_of(lender.target, loan_id), len(sent_emails(lender.target, address))
    answer = invoke(lender.target, "RouteChanges", {"Records": records + records})
    assert answer == {"batchItemFailures": []}
    wait_until_empty(lender.target, lender.target.outputs["MessageQueueUrl"])
    after = all_of(lender.target, loan_id), len(sent_emails(lender.target, address))
    assert after == before
    case = lender.case(loan_id)
    assert len(lender.executions(case.case_id)) == 1


def test_a_repeated_queue_message_is_not_sent_again(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    lender.review(MONDAY + DAY)
    body = {
        "institution_id": lender.id,
        "borrower_id": f"B-{loan_id}",
        "as_of": (MONDAY + DAY).isoformat(),
    }
    before = all_of(lender.target, loan_id)
    record = {"messageId": "1", "receiptHandle": "1", "body": json.dumps(body)}
    answer = invoke(lender.target, "SendMessages", {"Records": [record, record]})
    assert answer == {"batchItemFailures": []}
    assert all_of(lender.target, loan_id) == before
    assert len(sent_emails(lender.target, lender.address_of(loan_id))) == 1


def test_payment_order_does_not_change_the_standing(lender: Lender):
    dues = [MONDAY, MONDAY + 2 * DAY, MONDAY + 30 * DAY]
    in_order, out_of_order = lender.lend(*dues, loans=2)
    lender.review(MONDAY + 5 * DAY)
    paid = [("60.00", MONDAY + 3 * DAY), ("90.00", MONDAY + 5 * DAY)]
    for loan_id, payments in ((in_order, paid), (out_of_order, paid[::-1])):
        for amount, on in payments:
            assert lender.pay(loan_id, amount, on)[0] == 201
    assert same(lender.standing(in_order)) == same(lender.standing(out_of_order))
    positions = [lender.wiring.loans.load(each).state.position for each in (in_order, out_of_order)]
    assert positions[0] == positions[1]


def test_a_reversal_restores_the_standing(lender: Lender):
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY)
    lender.review(MONDAY + DAY)
    before = same(lender.standing(loan_id))
    _, receipt = lender.pay(loan_id, "100.00", MONDAY + DAY)
    assert lender.standing(loan_id)["days_past_due"] == 0
    path = f"/payments/{receipt['payment_id']}/reversal"
    answers = [
        lender.target.call_api("POST", path, {"reason": "returned"}, of=lender.id) for _ in range(2)
    ]
    lender.wait_until_idle()
    assert answers[0] == answers[1] and answers[0][0] == 200
    assert same(lender.standing(loan_id)) == before
    assert lender.path(loan_id) == ["early_management", "prevention", "early_management"]


def same(standing: dict) -> dict:
    """Return a standing without what identifies the loan and its case."""
    return {k: v for k, v in standing.items() if k not in ("loan_id", "case", "next_review_on")}
