"""What the version before stored is read as today's."""

import json
from dataclasses import replace
from datetime import date

import pytest

from recovery.adapters.dynamodb import keys
from recovery.adapters.dynamodb.borrower_repository import DynamoDbBorrowerRepository
from recovery.adapters.dynamodb.codec import (
    policy_from_json,
    policy_to_json,
    state_from_fields,
    state_to_fields,
)
from recovery.adapters.dynamodb.items import ContactChangeItem, ContactItem
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.cases.stage import CaseState, Stage
from tests.builders import a_borrower, a_policy, a_state

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


def test_a_state_without_a_format_is_read() -> None:
    """As stored by 0.1.0: an attribute per value, amounts and dates as they are today."""
    case = '["L-1-C1","2026-02-02","early_management","2026-02-02",null,null,null,1,1,null,1]'
    fields = {
        "version": 7,
        "position": "[2,0,20260131,[[100,0,0,0,20260131]]]",
        "case": case,
        "cases": 1,
        "asked": '{"due_today-0":"2026-02-01"}',
        "retry_on": '{"first_days_late+1":"2026-02-04"}',
        "next_review_on": "2026-02-04",
        "outbox": "{}",
    }
    state = state_from_fields(fields)
    assert (state.version, state.cases, state.closed, state.wish) == (7, 1, None, None)
    assert state.position.paid[0].principal == 100
    assert state.case == CaseState(
        "L-1-C1", date(2026, 2, 2), Stage.EARLY_MANAGEMENT, date(2026, 2, 2), signals=1,
        execution_signals=1,
    )  # fmt: skip
    assert state.asked == {"due_today-0": date(2026, 2, 1)}
    assert state.retry_on == {"first_days_late+1": date(2026, 2, 4)}
    assert state.next_review_on == date(2026, 2, 4)
    assert state_from_fields(state_to_fields(state)) == state


def test_a_state_of_a_later_format_is_refused() -> None:
    fields = state_to_fields(a_state()) | {"format": 5}
    with pytest.raises(ValueError, match="a later version"):
        state_from_fields(fields)


@pytest.mark.parametrize(
    ("address_safe", "privacy"), [(True, "private"), (False, "unsafe"), (None, None)]
)
def test_one_answer_for_all_addresses_is_read_as_one_for_each(table, address_safe, privacy) -> None:
    people = DynamoDbBorrowerRepository("umoja")
    people.save_contact_details(a_borrower())
    pk = keys.partition(keys.CONTACT, "umoja", "B-1")
    contact = ContactItem.get(pk, keys.CONTACT)
    contact.address_safe = address_safe
    contact.save()
    former = json.dumps({"address_safe": address_safe})
    ContactChangeItem(
        pk, keys.change_key(date(2026, 3, 9), 2), delivery_id="D-2", former=former
    ).save()
    stored = people.load("B-1")
    assert (stored.email_privacy, stored.phone_privacy) == (privacy, privacy)
    (change,) = people.contact_changes("B-1")
    assert change.former == {"email_privacy": privacy, "phone_privacy": privacy}
    people.save_contact_details(replace(stored, name="Grace"))
    again = ContactItem.get(pk, keys.CONTACT)
    assert (again.address_safe, again.email_privacy) == (None, privacy)
