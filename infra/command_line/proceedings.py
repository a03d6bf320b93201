"""proceedings: how a loan stands before a court, and each step there as a person records it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, get_args

import typer

from infra.command_line.facts import record_text
from infra.command_line.loan_status import load_loan
from infra.command_line.options import (
    AsJson,
    Aws,
    By,
    Institution,
    LoanId,
    console,
    day_option,
    entry,
    title,
)
from infra.deployment.target import TargetError, find_target
from recovery.domain.accounting.court_steps import QUESTION, CourtStepKind
from recovery.domain.cases.stages import in_words
from recovery.domain.judicial.dossier import shown
from recovery.use_cases.judicial.read_judicial import read_judicial

_STEPS = [each.replace("_", "-") for each in get_args(CourtStepKind)]
STEPS = ["check", "answer", "filed", "ended", *_STEPS]
_OUTCOMES = "with judgment: creditor, part or debtor; with ended: upheld, dismissed, withdrawn,"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(proceedings)


def proceedings(
    loan: LoanId,
    step: Annotated[
        str | None, typer.Argument(help=f"What happened, one of: {', '.join(STEPS)}.")
    ] = None,
    on: Annotated[
        datetime | None, day_option("The day. Default: the business date.", "--on")
    ] = None,
    suit: Annotated[
        str | None, typer.Option(help="The suit's id. Not needed if there is one.")
    ] = None,
    by_on: Annotated[
        datetime | None, day_option("The day of the hearing, or the last to act.", "--by-on")
    ] = None,
    answered_by: Annotated[
        str | None, typer.Option(help="Who answers: lawyer, legal or advisor.")
    ] = None,
    met: Annotated[str | None, typer.Option(help="With met: the id of the day that was.")] = None,
    amount: Annotated[str | None, typer.Option(help="An amount, such as 310.00.")] = None,
    income: Annotated[
        str | None, typer.Option(help="With attached: the month's income it is taken from.")
    ] = None,
    outcome: Annotated[str | None, typer.Option(help=f"{_OUTCOMES} settled or expired.")] = None,
    final_on: Annotated[
        datetime | None, day_option("With judgment: from when it stands.", "--final-on")
    ] = None,
    procedure: Annotated[str | None, typer.Option(help="With filed: such as ES_MONITORIO.")] = None,
    court: Annotated[str | None, typer.Option(help="With filed: the court's name.")] = None,
    number: Annotated[str | None, typer.Option(help="With filed: the court's number.")] = None,
    person: Annotated[
        list[str] | None, typer.Option(help="With filed: against whom. Default: the borrower.")
    ] = None,
    code: Annotated[
        list[str] | None, typer.Option(help="With check: what was checked, such as MASC.")
    ] = None,
    reference: Annotated[
        str | None, typer.Option(help="The paper that proves it: a receipt, a decision, a scan.")
    ] = None,
    why: Annotated[
        str | None, typer.Option(help="Words for the record, without personal data.")
    ] = None,
    as_json: AsJson = False,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Show how a loan stands before a court, or record what happened there.

    Without a step: what is still missing before court, the dossier that waits, every suit with its
    days, costs and what is left, and what an agreement would do to it. Nothing is sent to a court:
    a person files, then says so here, with the court's receipt as `--reference`.

    *Try:* `recovery proceedings LOAN filed --procedure ES_MONITORIO --court "Madrid 4" --number
    1234/2026 --amount 310.00 --reference R-77`, then `... hearing --by-on 2026-09-01`,
    `... judgment --outcome creditor --amount 310.00 --final-on 2026-10-01`, or
    `... ended --outcome withdrawn`.
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    stored = load_loan(loan, ports)
    if step is None:
        found = read_judicial(loan, ports.now(), ports)
        if as_json:
            console.print_json(json.dumps(found))
        else:
            _show(found)
        return
    if step not in STEPS:
        raise TargetError(f"{step!r} is no step. Use one of: {', '.join(STEPS)}.")
    given = {
        "on": _day(on),
        "by_on": _day(by_on),
        "answered_by": answered_by,
        "step_id": met,
        "amount": amount,
        "income": income,
        "outcome": outcome,
        "final_on": _day(final_on),
        "reference": reference,
    }
    if step in ("check", "answer"):
        codes = [QUESTION] if step == "answer" else code or []
        bodies = [_body("pre_action_check", given, why, codes=codes)]
    elif step == "filed":
        persons = person or [stored.loan.borrower_id]
        named = {"persons": persons, "procedure": procedure, "court": court}
        filed = _body("suit", {**given, "reference": number}, why, **named)
        receipt = {"on": given["on"], "reference": reference}
        stamped = _body("court_step", receipt, why, suit_id=filed["fact_id"], step="receipt")
        bodies = [filed, stamped] if reference else [filed]
    else:
        suit_id = suit or _only_suit(loan, ports)
        kind = "suit_end" if step == "ended" else "court_step"
        named = {} if step == "ended" else {"step": step.replace("-", "_")}
        bodies = [_body(kind, given, why, suit_id=suit_id, **named)]
    for body in bodies:
        record_text(target, chosen, loan, json.dumps(body), by)


def _body(kind: str, given: Mapping[str, Any], why: str | None, **named: Any) -> dict[str, Any]:
    """Return the fact; its id follows from what it says, so that a repeat changes nothing."""
    said = {name: value for name, value in {**given, **named}.items() if value is not None}
    text = json.dumps([kind, said], sort_keys=True)
    fact_id = f"{kind.replace('_', '-')}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    reason = why or "recorded from the papers"
    return {"kind": kind, "fact_id": fact_id, "reason": reason, **said}


def _only_suit(loan: str, ports: Any) -> str:
    found: Any = read_judicial(loan, ports.now(), ports)
    suits = found["proceedings"]
    still = [each for each in suits if not each["ended"]] or suits
    if len(still) != 1:
        known = ", ".join(each["suit_id"] for each in suits) or "none"
        raise TargetError(f"Say which suit with --suit. On record: {known}.")
    suit_id: str = still[0]["suit_id"]
    return suit_id


def _day(on: datetime | None) -> str | None:
    return on.date().isoformat() if on else None


def _show(found: Mapping[str, Any]) -> None:
    where = f"{in_words(found['stage'])} since {found['stage_since']}" if found["stage"] else ""
    title(f"{found['loan_id']}: {where or 'no case'}")
    if before := found["pre_action"]:
        waits = ", ".join((*before["waits_for"], *before["stopped_by"]))
        asked = f"question to answer: {before['question']}" if before["question"] else ""
        said = "ready for its dossier" if before["ready"] else f"waits for {waits or 'an answer'}"
        entry(f"Before {before['procedure']}: {said}", asked)
    if dossier := found["dossier"]:
        _show_dossier(dossier, found["loan_id"])
    for suit in found["proceedings"]:
        _show_suit(suit)
    for effect in found["way_back"]:
        ask = " Ask a lawyer." if effect["ask_a_lawyer"] else ""
        entry(f"An agreement now, {effect['what']}", f"{effect['effect']}.{ask}", effect["source"])


def _show_dossier(dossier: Mapping[str, Any], loan_id: str) -> None:
    decision, claim = dossier["contents"]["decision"], dossier["contents"]["claim"]
    holds = "" if dossier["holds"] else ", no longer true"
    entry(
        f"Dossier {shown(dossier['hash'])} of {dossier['as_of']}{holds}",
        f"{decision['procedure']}, {decision['status']}: {claim['total']} {claim['currency']}",
        *(f"{each['id']}: {each['outcome'] or 'waits'}" for each in dossier["questions"]),
        f"Its PDF and ZIP: recovery dossier {loan_id} --save-to .",
        "All of it: --json",
    )


def _show_suit(suit: Mapping[str, Any]) -> None:
    judged = suit["judgment"]
    entry(
        f"{suit['suit_id']}: {suit['procedure']}, {suit['court']} {suit['number']}",
        f"filed {suit['filed_on']}, claimed {suit['claimed']}, left {suit['left']}",
        *(f"{each['what']} by {each['by_on']}, {each['step_id']}" for each in suit["waits"]),
        f"costs {suit['costs']}, refunded {suit['refunded']}, awarded {suit['awarded']}",
        f"judgment of {judged['on']} for the {judged['for']}" if judged else "",
        f"may be enforced until {suit['enforce_by']}" if suit["enforce_by"] else "",
        f"ended {suit['ended']['on']}: {suit['ended']['outcome']}" if suit["ended"] else "",
    )
