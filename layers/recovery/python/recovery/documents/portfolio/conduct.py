"""The conduct report as JSON: every rule with its cases, also where there are none."""

from __future__ import annotations

from recovery.domain.portfolio.conduct import LOOKED_AT, RULES, ConductReport, Finding


def conduct_document(report: ConductReport) -> dict[str, object]:
    """Convert the full report; it holds ids and days alone."""
    return {
        "from": report.period.first.isoformat(),
        "to": report.period.last.isoformat(),
        "looked_at": {each: report.looked_at[each] for each in LOOKED_AT},
        "not_judged": report.unjudged,
        "found": len(report.findings),
        "rules": [
            {
                "rule": rule,
                "what": words,
                "count": report.count(rule),
                "cases": [_case(each) for each in report.findings if each.rule == rule],
            }
            for rule, words in RULES.items()
        ],
    }


def _case(finding: Finding) -> dict[str, str]:
    return {
        "on": finding.on.isoformat(),
        "person_id": finding.person_id,
        "loan_id": finding.loan_id,
        "ref": finding.ref,
    }
