"""The rules of the sample institution, where they differ from the defaults."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from recovery.domain.agreements.policy import SettlementTier
from recovery.domain.contact.rewards import RewardRule

_THANKS = RewardRule(name="thanks", kind="thank_you", least_instalments=3, on_time_percent=90)
_TIERS = (SettlementTier(role="supervisor", most_percent=40),)


def put_in_force(institution_id: str, day: date, ports: Any) -> None:
    """Remind everybody, thank at the end of a loan, and let a supervisor settle for less."""
    known = ports.institutions.policies(institution_id)
    policy = ports.institutions.policy(institution_id, day)
    education = replace(policy.contact.education, rewards=(_THANKS,))
    contact = replace(policy.contact, remind="everybody", education=education)
    options = replace(policy.agreements.options, tiers=_TIERS)
    agreements = replace(policy.agreements, options=options)
    version = 1 + max((each.version for each in (*known, policy)), default=1)
    after = replace(policy, version=version, effective_from=day, contact=contact)
    ports.institutions.save_policy(institution_id, replace(after, agreements=agreements))
