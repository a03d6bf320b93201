"""texts: what borrowers read, each with the length of its SMS."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer
from rich.table import Table

from infra.command_line.options import console
from infra.deployment.target import TargetError
from recovery.messages import KINDS, LANGUAGES, MessageFacts, render
from recovery.messages.sms import length_of, parts_of

# Names, amounts and dates of usual length; nobody's.
EXAMPLE = MessageFacts(
    borrower_name="Ana Quispe Rojas",
    advisor_name="Luz Mendoza",
    institution_name="Casa Microcredit",
    loan_id="L-2026-00417",
    currency="EUR",
    amount_minor=12_500,
    due_date=date(2026, 9, 30),
    overdue_minor=25_000,
    outstanding_minor=150_000,
    days_past_due=8,
    answer_by=date(2026, 10, 30),
    rest_until=date(2026, 12, 31),
    answer="We found the receipt of 3 March.",
    phone="+34900000001",
    institution_phone="+34900000000",
    pay_account="ES91 2100 0418 4502 0005 1332",
)


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(texts)


def texts(
    kind: Annotated[
        str | None, typer.Argument(metavar="KIND", help="Print this one; without it, list all.")
    ] = None,
    language: Annotated[str, typer.Option(help="The language to print, such as sw.")] = "en",
) -> None:
    """List the messages with the length of each SMS (160 places are one), or print one.

    *Try:* `recovery texts first_days_late --language nl`
    """
    if kind is None:
        console.print(_lengths())
        return
    if kind not in KINDS:
        raise TargetError(f"{kind!r} is no message: `recovery texts` lists them.")
    if language not in LANGUAGES:
        raise TargetError(f"There is no text in {language!r}; there is in {', '.join(LANGUAGES)}.")
    said = render(kind, language, EXAMPLE)
    size = f"{length_of(said.sms)} places, {parts_of(said.sms)} part"
    for line in (f"From: {said.sender}", f"Subject: {said.subject}", "", said.text):
        console.print(line, markup=False, highlight=False)
    console.print(f"SMS ({size}): {said.sms}", markup=False, highlight=False)


def _lengths() -> Table:
    table = Table("kind", *LANGUAGES)
    for kind in KINDS:
        written = [render(kind, language, EXAMPLE).sms for language in LANGUAGES]
        table.add_row(kind, *(_length(each) for each in written))
    return table


def _length(sms: str) -> str:
    parts = parts_of(sms)
    return str(length_of(sms)) if parts == 1 else f"{length_of(sms)} in {parts} parts"
