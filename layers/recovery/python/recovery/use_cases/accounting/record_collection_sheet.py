"""Record the collection sheet of a group's meeting, and post it once its cash was counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from recovery.domain.accounting.groups import (
    CollectionSheet,
    Group,
    SheetPayment,
    SheetRequest,
    SheetRow,
    check_count,
    group_at,
    sheet_payments,
    sheet_problems,
)
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.paid_shares import dues_of
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import (
    NotOnRecordError,
    Problem,
    RefusedError,
    SheetConflictError,
)
from recovery.domain.shared.money import to_decimal_text
from recovery.ports.accounting import SheetExistsError, StoredLoan
from recovery.ports.needs import HasGroups, PaymentPorts
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.shared.business_date import business_date, local_date
from recovery.use_cases.shared.retrying import retry_when_stale


class SheetPorts(PaymentPorts, HasGroups, Protocol):
    """What a collection sheet needs."""


@dataclass(frozen=True, slots=True)
class SheetTaken:
    """The sheet on record, and whether this call recorded it (a repeat does not)."""

    sheet: CollectionSheet
    recorded: bool


@retry_when_stale
def record_sheet(request: SheetRequest, by: Actor, now: datetime, ports: SheetPorts) -> SheetTaken:
    """Record the sheet, pending; sending it again, from whatever device, changes nothing.

    Raises NotOnRecordError without such a group on that day; RefusedError with everything that is
    wrong; SheetConflictError when the id was used for another sheet.
    """
    if known := ports.groups.sheet(request.group_id, request.sheet_id):
        return _repeat(request, known)
    group = group_at(ports.groups.versions(request.group_id), request.met_on)
    if group is None:
        what = f"group {request.group_id} on {request.met_on}"
        raise NotOnRecordError("group_id", what)
    loans = {e.loan.loan_id: e for e in ports.loans.load_many([m.loan_id for m in group.members])}
    sheet = CollectionSheet(
        sheet_id=request.sheet_id,
        group_id=request.group_id,
        met_on=request.met_on,
        currency=request.currency,
        total_minor=request.total_minor,
        rows=tuple(_rows(request, group, loans)),
        recorded_by=by.id,
        recorded_at=now,
    )
    meeting_problems = _meeting_problems(sheet, tuple(loans.values()), now, ports)
    problems = (*sheet_problems(sheet, group), *meeting_problems)
    if problems:
        raise RefusedError(*problems)
    sheet = replace(sheet, payments=sheet_payments(group, sheet))
    try:
        ports.groups.add_sheet(sheet)
    except SheetExistsError:
        known = ports.groups.sheet(request.group_id, request.sheet_id)
        if known is None:
            raise
        return _repeat(request, known)
    return SheetTaken(sheet, recorded=True)


def find_sheet(group_id: str, sheet_id: str, ports: HasGroups) -> CollectionSheet:
    """Return the sheet. Raises NotOnRecordError."""
    sheet = ports.groups.sheet(group_id, sheet_id)
    if sheet is None:
        raise NotOnRecordError("sheet_id", f"collection sheet {sheet_id} of group {group_id}")
    return sheet


def verify_sheet(
    sheet: CollectionSheet, counted_minor: int, by: Actor, now: datetime, ports: SheetPorts
) -> CollectionSheet:
    """Say that the cash is there, and post what the sheet means, each payment once.

    Interrupted, it is completed by the same call again. Raises RefusedError if the count differs,
    or was made by who recorded the sheet; what posting a payment raises.
    """
    if sheet.status == "pending":
        check_count(sheet, counted_minor, by)
        verified = replace(sheet, verified_by=by.id, verified_at=now)
        ports.groups.save_sheet(verified, sheet)
        sheet = verified
    if sheet.status == "verified":
        for each in sheet.payments:
            take_payment(_request(each, sheet), by, now, ports)
        posted = replace(sheet, posted=True)
        ports.groups.save_sheet(posted, sheet)
        sheet = posted
    return sheet


def sheet_document(sheet: CollectionSheet) -> dict[str, object]:
    """Return the sheet as its receipt: pending, or posted with the payments."""

    def text(minor: int) -> str:
        return to_decimal_text(minor, sheet.currency)

    return {
        "group_id": sheet.group_id,
        "sheet_id": sheet.sheet_id,
        "status": sheet.status,
        "met_on": sheet.met_on.isoformat(),
        "currency": sheet.currency,
        "total": text(sheet.total_minor),
        "rows": [
            {
                "person_id": each.person_id,
                "amount": text(each.handed_minor),
                "due": text(each.due_minor),
            }
            for each in sheet.rows
        ],
        "payments": [
            {
                "payment_id": each.payment_id,
                "loan_id": each.loan_id,
                "payer_id": each.payer_id,
                "payer_kind": each.payer_kind,
                "amount": text(each.amount_minor),
            }
            for each in sheet.payments
        ],
        "recorded_by": sheet.recorded_by,
        "verified_by": sheet.verified_by,
    }


def _repeat(request: SheetRequest, known: CollectionSheet) -> SheetTaken:
    said = (known.met_on, known.currency, known.total_minor)
    handed = {each.person_id: each.handed_minor for each in known.rows}
    listed = dict(request.handed_minor)
    same = said == (request.met_on, request.currency, request.total_minor) and handed == {
        **dict.fromkeys(handed, 0),
        **listed,
    }
    if not same or len(listed) < len(request.handed_minor):
        raise SheetConflictError(f"sheet {request.sheet_id} is on record with other values")
    return SheetTaken(known, recorded=False)


def _rows(
    request: SheetRequest, group: Group, loans: Mapping[str, StoredLoan]
) -> Iterator[SheetRow]:
    """Yield the listed rows, and one with nothing for each member who is not listed."""
    due_minor = {
        member.person_id: _due_minor(loans[member.loan_id], request.met_on)
        for member in group.members
    }
    for person_id, minor in request.handed_minor:
        yield SheetRow(person_id, minor, due_minor.get(person_id, 0))
    listed = {person_id for person_id, _ in request.handed_minor}
    for person_id, minor in due_minor.items():
        if person_id not in listed:
            yield SheetRow(person_id, 0, minor)


def _due_minor(stored: StoredLoan, met_on: date) -> int:
    """Return what is unpaid of the instalments due by the meeting."""
    dues = dues_of(stored.loan.schedule, stored.state.position)
    return sum(each.due_minor - each.paid_minor for each in dues if each.due_date <= met_on)


def _meeting_problems(
    sheet: CollectionSheet, loans: Sequence[StoredLoan], now: datetime, ports: SheetPorts
) -> Iterator[Problem]:
    """Yield why the sheet's payments would be refused."""
    institution_id = loans[0].loan.institution_id
    today = max(
        local_date(institution_id, now, ports.institutions),
        business_date(institution_id, now, ports.institutions),
    )
    if sheet.met_on > today:
        reason = f"{sheet.met_on} is in the future; today is {today}"
        yield Problem("met_on", reason, "Give the day of the meeting", "out_of_range")
    others = {each.loan.currency for each in loans} - {sheet.currency}
    if others:
        reason = f"is {sheet.currency}, but the members' loans are in {', '.join(sorted(others))}"
        yield Problem("currency", reason, "Record the amounts in the loans' currency")
    first = max(each.loan.disbursed_on for each in loans)
    if sheet.met_on < first:
        reason = f"{sheet.met_on} is before a member's loan was disbursed on {first}"
        yield Problem("met_on", reason, "Give the day of the meeting", "out_of_range")


def _request(payment: SheetPayment, sheet: CollectionSheet) -> PaymentRequest:
    is_own = payment.payer_kind == "borrower"
    return PaymentRequest(
        payment=Payment(
            payment_id=payment.payment_id,
            value_date=payment.value_date,
            amount_minor=payment.amount_minor,
            payer_kind=payment.payer_kind,
            payer_id=None if is_own else payment.payer_id,
        ),
        loan_id=payment.loan_id,
        currency=sheet.currency,
        reference=sheet.sheet_id,
    )
