import json
from dataclasses import asdict, fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.adapters.dynamodb.codec import policy_from_json, policy_to_json
from recovery.documents.policy import policy_schema, read_policy
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.policy import DEFAULT_POLICY, Policy, policy_problems
from tests.builders import a_policy
from tests.builders import fields as fields_of

HUGE = 10**12  # days, past the last possible date: adding them would crash a review


def rule_of(days: str) -> str:
    return f'{{"contact": {{"messages": [{{"kind": "due_today", {days}}}]}}}}'


def test_the_default_policy_is_valid_and_survives_a_round_trip() -> None:
    assert list(policy_problems(DEFAULT_POLICY)) == []
    document = policy_to_json(DEFAULT_POLICY)
    assert policy_from_json(document) == DEFAULT_POLICY
    assert read_policy(document) == DEFAULT_POLICY
    assert read_policy("{}") == DEFAULT_POLICY


def test_a_document_changes_only_what_it_names() -> None:
    document = '{"version": 2, "monitoring": {"grace_days": 4}}'
    assert read_policy(document) == a_policy(version=2, grace_days=4)


@pytest.mark.parametrize("approvals", [1, 2])
def test_one_or_two_people_approve_a_filing(approvals) -> None:
    policy = read_policy(f'{{"cases": {{"judicial_approvals": {approvals}}}}}')
    assert policy.cases.judicial_approvals == approvals
    assert policy_from_json(policy_to_json(policy)) == policy


