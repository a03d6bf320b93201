"""The portfolio report as JSON: amounts as decimal strings, shares as percentages."""

from __future__ import annotations

from recovery.domain.accounting.owner_report import OwnerReport
from recovery.domain.portfolio.cures import Cures
from recovery.domain.portfolio.report import (
    AtRisk,
    CurrencyReport,
    Losses,
    Part,
    PortfolioReport,
    percent,
)
from recovery.domain.shared.money import to_decimal_text, to_decimal_texts


def report_document(report: PortfolioReport) -> dict[str, object]:
    """Convert the full report."""
    return {
        "as_of": report.as_of.isoformat(),
        "creditor": report.creditor,
        "loans": report.loans,
        "written_off_loans": report.written_off_loans,
        "currencies": [_currency(each) for each in report.currencies],
    }


def owner_report_document(report: OwnerReport) -> dict[str, str]:
    """Convert one owner's report; opening and what came in, less what went out, is closing."""
    amounts = {
        "opening": report.opening_minor,
        "bought": report.bought_minor,
        "bought_back": report.bought_back_minor,
        "sold": report.sold_minor,
        "given_back": report.given_back_minor,
        "received": report.received_minor,
        "received_through_others": report.passed_to_minor,
        "passed_on_to_others": report.passed_on_minor,
        "lent_charged_and_waived": report.other_minor,
        "closing": report.closing_minor,
    }
    return {
        "creditor": report.creditor,
        "currency": report.currency,
        **to_decimal_texts(amounts, report.currency),
    }


def _currency(report: CurrencyReport) -> dict[str, object]:
    currency = report.currency
    return {
        "currency": currency,
        "loans": report.book.loans,
        "outstanding": to_decimal_text(report.outstanding_minor, currency),
        "outstanding_principal": to_decimal_text(report.book.principal_minor, currency),
        **{f"par{each.over_days}": _at_risk(each, report) for each in report.at_risk},
        "forborne": _part(report.forborne, report),
        "paused": _part(report.paused, report),
        **_losses(report.credit, currency),
        "fraud": _losses(report.fraud, currency),
        "cures": [_cures(each) for each in report.cures],
    }


def _cures(cures: Cures) -> dict[str, object]:
    return {
        "months": cures.months,
        "cured": cures.cured,
        "redefaulted": cures.redefaulted,
        "share": percent(cures.share),
    }


def _losses(losses: Losses, currency: str) -> dict[str, object]:
    return {
        "written_off_loans": losses.loans,
        "written_off": to_decimal_text(losses.written_off_minor, currency),
        "recovered": to_decimal_text(losses.recovered_minor, currency),
    }


def _at_risk(at_risk: AtRisk, report: CurrencyReport) -> dict[str, object]:
    return {
        **_part(at_risk.all, report),
        "with_all_forborne": percent(report.share(report.with_forborne(at_risk))),
        "ordinary": _part(at_risk.ordinary, report),
        "forborne": _part(at_risk.forborne, report),
        "paused": _part(at_risk.paused, report),
    }


def _part(part: Part, report: CurrencyReport) -> dict[str, object]:
    return {
        "share": percent(report.share(part)),
        "loans": part.loans,
        "principal": to_decimal_text(part.principal_minor, report.currency),
    }
