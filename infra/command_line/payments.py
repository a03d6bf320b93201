"""payment, suspense: where money is, and what people decide when it went wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from infra.command_line.actors import deciding_actor
from infra.command_line.loan_status import show_rows
from infra.command_line.options import AsJson, Aws, Institution, LoanId, console, day_option
from infra.deployment.target import TargetError, find_target
from recovery.domain.intake.suspense import IN_WORDS, balances
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import ConflictError, PaymentNotFoundError, RefusedError
from recovery.domain.shared.money import Money, MoneyError, to_minor
from recovery.ports.accounting import LoanNotFoundError
from recovery.use_cases.accounting.move_payment import MoveRequest, move_payment
from recovery.use_cases.accounting.read_payments import payments_of_day, read_payment
from recovery.use_cases.accounting.reverse_payment import reverse_payment
from recovery.use_cases.intake.suspense import match_suspended, refund_suspended

if TYPE_CHECKING:
    from recovery.wiring import InstitutionWiring

PaymentId = Annotated[str, typer.Argument(metavar="ID", help="The payment's id.")]
Why = Annotated[str, typer.Option(help="Your reason, kept on record.")]
By = Annotated[
    str | None,
    typer.Option(help="Your name, on the embedded AWS only; elsewhere your credentials say."),
]
Amount = Annotated[
    str | None, typer.Option(help="A part of it, such as 25.00. Default: all that is left.")
]


def add_to(app: typer.Typer) -> None:
    """Register both groups of commands."""
    payment = typer.Typer(
        no_args_is_help=True, help="Payments: where each is, those of a day, and correcting them."
    )
    payment.command()(show)
    payment.command(name="list")(list_payments)
    payment.command()(move)
    payment.command()(reverse)
    app.add_typer(payment, name="payment")
    suspense = typer.Typer(
        no_args_is_help=True,
        help="Money that belongs to no loan yet, or may not be kept: a person matches or refunds"
        " it.",
    )
    suspense.command(name="list")(list_suspense)
    suspense.command()(match)
    suspense.command()(refund)
    app.add_typer(suspense, name="suspense")


def show(payment_id: PaymentId, institution: Institution = None, aws: Aws = False) -> None:
    """Show a payment with its state, wherever its money is."""
    with _refusals():
        console.print_json(json.dumps(read_payment(payment_id, _ports(institution, aws))))


def list_payments(
    on: Annotated[datetime, day_option("The value date.")],
    after: Annotated[str | None, typer.Option(help="The `next` of the page before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many on a page.")] = 100,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """List the payments of a value date, with the day's totals by currency and state."""
    ports = _ports(institution, aws)
    console.print_json(json.dumps(payments_of_day(on.date(), after, limit, ports)))


def move(
    payment_id: PaymentId,
    loan: LoanId,
    why: Why,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Move a payment to the loan it is for, with its value date. Back again is a move too."""
    ports, actor = _deciding(institution, aws, by)
    request = MoveRequest(payment_id=payment_id, to_loan_id=loan, reason=why)
    with _refusals():
        console.print_json(json.dumps(move_payment(request, actor, ports.now(), ports)))


def reverse(
    payment_id: PaymentId,
    why: Why,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Reverse a payment that was never received; its loans are recomputed without it."""
    ports, actor = _deciding(institution, aws, by)
    with _refusals():
        reversal = reverse_payment(ports.institution_id, payment_id, why, actor, ports.now(), ports)
    console.print_json(json.dumps(reversal.document()))


def list_suspense(
    as_json: AsJson = False, institution: Institution = None, aws: Aws = False
) -> None:
    """List the money in suspense, oldest first, and the balance of each currency."""
    found = _ports(institution, aws).suspense.open_items()
    rows = [
        {
            "id": each.payment_id,
            "value_date": str(each.value_date),
            "left": str(Money(each.open_minor, each.currency)),
            "why": IN_WORDS[each.why],
            "came_for": each.loan_id or each.borrower_id or "",
            "reference": each.reference or "",
        }
        for each in found
    ]
    columns = ("id", "value_date", "left", "why", "came_for", "reference")
    show_rows(rows, columns, as_json=as_json)
    if as_json:
        return
    for currency, amount_minor in balances(found).items():
        console.print(f"In suspense: {Money(amount_minor, currency)}")


def match(
    payment_id: PaymentId,
    loan: LoanId,
    why: Why = "It is for this loan.",
    amount: Amount = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Match money in suspense with a loan: it is posted there with its value date."""
    ports, actor = _deciding(institution, aws, by)
    with _refusals():
        part_minor = _part_minor(payment_id, amount, ports)
        receipt = match_suspended(payment_id, loan, actor, why, ports.now(), ports, part_minor)
    console.print_json(json.dumps(receipt))


def refund(
    payment_id: PaymentId,
    why: Why,
    amount: Amount = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Decide that money in suspense goes back to who sent it. The event asks for the transfer."""
    ports, actor = _deciding(institution, aws, by)
    with _refusals():
        part_minor = _part_minor(payment_id, amount, ports)
        left = refund_suspended(
            ports.institution_id, payment_id, actor, why, ports.now(), ports, part_minor
        )
    refunded = Money(left.releases[-1].amount_minor, left.currency)
    console.print(f"{payment_id}: {refunded} is to be paid back.")


def _part_minor(payment_id: str, amount: str | None, ports: InstitutionWiring) -> int | None:
    if amount is None:
        return None
    money = ports.suspense.find(payment_id)
    if money is None:
        raise PaymentNotFoundError(f"there is no money in suspense as {payment_id}")
    return to_minor(amount, money.currency)


def _deciding(
    institution: str | None, aws: bool, by: str | None
) -> tuple[InstitutionWiring, Actor]:
    target = find_target(real=aws)
    chosen = target.institution(institution)
    return target.of(chosen), deciding_actor(target, chosen, by)


def _ports(institution: str | None, aws: bool) -> InstitutionWiring:
    target = find_target(real=aws)
    return target.of(target.institution(institution))


@contextmanager
def _refusals() -> Iterator[None]:
    """Let the command line say what was refused."""
    try:
        yield
    except (
        ConflictError,
        LoanNotFoundError,
        MoneyError,
        PaymentNotFoundError,
        RefusedError,
    ) as error:
        raise TargetError(str(error)) from None
