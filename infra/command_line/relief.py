"""relief: give many borrowers in trouble more time at once, look first, take it back as one."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from infra.command_line.actors import deciding_actor
from infra.command_line.loan_status import table_of
from infra.command_line.options import (
    AsJson,
    Aws,
    By,
    Institution,
    Why,
    console,
    counting,
    day_option,
    entry,
    refusals_in_words,
    text_of,
    title,
)
from infra.deployment.target import TargetError, find_target
from recovery.documents.portfolio.relief_applications import read_applications
from recovery.documents.portfolio.relief_rule import (
    drafted,
    read_relief_rule,
    relief_rule_document,
)
from recovery.domain.accounting.sale_list import RowProblem
from recovery.domain.agreements.relief_rule import ReliefRule
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import IdTakenError, NotAllowedError
from recovery.use_cases.portfolio.relief import Asked, Relieved, relieve_loans
from recovery.use_cases.portfolio.relief_document import relief_document
from recovery.use_cases.portfolio.undo_relief import undo_relief
from recovery.use_cases.shared.business_date import business_date

_EXAMPLE = Path(__file__).with_name("examples") / "relief.toml"
_NOBODY = Actor(id="dry-run", name="a dry run", roles=frozenset())
_COLUMNS = ("place", "currency", "loans", "owed", "overdue", "charges", "extra", "sorry")

DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what it would do, and write nothing.")
]
Names = list[str] | None


def add_to(app: typer.Typer) -> None:
    """Register the group of commands."""
    group = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="markdown",
        help="More time for many borrowers at once: after a flood, a lost harvest, a closed"
        " factory; by law or as the lender's own help. A dated rule, looked at before it is given.",
    )
    group.command()(example)
    group.command()(add)
    group.command()(show)
    group.command()(apply)
    group.command()(undo)
    app.add_typer(group, name="relief")


def example() -> None:
    """Print a rule to start from: a decree after a flood, whose time is over.

    *Try:* `recovery relief example > relief.toml`
    """
    print(_EXAMPLE.read_text(encoding="utf-8"), end="")


def add(
    file: Annotated[
        typer.FileBinaryRead, typer.Argument(metavar="FILE|-", help="The rule as TOML.")
    ],
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Put a rule on record. It never changes: another one needs another id."""
    target = find_target(real=aws)
    chosen = target.institution(institution)
    with refusals_in_words():
        rule = read_relief_rule(text_of(file))
    new = _saved(rule, target.of(chosen))
    console.print(f"{rule.relief_id} {'is' if new else 'was'} on record.", highlight=False)


