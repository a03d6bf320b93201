"""A valid policy is told what it leaves out."""

from __future__ import annotations

from dataclasses import replace

from recovery.domain.cases.policy import CasePolicy, TaskPolicy
from recovery.domain.contact.policy import MessageRule
from recovery.domain.policy import Policy
from recovery.domain.policy_advice import forgotten


def fields_of(policy: Policy) -> list[str]:
    return [each.split()[0].rstrip(":") for each in forgotten(policy)]


def test_two_people_a_notice_and_kind_words_leave_nothing_to_say() -> None:
    assert fields_of(Policy(cases=CasePolicy(judicial_approvals=2))) == []


def test_what_is_left_out_is_named() -> None:
    cases = CasePolicy(judicial_approvals=1, tasks=TaskPolicy(first_contact_by_days=None))
    only_notice = (MessageRule(kind="notice_before_judicial_recovery", days_past_due=60),)
    contact = replace(Policy().contact, messages=only_notice)
    assert fields_of(Policy(cases=cases, contact=contact)) == [
        "contact.messages",
        "cases.judicial_approvals",
        "cases.tasks.first_contact_by_days",
    ]
    silent = replace(contact, messages=())
    assert "no notice_before_judicial_recovery" in next(forgotten(Policy(contact=silent)))
