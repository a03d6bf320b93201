"""cases: what waits for people, what is at risk or held back, and what is in a stage."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.command_line.options import AsJson, Aws, Institution, console, entry, title
from infra.deployment.target import TargetError, find_target
from recovery.domain.cases.stages import Stage, in_words
from recovery.domain.shared.actor import Role
from recovery.domain.shared.in_words import days_in_words
from recovery.use_cases.cases.list_cases import list_at_risk, list_restrained, list_stage
from recovery.use_cases.cases.list_waiting import list_waiting

if TYPE_CHECKING:
    from recovery.wiring import InstitutionWiring


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(cases)


def cases(
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Tasks and questions that wait for people.")
    ] = False,
    at_risk: Annotated[
        bool,
        typer.Option("--at-risk", help="Cases that a risk signal opened; nothing is overdue yet."),
    ] = False,
    restrained: Annotated[
        bool, typer.Option("--restrained", help="People and loans that something holds back.")
    ] = False,
    stage: Annotated[Stage | None, typer.Option(help="Open cases in this stage.")] = None,
    role: Annotated[
        Role | None, typer.Option("--for", help="With --waiting: only what waits for this role.")
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, help="With --at-risk or --stage: the most cases to show.")
    ] = 200,
    as_json: AsJson = False,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """List what waits, is at risk or held back, or is in a stage: since when and why, the longest
    first."""
    if [waiting, at_risk, restrained, stage is not None].count(True) != 1:
        raise TargetError("Say which cases: --waiting, --at-risk, --restrained or --stage STAGE.")
    if role and not waiting:
        raise TargetError("Leave out --for: it is only for --waiting.")
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    if waiting:
        found = list_waiting(chosen, ports.now(), ports, role)
        heading = f"{len(found)} waiting for {role or 'anybody'}"
        _show(found, heading, _waiting, as_json=as_json)
    elif restrained:
        held = list_restrained(chosen, ports.now(), ports)
        _show(held, f"{len(held)} held back", _restrained, as_json=as_json)
    else:
        _show_cases(stage, limit, ports, as_json=as_json)


def _show_cases(
    stage: Stage | None, limit: int, ports: InstitutionWiring, *, as_json: bool
) -> None:
    page: dict[str, Any] = (
        list_stage(stage, ports, limit=limit) if stage else list_at_risk(ports, limit=limit)
    )
    found, where = page["cases"], f"in {in_words(stage)}" if stage else "at risk"
    counted = "1 case" if len(found) == 1 else f"{len(found)} cases"
    more = ", and more: use --limit" if page["next"] else ""
    _show(found, f"{counted} {where}{more}", _case, as_json=as_json)


def _show(
    found: list[dict[str, object]],
    heading: str,
    show: Callable[[Mapping[str, Any]], None],
    *,
    as_json: bool,
) -> None:
    if as_json:
        console.print_json(json.dumps(found))
        return
    title(heading)
    for each in found:
        show(each)


def _waiting(each: Mapping[str, Any]) -> None:
    until = f", until {each['until']}" if each["until"] else ""
    head = f"since {each['since']}{until}: {in_words(each['what'])}, {each['about']}"
    whose = f"for {', '.join(each['for'])}" + (f", with {each['with']}" if each["with"] else "")
    read = each.get("read")
    entry(head, each["why"], whose, each["id"], f"Read it: {read['command']}" if read else "")


def _case(each: Mapping[str, Any]) -> None:
    days = each["days_past_due"]
    overdue = f", {each['overdue']} {each['currency']} overdue" if each["overdue"] else ""
    late = f", {days_in_words(days)} past due" if days else ""
    head = f"since {each['since']}: {each['case_id']}{overdue}{late}"
    entry(head, each["why"], f"officer: {each['officer']}" if each["officer"] else "")


def _restrained(each: Mapping[str, Any]) -> None:
    held_by = ", ".join(dict.fromkeys(in_words(held["kind"]) for held in each["held_by"]))
    who, until = each.get("person") or each.get("loan"), each["until"] or "further notice"
    entry(f"since {each['since']}, until {until}: {who}, {held_by}", *map(_where, each["loans"]))


def _where(loan: Mapping[str, Any]) -> str:
    if not loan["case_id"]:
        return f"{loan['loan_id']}: no case"
    return f"{loan['loan_id']}: {in_words(loan['stage'])} since {loan['stage_since']}"
