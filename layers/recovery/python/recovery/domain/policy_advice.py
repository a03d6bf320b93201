"""What a valid policy leaves out that whoever wrote it may have forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.domain.policy import Policy

_NOTICE = "notice_before_judicial_recovery"


def forgotten(policy: Policy) -> Iterator[str]:
    """Yield each thing as a sentence that begins with the field."""
    planned = {rule.kind for rule in policy.contact.messages}
    if _NOTICE not in planned:
        yield (
            f"contact.messages plans no {_NOTICE}: without a notice that could be answered no case"
            " goes to court"
        )
    if not any(
        rule.days_past_due is not None and rule.kind != _NOTICE for rule in policy.contact.messages
    ):
        yield "contact.messages plans nothing kind once an instalment is late"
    if policy.cases.judicial_approvals < 2:
        yield "cases.judicial_approvals lets one person alone approve a filing"
    if policy.cases.tasks.first_contact_by_days is None:
        yield "cases.tasks.first_contact_by_days is off: nobody calls who is late"
