"""An institution's policy: every threshold, order and limit the rules use, in one document.

Each capability owns its section, with its defaults and validation; this module joins them. Policies
are versioned and effective-dated; each decision names the version it was made under.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from recovery.domain.accounting.late_charges import NO_CHARGES, ChargeRules
from recovery.domain.accounting.policy import AccountingPolicy, accounting_problems
from recovery.domain.agreements.policy import AgreementsPolicy, agreements_problems
from recovery.domain.cases.policy import CasePolicy, case_problems
from recovery.domain.contact.policy import ContactPolicy, contact_problems
from recovery.domain.intake.policy import IntakePolicy, intake_problems
from recovery.domain.judicial.policy import JudicialPolicy, judicial_problems
from recovery.domain.monitoring.policy import MonitoringPolicy, monitoring_problems
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import range_problems

_MOST_VERSION = 99_999  # five digits in the key, so that versions sort


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of the document."""

    version: int = 1
    effective_from: date = date(2000, 1, 1)
    accounting: AccountingPolicy = field(default_factory=AccountingPolicy)
    monitoring: MonitoringPolicy = field(default_factory=MonitoringPolicy)
    agreements: AgreementsPolicy = field(default_factory=AgreementsPolicy)
    cases: CasePolicy = field(default_factory=CasePolicy)
    contact: ContactPolicy = field(default_factory=ContactPolicy)
    intake: IntakePolicy = field(default_factory=IntakePolicy)
    judicial: JudicialPolicy = field(default_factory=JudicialPolicy)


DEFAULT_POLICY = Policy()


def policy_in_force(policies: Iterable[Policy], on: date) -> Policy:
    """Return the latest policy in effect on this date, newest version first, or the default."""
    effective = (policy for policy in policies if policy.effective_from <= on)
    newest = max(effective, key=lambda each: (each.effective_from, each.version), default=None)
    return newest or DEFAULT_POLICY


def charge_rules(policies: Iterable[Policy]) -> ChargeRules:
    """Return the late charges that the policies list for each day."""
    known = list(policies)
    if not any(policy.accounting.late_charges for policy in known):
        return NO_CHARGES
    starts = sorted({policy.effective_from for policy in known})
    spans = ((on, policy_in_force(known, on).accounting.late_charges) for on in starts)
    return ChargeRules(tuple(spans))


def policy_problems(policy: Policy) -> Iterator[Problem]:
    """Yield everything wrong with the policy; nothing if it is usable."""
    yield from range_problems("version", policy.version, 1, _MOST_VERSION)
    sections: dict[str, Iterator[Problem]] = {
        "accounting": accounting_problems(policy.accounting),
        "monitoring": monitoring_problems(policy.monitoring),
        "agreements": agreements_problems(policy.agreements),
        "cases": case_problems(policy.cases),
        "contact": contact_problems(policy.contact),
        "intake": intake_problems(policy.intake),
        "judicial": judicial_problems(policy.judicial),
    }
    for section, problems in sections.items():
        yield from (problem.within(section) for problem in problems)
