"""pre-action: which letters come before court, to whom and why; write one, and save it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, cast, get_args

import typer

from infra.command_line.actors import deciding_actor
from infra.command_line.loan_status import load_loan
from infra.command_line.options import (
    AsJson,
    Aws,
    By,
    Institution,
    console,
    entry,
    refusals_in_words,
    title,
)
from infra.deployment.target import TargetError, find_target
from recovery.domain.judicial.rules import LetterKind
from recovery.use_cases.judicial.read_court_letters import open_court_letter, read_outlook
from recovery.use_cases.judicial.write_court_letters import write_court_letters

_KINDS = [each.replace("_", "-") for each in get_args(LetterKind)]
_STATES = {
    "due": "to be written",
    "waits": "waits",
    "under_way": "written, a person sends it",
    "running": "arrived, its term runs",
    "done": "done",
    "held": "held back",
}


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("pre-action")(pre_action)


def pre_action(
    words: Annotated[list[str], typer.Argument(metavar="[letter] LOAN", help="The loan's id.")],
    kind: Annotated[
        str | None, typer.Option(help=f"With letter: one of {', '.join(_KINDS)}.")
    ] = None,
    save_to: Annotated[
        Path | None, typer.Option(help="With letter: the folder to save the PDF files in.")
    ] = None,
    as_json: AsJson = False,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Show which letters come before court: due, under way or done, for whom, and by which rule.

    A case in pre-action has them written by itself once friendly ways are exhausted; each opens a
    task to send it so that receipt is proved, and what came of that goes on record:
    `recovery tasks finish TASK --outcome received --medium burofax --sent-on DAY --on DAY --proof
    SCAN`. With `letter` one is written now, of this kind, to everybody who has none yet, and
    saved; one that waits to be sent is saved as it is kept.

    *Try:* `recovery pre-action LOAN`, then
    `recovery pre-action letter LOAN --kind negotiation-request --save-to letters`.
    """
    *asked, loan = words
    if asked not in ([], ["letter"]):
        raise TargetError("Say `recovery pre-action LOAN`, or `recovery pre-action letter LOAN`.")
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    load_loan(loan, ports)
    with refusals_in_words():
        if not asked:
            found = read_outlook(loan, ports.now(), ports)
            if as_json:
                console.print_json(json.dumps(found))
            else:
                _show(found)
            return
    if kind not in _KINDS:
        raise TargetError(f"Say which with --kind: {', '.join(_KINDS)}.")
    actor = deciding_actor(target, chosen, by) if save_to else None
    known = cast(LetterKind, kind.replace("-", "_"))
    with refusals_in_words():
        letters = write_court_letters(loan, ports.now(), ports, kind=known)
    if not letters:
        console.print(f"No such letter is due. `recovery pre-action {loan}` says why.")
    for letter in letters:
        console.print(
            f"{letter.letter_id} to {letter.person_id}: task {letter.task_id}, {letter.sha256}",
            soft_wrap=True,
            highlight=False,
            markup=False,
        )
        if save_to is None or actor is None:
            continue
        save_to.mkdir(parents=True, exist_ok=True)
        path = save_to / f"{loan}-{letter.letter_id}-{letter.person_id}.pdf"
        path.write_bytes(open_court_letter(letter, actor, ports.now(), ports))
        console.print(f"Saved {path}", soft_wrap=True, highlight=False, markup=False)


def _show(found: Mapping[str, Any]) -> None:
    title(f"{found['loan_id']} before court, {found['as_of']}: {found['procedure']}")
    missing = ", ".join((*found["missing"], *found["blocking"]))
    if missing:
        entry("Not there yet", missing)
    for each in found["letters"]:
        why = f": {each['why'].lower().replace('_', ' ')}" if each["why"] else ""
        days = [f"until {each['until']}"] if each["until"] else []
        days = [f"free on {each['free_on']}", *days] if each["free_on"] else days
        entry(
            f"{each['kind'].replace('_', ' ')} to {each['person_id']}: "
            f"{_STATES[each['state']]}{why}",
            ", ".join(days),
            f"{each['says']} ({each['rule']})",
            each["source"],
        )
    if not found["letters"]:
        entry("No letter is asked for here", "a person who knows the law decides")
    for each in found["kept"]:
        ended = each["ended"] or "not sent yet"
        entry(f"{each['letter_id']} to {each['person_id']}, {each['written_on']}: {ended}")
