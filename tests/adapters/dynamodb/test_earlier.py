"""What the version before stored is read as today's."""

import json
from datetime import date

from recovery.adapters.dynamodb.codec import (
    outbox_from_json,
    policy_from_json,
    policy_to_json,
    queued_message_from_json,
)
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.contact.plan import MessageRequest
from tests.builders import a_policy

FLAT = {
    "version": 3,
    "effective_from": "2026-01-01",
    "allocation": {
        "by": "component",
        "order": ["penalty", "fee", "interest", "principal"],
        "advance": "last_instalment",
    },
    "grace_days": 4,
    "tolerance": {"amount_minor": 5, "percent_of_instalment": "0", "percent_of_principal": "0"},
    "buckets": [{"name": "any", "min_days": 0, "max_days": None}],
    "stages": {
        "early_management_from_days": 2,
        "intermediate_recovery_from_days": 31,
        "judicial_recovery_from_days": 91,
    },
    "risk": {"last_instalments": 3, "late_from_days": 3},
    "messages": [
        {"kind": "due_today", "days_before_due": 0, "days_past_due": None, "min_case_days": 0}
    ],
    "contact": {
        "from_time": "10:00:00",
        "until_time": "19:00:00",
        "weekdays": ["mon"],
        "max_messages_per_week": 1,
    },
    "probation_days": 20,
    "notice_days": 15,
    "judicial_pause_days": 60,
    "write_off_from_days": 400,
    "hand_over_days": 200,
    "hand_over_signals": 300,
}


def test_a_flat_policy_is_read_into_its_sections() -> None:
    policy = policy_from_json(json.dumps(FLAT))
    assert (policy.version, policy.effective_from) == (3, date(2026, 1, 1))
    expected = AllocationPolicy(by="component", prepayment="last_instalment")
    assert policy.accounting.allocation == expected
    assert (policy.monitoring.grace_days, policy.monitoring.buckets[0].name) == (4, "any")
    assert (policy.monitoring.tolerance.amount_minor, policy.monitoring.risk.last_instalments) == (
        5,
        3,
    )
    cases = policy.cases
    assert (cases.continue_as_new_days, cases.continue_as_new_signals) == (200, 300)
    assert (cases.probation_days, cases.notice_days, cases.write_off_from_days) == (20, 15, 400)
    assert policy.contact.weekdays == ("mon",)
    assert [rule.kind for rule in policy.contact.messages] == ["due_today"]
    assert policy_from_json(policy_to_json(policy)) == policy


def test_a_policy_in_sections_is_read_as_it_is() -> None:
    policy = a_policy(version=2, grace_days=3)
    assert policy_from_json(policy_to_json(policy)) == policy


def test_messages_are_read_by_their_former_names() -> None:
    request = {"mark": "due_today-0", "kind": "due_today", "subject": "2026-02-01"}
    outbox = {
        "outbox_id": "o", "as_of": "2026-02-01", "policy_version": 1, "messages": [request],
    }  # fmt: skip
    read = outbox_from_json(json.dumps(outbox))
    assert read.messages == (MessageRequest("due_today-0", "due_today", date(2026, 2, 1)),)
    queued = {"message_id": "m", "loan_id": "L-1", "as_of": "2026-02-01", "policy_version": 1}
    message = queued_message_from_json(json.dumps(queued | request))
    assert (message.rule_key, message.due_date) == ("due_today-0", date(2026, 2, 1))
