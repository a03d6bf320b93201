"""Judge people's records by every rule of conduct."""

from __future__ import annotations

from collections import Counter

from recovery.domain.portfolio.conduct import ConductReport, Period, PersonConduct, chosen
from recovery.domain.portfolio.conduct_what import JUDICIAL_STEPS, what_findings
from recovery.domain.portfolio.conduct_when import task_events, when_findings
from recovery.domain.portfolio.conduct_whom import whom_findings


def conduct_of(record: PersonConduct, period: Period) -> ConductReport:
    """Return what is found of one person in the period.

    The whole record is looked at, as caps and repeated words reach back before it.
    """
    found = (
        *when_findings(record),
        *whom_findings(record, period.last),
        *what_findings(record),
    )
    said = [each for each in record.said if each.on in period]
    return ConductReport(
        period,
        _looked_at(record, period),
        sorted(chosen(found, period)),
        sum(each.contact.at is None or each.contact.words is None for each in said),
    )


def _looked_at(record: PersonConduct, period: Period) -> Counter[str]:
    events = [each for each in task_events(record.tasks) if each.on in period]
    steps = [each for loan in record.loans for each in loan.steps]
    decided = [each.on for loan in record.loans for each in loan.decisions]
    return Counter(
        people=1,
        messages=sum(each.on in period for each in record.said),
        calls=sum("calls" in each.what for each in events),
        visits=sum("visits" in each.what for each in events),
        judicial_steps=sum(e.stage in JUDICIAL_STEPS and e.on in period for e in steps),
        decisions=sum(on in period for on in decided),
    )
