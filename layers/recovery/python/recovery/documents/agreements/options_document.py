"""Options for a borrower in difficulty as JSON: what each asks, and what the institution sees."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from recovery.documents.agreements.restructuring_action import action_text
from recovery.domain.agreements.capacity_rules import DutyRule
from recovery.domain.agreements.lender_view import LenderView
from recovery.domain.agreements.option_search import Miss
from recovery.domain.agreements.options import Option, Options
from recovery.domain.shared.money import to_decimal_text

_HUNDREDTH = Decimal("0.01")


def options_document(
    options: Options, currency: str, duties: tuple[DutyRule, ...]
) -> dict[str, Any]:
    """Show all that was considered, without words for the borrower."""
    return {
        "today": {
            "owed_in_all": to_decimal_text(options.today_minor, currency),
            "overdue": to_decimal_text(options.overdue_minor, currency),
            "days_past_due": options.days_past_due,
        },
        "options": [_option(each, currency) for each in options.best],
        "refused": [_miss(each, currency) for each in options.refused],
        "duties": [
            {"duty": each.duty, "status": each.status, "source": each.source} for each in duties
        ],
    }


def _option(option: Option, currency: str) -> dict[str, Any]:
    def money(amount_minor: int) -> str:
        return to_decimal_text(amount_minor, currency)

    found = option.found
    day, amount_minor = option.next_payment
    return {
        "kind": option.kind,
        "next_payment": {"on": day.isoformat(), "amount": money(amount_minor)},
        "each_month_at_most": money(option.largest_month_minor),
        "last_on": option.last_on.isoformat(),
        "total": money(found.total_minor),
        "more_than_today": money(option.extra_minor),
        "let_go": money(found.let_go_minor),
        "payments": [{"on": on.isoformat(), "amount": money(each)} for on, each in found.payments],
        "parts": [
            {"on": each.due_date.isoformat(), "amount": money(each.amount_minor)}
            for each in found.parts
        ],
        "action": None
        if found.action is None
        else action_text(found.action, found.waive, currency),
        "approved_by": option.approved_by,
        "institution": _lender(option.lender, currency),
    }


def _lender(view: LenderView, currency: str) -> dict[str, Any]:
    value = view.value
    return {
        "net_present_value": {
            "before": to_decimal_text(value.before_minor, currency),
            "after": to_decimal_text(value.after_minor, currency),
            "loss_percent": str(value.loss_pct.quantize(_HUNDREDTH)),
        },
        "forbearance": True,
        "is_diminished_obligation": value.is_diminished_obligation,
        "days_past_due_go_on_from": view.days_past_due,
        "provisions_hint": view.stage,
        "probation_until": view.probation_until.isoformat(),
    }


def _miss(miss: Miss, currency: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"kind": miss.kind, "code": miss.code}
    if miss.short is not None:
        shown["too_much_by"] = to_decimal_text(miss.short.by_minor, currency)
        shown["month"] = miss.short.month
    if miss.detail:
        shown["detail"] = miss.detail
    return shown
