"""dossier: what people decide on before a claim is filed, as files to read and to hand over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from infra.command_line.actors import deciding_actor
from infra.command_line.loan_status import table_of
from infra.command_line.options import AsJson, Aws, By, Institution, LoanId, console
from infra.deployment.target import TargetError, find_target
from recovery.domain.judicial.dossier import shown
from recovery.domain.shared.errors import NotAllowedError, NotOnRecordError
from recovery.ports.accounting import LoanNotFoundError
from recovery.ports.judicial import DossierForm
from recovery.use_cases.judicial.read_dossier import open_dossier

_FORMS: tuple[DossierForm, ...] = ("pdf", "zip")


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(dossier)


def dossier(
    loan: LoanId,
    save_to: Annotated[
        Path | None, typer.Option(help="The folder to save the PDF and the ZIP in.")
    ] = None,
    by: By = None,
    as_json: AsJson = False,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Show the files of the dossier that waits for a decision, or was approved.

    The PDF has a sheet for who decides, the draft of what is filed, and numbered documents for the
    court; the ZIP has it with its data, the papers, and a manifest of hashes. An approval names
    the dossier's hash. What was offered in confidence is in neither. Who opens it is kept.

    *Try:* `recovery dossier LOAN --save-to .`
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports, actor = target.of(chosen), deciding_actor(target, chosen, by)
    try:
        found = open_dossier(loan, actor, ports.now(), ports)
    except (LoanNotFoundError, NotAllowedError, NotOnRecordError) as error:
        raise TargetError(f"{error}.") from None
    rows = sorted(found.documents.items())
    if as_json:
        document = {"loan_id": loan, "hash": found.hash, "as_of": found.as_of.isoformat()}
        typer.echo(json.dumps({**document, "files": dict(rows)}, indent=2))
    else:
        title = f"Dossier {shown(found.hash)} of {found.as_of}"
        console.print(table_of(title, ("file", "sha256"), rows))
    if save_to is None:
        return
    save_to.mkdir(parents=True, exist_ok=True)
    for form in _FORMS:
        path = save_to / f"{loan}-{shown(found.hash)}.{form}"
        path.write_bytes(ports.dossier_files.read(found, form))
        if not as_json:
            console.print(f"Saved {path}", soft_wrap=True, highlight=False, markup=False)
