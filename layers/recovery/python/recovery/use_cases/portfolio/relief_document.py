"""What a run of a collective relief did, or would do, for other programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from recovery.domain.accounting.sale_list import RowProblem
from recovery.domain.agreements.relief_rule import ReliefRule
from recovery.domain.shared.money import to_decimal_text
from recovery.use_cases.agreements.relieve import OneRelief
from recovery.use_cases.portfolio.relief import Relieved


def relief_document(
    rule: ReliefRule, done: Relieved, unread: Iterable[RowProblem]
) -> dict[str, Any]:
    """Return counts and money by place, each loan, and the reasons of those that do not get it.

    ``overdue`` is without the relief; ``extra`` is what the borrowers pay more in all, negative
    where they pay less; ``charges`` are those of the time between that fall away; ``sorry`` counts
    the loans whose letter apologises.
    """
    return {
        "relief_id": rule.relief_id,
        "by_place": [_place(*each) for each in _by_place(done.granted)],
        "granted": [_loan(each) for each in done.granted],
        "unchanged": list(done.unchanged),
        "unknown": list(done.unknown),
        "refused": [
            {
                "loan_id": each.loan_id,
                "by_person": each.by_person,
                "reasons": [{"code": why.code, "reason": why.reason} for why in each.reasons],
            }
            for each in done.refused
        ],
        "unread": [
            {"row": each.number, "loan_id": each.loan_id, "problem": str(each.problem)}
            for each in unread
        ],
        "failed": [loan_id for loan_id, _ in done.failed],
    }


def _by_place(granted: Iterable[OneRelief]) -> list[tuple[str, str, list[OneRelief]]]:
    found: dict[tuple[str, str], list[OneRelief]] = {}
    for each in granted:
        key = (each.loan.profile.place or "not said", each.loan.currency)
        found.setdefault(key, []).append(each)
    return [(place, currency, loans) for (place, currency), loans in sorted(found.items())]


def _place(place: str, currency: str, loans: list[OneRelief]) -> dict[str, Any]:
    def total(name: str) -> str:
        return to_decimal_text(sum(getattr(each, name) for each in loans), currency)

    return {
        "place": place,
        "currency": currency,
        "loans": len(loans),
        "owed": total("owed_minor"),
        "overdue": total("overdue_minor"),
        "charges": total("charges_minor"),
        "extra": total("extra_minor"),
        "sorry": sum(bool(each.told) for each in loans),
    }


def _loan(one: OneRelief) -> dict[str, Any]:
    currency = one.loan.currency
    return {
        "loan_id": one.loan.loan_id,
        "from": one.start.isoformat(),
        "until": one.until.isoformat(),
        "next_due_on": one.next_due_on.isoformat() if one.next_due_on else None,
        "next_due": to_decimal_text(one.next_due_minor, currency),
        "extra": to_decimal_text(one.extra_minor, currency),
        "told_since": [{"kind": each.kind, "on": each.on.isoformat()} for each in one.told],
    }
