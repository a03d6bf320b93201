"""restructure: preview a new schedule, or agree on one for a loan on record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from infra.command_line import agree as agreeing
from infra.command_line.agreements import opened, options
from infra.command_line.answers import answer_all, show_json, show_table
from infra.command_line.options import Aws, By, Institution
from infra.command_line.promises import own_id
from infra.command_line.questions import AsTable, Example, Schema, shown
from infra.deployment.target import TargetError, find_target
from recovery.documents.questions.restructuring import answer_restructuring, restructuring_schema
from recovery.domain.agreements.option_kinds import Difficulty, Kind
from recovery.use_cases.shared.business_date import business_date

_NO_NEW_SCHEDULE = (Kind.PLAN, Kind.SETTLEMENT)


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(restructure)


def restructure(
    what: Annotated[
        str | None,
        typer.Argument(metavar="LOAN|FILE|-", help="A loan on record, or questions as JSON."),
    ] = None,
    table: AsTable = False,
    example: Example = False,
    schema: Schema = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="Of a loan on record: offer it and record the yes.")
    ] = False,
    option: Annotated[Kind | None, typer.Option(help="The new schedule that is agreed.")] = None,
    difficulty: Annotated[
        Difficulty, typer.Option(help="Why the borrower cannot pay as agreed.")
    ] = Difficulty.NOT_SAID,
    why: Annotated[str | None, typer.Option(help="Your reason, kept on record.")] = None,
    signed_by: Annotated[
        list[str] | None, typer.Option(help="A debtor who said yes; repeat for each.")
    ] = None,
    proof: Annotated[
        str | None, typer.Option(help="The id of the signed paper or the recording.")
    ] = None,
    yes: Annotated[str, typer.Option(help="How: paper, or read_aloud and played back.")] = "paper",
    witness: Annotated[str | None, typer.Option(help="The id of who witnessed it.")] = None,
    consents: Annotated[
        list[str] | None, typer.Option(help="A guarantor who consents; repeat for each.")
    ] = None,
    lost: Annotated[
        list[str] | None, typer.Option(help="A guarantor who does not, and is given up.")
    ] = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Preview a restructuring: the new schedule, and how it changes days past due and value.

    `action.kind` is reage, reamortise, capitalise, reschedule or payment_holiday; each can also
    waive unpaid penalties, fees or interest. Nothing is stored: the `loan` in the answer holds
    both schedule versions, ready to pass to `recovery evaluate`.

    For a loan on record it shows the options that fit its borrower. With `--apply` it offers them
    and records the debtors' yes to one, as `recovery offer` and `recovery agree` do.

    *Try:* `recovery restructure --example | recovery restructure -`
    """
    if shown("restructure", example, schema, restructuring_schema):
        return
    if what is None or what == "-" or Path(what).is_file():
        with opened(what) as stream:
            answer_all(stream, answer_restructuring, show_table if table else show_json)
        return
    if not apply:
        options(what, reason=difficulty.value, table=table, by=by, institution=institution, aws=aws)
        return
    if option is None or option in _NO_NEW_SCHEDULE or not signed_by or not why:
        kinds = ", ".join(each for each in Kind if each not in _NO_NEW_SCHEDULE)
        raise TargetError(f"Give --why, --signed-by and --option, one of: {kinds}.")
    target = find_target(real=aws)
    ports = target.of(target.institution(institution))
    today = business_date(target.institution(institution), ports.now(), ports.institutions)
    said = {"difficulty": difficulty.value, "why": why}
    offer_id = own_id("OF", f"{what} {today}", said)
    to = {"by": by, "institution": institution, "aws": aws}
    agreeing.offer(what, why, difficulty, id=offer_id, **to)
    agreeing.agree(
        what,
        why,
        offer_id,
        option,
        signed_by,
        yes,
        proof=proof,
        witness=witness,
        consents=consents,
        lost=lost,
        **to,
    )