def test_a_policy_stored_before_a_field_existed_is_read_with_its_default() -> None:
    stored = json.loads(policy_to_json(a_policy(version=4, probation_days=9)))
    del stored["cases"]["judicial_approvals"]
    assert policy_from_json(json.dumps(stored)) == a_policy(version=4, probation_days=9)


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ('{"grace_dayz": 4}', "grace_dayz"),
        ('{"monitoring": {"grace_days": -1}}', "monitoring.grace_days"),
        ('{"monitoring": {"grace_days": "4"}}', "monitoring.grace_days"),
        ('{"cases": {"stages": {"early_management_from_days": 40}}}', "cases.stages"),
        ('{"accounting": {"allocation": {"order": ["fee"]}}}', "accounting.allocation.order"),
        ('{"accounting": {"allocation": {"by": "random"}}}', "accounting.allocation.by"),
        ('{"monitoring": {"buckets": []}}', "monitoring.buckets"),
        (
            '{"monitoring": {"buckets": [{"name": "a", "min_days": 0, "max_days": 5}]}}',
            "monitoring.buckets.0.max_days",
        ),
        (
            '{"monitoring": {"buckets": [{"name": "a", "min_days": 0, "max_days": 5},'
            ' {"name": "b", "min_days": 9, "max_days": null}]}}',
            "monitoring.buckets.1.min_days",
        ),
        (
            '{"contact": {"messages": [{"kind": "shout", "days_past_due": 1}]}}',
            "contact.messages.0.kind",
        ),
        ('{"contact": {"messages": [{"kind": "due_today"}]}}', "contact.messages.0"),
        ('{"contact": {"from_time": "20:00"}}', "contact.from_time"),
        ('{"contact": {"weekdays": []}}', "contact.weekdays"),
        ('{"contact": {"max_messages_per_week": 0}}', "contact.max_messages_per_week"),
        ('{"cases": {"continue_as_new_days": 400}}', "cases.continue_as_new_days"),
        ('{"cases": {"continue_as_new_signals": 9999}}', "cases.continue_as_new_signals"),
        ('{"cases": {"write_off_from_days": 0}}', "cases.write_off_from_days"),
        ('{"cases": {"judicial_approvals": 0}}', "cases.judicial_approvals"),
        ('{"cases": {"judicial_approvals": 3}}', "cases.judicial_approvals"),
        ('{"cases": {"judicial_approvals": true}}', "cases.judicial_approvals"),
        ('{"cases": {"judicial_approvals": null}}', "cases.judicial_approvals"),
        ('{"cases": {"tasks": {"first_contact_tries": 0}}}', "cases.tasks.first_contact_tries"),
        ('{"cases": {"tasks": {"first_contact_by_days": 0}}}', "cases.tasks.first_contact_by_days"),
        ('{"cases": {"tasks": {"visit_by_days": 2}}}', "cases.tasks.visit_by_days"),
        (
            '{"cases": {"tasks": {"first_contact_tries": 5, "hours_between_tries": 4}}}',
            "cases.tasks.hours_between_tries",
        ),
        (
            '{"cases": {"tasks": {"escalate_unowned_after_days": 0}}}',
            "cases.tasks.escalate_unowned_after_days",
        ),
        ('{"contact": {"from_time": "09:00+05:00"}}', "contact.from_time"),
        ('{"contact": {"from_time": "09:00Z", "until_time": "19:00Z"}}', "contact.until_time"),
        (f'{{"contact": {{"max_messages_per_week": {HUGE}}}}}', "contact.max_messages_per_week"),
        ('{"accounting": {"surplus": "keep"}}', "accounting.surplus"),
        ('{"accounting": {"unmatched": "credit"}}', "accounting.unmatched"),
        ('{"version": 100000}', "version"),
        (f'{{"monitoring": {{"grace_days": {HUGE}}}}}', "monitoring.grace_days"),
        (f'{{"cases": {{"probation_days": {HUGE}}}}}', "cases.probation_days"),
        (f'{{"cases": {{"notice_days": {HUGE}}}}}', "cases.notice_days"),
        (f'{{"cases": {{"judicial_pause_days": {HUGE}}}}}', "cases.judicial_pause_days"),
        (f'{{"cases": {{"stages": {{"judicial_recovery_from_days": {HUGE}}}}}}}', "cases.stages"),
        ('{"monitoring": {"risk": {"last_instalments": -1}}}', "monitoring.risk.last_instalments"),
        ('{"monitoring": {"risk": {"late_from_days": -1}}}', "monitoring.risk.late_from_days"),
        ('{"intake": {"max_changed_pct": 101}}', "intake.max_changed_pct"),
        ('{"intake": {"max_changed_pct": 9.5}}', "intake.max_changed_pct"),
        ('{"intake": {"mass_change_from_people": 0}}', "intake.mass_change_from_people"),
        ('{"intake": {"max_people_per_contact": 0}}', "intake.max_people_per_contact"),
        ('{"intake": {"max_people_per_number": 5}}', "intake.max_people_per_number"),
        (rule_of(f'"days_before_due": {HUGE}'), "contact.messages.0.days_before_due"),
        (rule_of(f'"days_past_due": {HUGE}'), "contact.messages.0.days_past_due"),
        (rule_of('"days_past_due": 1, "min_case_days": -4'), "contact.messages.0.min_case_days"),
        (
            json.dumps(
                {"contact": {"messages": [{"kind": "due_today", "days_past_due": 1}] * 101}}
            ),
            "contact.messages",
        ),
        (
            '{"monitoring": {"buckets": [{"name": "", "min_days": 0, "max_days": null}]}}',
            "monitoring.buckets.0.name",
        ),
        (
            '{"monitoring": {"buckets": [{"name": "a\\n", "min_days": 0, "max_days": null}]}}',
            "monitoring.buckets.0.name",
        ),
        (
            json.dumps(
                {"monitoring": {"buckets": [asdict(DEFAULT_POLICY.monitoring.buckets[0])] * 101}}
            ),
            "monitoring.buckets",
        ),
        ('{"monitoring": {"grace_days": NaN}}', "document"),
        ('{"version": 2, "version": 3}', "document"),
        ('{"version": true}', "version"),
        ("[" * 100_000, "document"),
        ("\ufeff{}", "document"),
        ("not json", "document"),
    ],
)
def test_an_invalid_policy_is_refused_by_field(document, field) -> None:
    with pytest.raises(InvalidDocumentError) as refused:
        read_policy(document)
    assert field in fields_of(refused.value.problems)


def test_the_schema_names_every_field() -> None:
    assert set(json.loads(policy_schema())["properties"]) == set(
        json.loads(policy_to_json(DEFAULT_POLICY))
    )


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
SECTIONS = [f.name for f in fields(Policy)]
NAMES = sorted(
    {name for part in asdict(DEFAULT_POLICY).values() if isinstance(part, dict) for name in part}
)
CHANGES = st.dictionaries(
    st.sampled_from(SECTIONS),
    ANY_JSON
    | st.integers(-5, 5000)
    | st.dictionaries(st.sampled_from(NAMES), ANY_JSON | st.integers(-5, 5000), max_size=3),
    max_size=3,
)


@given((ANY_JSON | CHANGES).map(json.dumps) | st.binary() | st.text())
def test_any_document_is_a_policy_or_refused_by_field(document) -> None:
    try:
        policy = read_policy(document)
    except InvalidDocumentError as refused:
        assert fields_of(refused.problems)
    else:
        stored = policy_to_json(policy)
        assert policy_from_json(stored) == policy
        assert len(stored) < 100_000