def show(
    relief: Annotated[str | None, typer.Argument(help="A relief's id; all if omitted.")] = None,
    as_json: AsJson = False,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Show the reliefs on record: for whom, from when, for how long, by whose decision."""
    target = find_target(real=aws)
    ports = target.of(target.institution(institution))
    found = ports.reliefs.all() if relief is None else [_on_record(relief, ports)]
    if as_json:
        print(json.dumps([relief_rule_document(each) for each in found], ensure_ascii=False))
        return
    for rule in found:
        document = relief_rule_document(rule)
        entry(
            str(document.pop("id")),
            *(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in
              document.items()),
        )  # fmt: skip
    if not found:
        console.print("No relief is on record. Begin with `recovery relief example`.")


def apply(
    relief: Annotated[
        str | None, typer.Argument(help="A relief's id, or the file of a new one.")
    ] = None,
    place: Annotated[Names, typer.Option(help="For loans of this place; repeat.")] = None,
    sector: Annotated[Names, typer.Option(help="For loans of this sector; repeat.")] = None,
    employer: Annotated[Names, typer.Option(help="For this employer's people; repeat.")] = None,
    branch: Annotated[Names, typer.Option(help="For loans of this branch; repeat.")] = None,
    portfolio: Annotated[Names, typer.Option(help="For this portfolio; repeat.")] = None,
    product: Annotated[Names, typer.Option(help="For loans of this product; repeat.")] = None,
    from_: Annotated[
        datetime | None, day_option("The day from which it has its effect.", "--from")
    ] = None,
    months: Annotated[int, typer.Option(help="For how many months nothing falls due.")] = 3,
    applications: Annotated[
        typer.FileBinaryRead | None,
        typer.Option(metavar="FILE|-", help="Who asked for it, as CSV."),
    ] = None,
    decided: Annotated[
        Names, typer.Option(help="A loan that was for a person, who decided yes; repeat.")
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Give every loan the relief that gets it, from its first day on, also a past one.

    Without a rule on record, say for whom and from when: then nothing falls due for some months,
    at no cost, and later dates move. The letter says sorry to whoever was asked to pay meanwhile.
    What is refused says why; where a person has to decide, a task is opened. Run it again to
    complete an interrupted run: nothing is given twice.

    A list of applications has the columns `loan_id` and `applied_on`, and may have `applicant`,
    `proof`, `turnover` and `objected_by`.

    *Try:* `recovery relief apply --place Paiporta --from 2024-10-29 --dry-run`
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    whom = {"places": place, "sectors": sector, "employers": employer, "branches": branch,
            "portfolios": portfolio, "products": product}  # fmt: skip
    today = business_date(chosen, ports.now(), ports.institutions)
    with refusals_in_words():
        rule = _rule(relief, whom, from_, months, today, ports)
        asked, unread = _asked(rule, applications, decided)
    actor = _NOBODY if dry_run else deciding_actor(target, chosen, by)
    if not dry_run:
        _saved(rule, ports)
    total = len(asked.applications) if asked.applications is not None else None
    try:
        with refusals_in_words(), counting("Loans", total) as seen:
            done = relieve_loans(
                asked, chosen, actor, ports.now(), ports, dry_run=dry_run, seen=seen
            )
    except NotAllowedError as error:
        raise TargetError(str(error)) from None
    if as_json:
        print(json.dumps(relief_document(rule, done, unread), ensure_ascii=False, indent=2))
    else:
        _show(rule, done, unread, dry_run)
    if done.failed or unread:
        raise typer.Exit(1)


def undo(
    relief: Annotated[str, typer.Argument(help="The relief's id.")],
    why: Why,
    dry_run: DryRun = False,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Take a relief back from every loan, as if it had never been given.

    Whoever had the letter gets a call before anything is asked of them again.
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    _on_record(relief, ports)
    actor = _NOBODY if dry_run else deciding_actor(target, chosen, by)
    try:
        with counting("Loans") as seen:
            done = undo_relief(
                relief, chosen, why, actor, ports.now(), ports, dry_run=dry_run, seen=seen
            )
    except NotAllowedError as error:
        raise TargetError(str(error)) from None
    verb = "Would be undone" if dry_run else "Undone"
    title(f"{verb}: {len(done.undone)} loans; {done.letters} had the letter and are called.")
    for loan_id, problems in done.refused:
        entry(loan_id, *(f"not undone: {each}" for each in problems))
    for loan_id, error in done.failed:
        entry(loan_id, f"failed: {error!r}", late=True)
    if done.refused or done.failed:
        raise typer.Exit(1)


def _rule(
    relief: str | None,
    whom: dict[str, Names],
    from_: datetime | None,
    months: int,
    today: date,
    ports: Any,
) -> ReliefRule:
    named = {name: names for name, names in whom.items() if names}
    if relief is None:
        if not named or from_ is None:
            raise TargetError(
                "Name a relief, or say for whom (--place, --sector, ...) and --from which day."
            )
        return drafted(named, from_.date(), months, today, "The lender's own decision")
    if named or from_:
        raise TargetError("Leave out for whom and from when: the relief says so.")
    file = Path(relief)
    if file.is_file():
        return read_relief_rule(file.read_text(encoding="utf-8-sig"))
    return _on_record(relief, ports)


def _asked(
    rule: ReliefRule, file: typer.FileBinaryRead | None, decided: Names
) -> tuple[Asked, list[RowProblem]]:
    applications, unread = None, list[RowProblem]()
    if file is not None:
        found, unread = read_applications(text_of(file), rule.currency)
        applications = {each.loan_id: each for each in found}
    return Asked(rule=rule, applications=applications, decided=frozenset(decided or ())), unread


def _on_record(relief_id: str, ports: Any) -> ReliefRule:
    rule = ports.reliefs.find(relief_id)
    if rule is None:
        known = ", ".join(each.relief_id for each in ports.reliefs.all()) or "none"
        raise TargetError(f"There is no relief {relief_id}. On record: {known}.")
    found: ReliefRule = rule
    return found


def _saved(rule: ReliefRule, ports: Any) -> bool:
    try:
        return bool(ports.reliefs.save(rule))
    except IdTakenError as error:
        raise TargetError(f"{error}; give the new rule another id.") from None


def _show(rule: ReliefRule, done: Relieved, unread: list[RowProblem], dry_run: bool) -> None:
    document = relief_document(rule, done, unread)
    head = f"{rule.relief_id}: {'would be given' if dry_run else 'given'}, by place"
    rows = [tuple(str(each[name]) for name in _COLUMNS) for each in document["by_place"]]
    console.print(table_of(head, _COLUMNS, rows))
    by_person = sum(each.by_person for each in done.refused)
    counted = f"{len(done.granted)} loans, {len(done.unchanged)} had it"
    title(f"{counted}, {len(done.refused)} not, {by_person} of them for a person to decide.")
    if done.unknown:
        title(f"Of {len(done.unknown)} loans nobody said whether they are among those it is for.")
    for refused in done.refused:
        who = "a person decides" if refused.by_person else "refused"
        entry(refused.loan_id, *(f"{who}: {each.reason}" for each in refused.reasons))
    for row in unread:
        entry(f"row {row.number} {row.loan_id}", f"cannot be read: {row.problem}")
    for loan_id, error in done.failed:
        entry(loan_id, f"failed: {error!r}", late=True)
