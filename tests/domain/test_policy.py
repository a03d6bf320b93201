import json
from dataclasses import replace

import pytest

from recovery.documents.policy_document import PolicyError, policy_schema, read_policy
from recovery.domain.policy import (
    DEFAULT_POLICY,
    policy_from_document,
    policy_problems,
    policy_to_document,
)


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
        ('{"hand_over_days": 400}', "hand_over_days"),
        ('{"hand_over_signals": 9999}', "hand_over_signals"),
        ('{"write_off_from_days": 0}', "write_off_from_days"),
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
