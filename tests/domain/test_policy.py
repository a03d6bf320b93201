import json
from dataclasses import asdict, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.policy import PolicyError, policy_schema, read_policy
from recovery.domain.policy import (
    DEFAULT_POLICY,
    Policy,
    policy_from_document,
    policy_problems,
    policy_to_document,
)

HUGE = 10**12  # days: a date so far away does not exist, and looking for it would stop a review


def rule_of(days: str) -> str:
    return f'{{"messages": [{{"kind": "due_today", {days}}}]}}'


def test_the_default_policy_is_sound_and_survives_the_round_trip() -> None:
    assert list(policy_problems(DEFAULT_POLICY)) == []
    document = policy_to_document(DEFAULT_POLICY)
    assert policy_from_document(json.loads(json.dumps(document))) == DEFAULT_POLICY
    assert read_policy(json.dumps(document)) == DEFAULT_POLICY
    assert read_policy("{}") == DEFAULT_POLICY


def test_a_document_changes_what_it_names_and_nothing_else() -> None:
    assert read_policy('{"version": 2, "grace_days": 4}') == replace(
        DEFAULT_POLICY, version=2, grace_days=4
    )


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ('{"grace_dayz": 4}', "grace_dayz"),
        ('{"grace_days": -1}', "grace_days"),
        ('{"grace_days": "4"}', "grace_days"),
        ('{"stages": {"early_management_from_days": 40}}', "stages"),
        ('{"allocation": {"order": ["fee"]}}', "allocation.order"),
        ('{"allocation": {"by": "random"}}', "allocation.by"),
        ('{"buckets": []}', "buckets"),
        ('{"buckets": [{"name": "a", "min_days": 0, "max_days": 5}]}', "buckets.0.max_days"),
        (
            '{"buckets": [{"name": "a", "min_days": 0, "max_days": 5},'
            ' {"name": "b", "min_days": 9, "max_days": null}]}',
            "buckets.1.min_days",
        ),
        ('{"messages": [{"kind": "shout", "days_past_due": 1}]}', "messages.0.kind"),
        ('{"messages": [{"kind": "due_today"}]}', "messages.0"),
        ('{"contact": {"from_time": "20:00"}}', "contact"),
        ('{"contact": {"weekdays": []}}', "contact.weekdays"),
        ('{"contact": {"max_messages_per_week": 0}}', "contact.max_messages_per_week"),
        ('{"continue_as_new_days": 400}', "continue_as_new_days"),
        ('{"continue_as_new_signals": 9999}', "continue_as_new_signals"),
        ('{"write_off_from_days": 0}', "write_off_from_days"),
        ('{"contact": {"from_time": "09:00+05:00"}}', "contact.from_time"),
        ('{"contact": {"from_time": "09:00Z", "until_time": "19:00Z"}}', "contact.until_time"),
        (f'{{"contact": {{"max_messages_per_week": {HUGE}}}}}', "contact.max_messages_per_week"),
        ('{"version": 100000}', "version"),
        (f'{{"grace_days": {HUGE}}}', "grace_days"),
        (f'{{"probation_days": {HUGE}}}', "probation_days"),
        (f'{{"notice_days": {HUGE}}}', "notice_days"),
        (f'{{"judicial_pause_days": {HUGE}}}', "judicial_pause_days"),
        (f'{{"stages": {{"judicial_recovery_from_days": {HUGE}}}}}', "stages"),
        ('{"risk": {"last_instalments": -1}}', "risk.last_instalments"),
        ('{"risk": {"late_from_days": -1}}', "risk.late_from_days"),
        (rule_of(f'"days_before_due": {HUGE}'), "messages.0.days_before_due"),
        (rule_of(f'"days_past_due": {HUGE}'), "messages.0.days_past_due"),
        (rule_of('"days_past_due": 1, "min_case_days": -4'), "messages.0.min_case_days"),
        (json.dumps({"messages": [{"kind": "due_today", "days_past_due": 1}] * 101}), "messages"),
        ('{"buckets": [{"name": "", "min_days": 0, "max_days": null}]}', "buckets.0.name"),
        ('{"buckets": [{"name": "a\\n", "min_days": 0, "max_days": null}]}', "buckets.0.name"),
        (json.dumps({"buckets": [asdict(DEFAULT_POLICY.buckets[0])] * 101}), "buckets"),
        ('{"grace_days": NaN}', "grace_days"),
        ('{"version": true}', "version"),
        ("[" * 100_000, "document"),
        ("\ufeff{}", "document"),
        ("not json", "document"),
    ],
)
def test_a_wrong_policy_is_refused_with_the_field_and_a_reason(document, field) -> None:
    with pytest.raises(PolicyError) as refused:
        read_policy(document)
    assert field in [name for name, _ in refused.value.problems]
    assert all(reason for _, reason in refused.value.problems)


def test_the_schema_names_every_field() -> None:
    assert set(json.loads(policy_schema())["properties"]) == set(policy_to_document(DEFAULT_POLICY))


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
CHANGES = st.dictionaries(
    st.sampled_from([f.name for f in fields(Policy)]), ANY_JSON | st.integers(-5, 5000), max_size=3
)


@given((ANY_JSON | CHANGES).map(json.dumps) | st.binary() | st.text())
def test_any_document_is_a_policy_or_refused_with_fields_and_reasons(document) -> None:
    try:
        policy = read_policy(document)
    except PolicyError as refused:
        assert refused.problems
        assert all(field and reason for field, reason in refused.problems)
    else:
        stored = json.dumps(policy_to_document(policy))
        assert policy_from_document(json.loads(stored)) == policy
        assert len(stored) < 100_000
