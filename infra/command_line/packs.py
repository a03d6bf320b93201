"""packs: the law as dated rules: check the files, show a rule on a day, list what is due."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from infra.command_line.options import AsJson, console, day_option, entry
from infra.deployment.target import TargetError
from recovery.documents.packs.checking import check_pack
from recovery.documents.packs.reading import shipped_files
from recovery.documents.shared.plain import to_plain
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.shared.packs import Rule, may_permit, rules_of

_ABOUT = {
    "id",
    "source",
    "confidence",
    "valid_from",
    "valid_to",
    "review_by",
    "says",
    "first_day_unverified",
}
_CONFIDENCE = {
    "H": "the text of the law was read",
    "M": "known only from what others write about it",
    "U": "unverified: it may warn and restrain, never permit",
}
On = Annotated[datetime | None, day_option("The day to look at; today if omitted.", "--on")]
By = Annotated[datetime | None, day_option("Up to this day; today if omitted.", "--by")]


def add_to(app: typer.Typer) -> None:
    """Register the group of commands."""
    packs = typer.Typer(
        no_args_is_help=True,
        help="The law as dated rules, one folder per country, each rule with its source.",
    )
    packs.command()(check)
    packs.command()(show)
    packs.command()(due)
    app.add_typer(packs, name="packs")


def check() -> None:
    """Check every file against its schema; list each wrong field with the reason.

    Exits with 1 if any is wrong.
    """
    problems, files, rules = [], 0, 0
    for place, name, text in shipped_files():
        files += 1
        try:
            rules += len(list(rules_of(check_pack(text, place, name.removesuffix(".toml")))))
        except InvalidDocumentError as error:
            problems.extend(error.problems)
    for each in problems:
        console.print(f"- {each}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"{files} files, {rules} rules, {len(problems)} problems.")
    if problems:
        raise typer.Exit(1)


def show(
    rule: Annotated[str, typer.Argument(help="A rule's id, or how its id starts: es.judicial")],
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Show a rule as it is on a day: what it says, its source, its age, what may rest on it.

    *Try:* `recovery packs show es.judicial.bar.verbal_amount --on 2024-03-19`
    """
    day = _day(on)
    named = [each for each in _all() if each.id == rule or each.id.startswith(f"{rule}.")]
    if not named:
        raise TargetError(f"No rule has the id {rule!r}. `recovery packs due` lists ids.")
    found = [each for each in named if each.holds(day)]
    if as_json:
        print(json.dumps([{"id": each.id, **to_plain(each)} for each in found], default=str))
        return
    for each in found:
        entry(each.id, *_lines(each, day))
    if not found:
        periods = ", ".join(_period(each) for each in named)
        console.print(
            f"It does not hold on {day}; it holds {periods}.", highlight=False, soft_wrap=True
        )


def due(by: By = None, as_json: AsJson = False) -> None:
    """List the rules in force that someone has to look at again by a day, the first one first.

    After that day nobody vouches for them, and nothing adverse rests on them. Those whose first day
    is only general knowledge are listed too.
    """
    day = _day(by)
    found = [each for each in _all() if each.holds(day) and each.review_by <= day]
    found = sorted(found, key=lambda each: (each.review_by, each.id))
    if as_json:
        print(json.dumps([{"id": each.id, "review_by": str(each.review_by)} for each in found]))
        return
    for each in found:
        console.print(f"{each.review_by}  {each.id}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"{len(found)} rules are due for review by {day}.", highlight=False)
    unsure = [each for each in _all() if each.holds(day) and each.first_day_unverified]
    for each in unsure:
        entry(each.id, f"holds from {each.valid_from} only by general knowledge: look it up")
    if unsure:
        console.print(f"Of {len(unsure)} rules the first day is not verified.", highlight=False)


def _day(given: datetime | None) -> date:
    return (given or datetime.now(UTC)).date()


def _all() -> Iterator[Rule]:
    for place, name, text in shipped_files():
        yield from (rule for _, rule in rules_of(check_pack(text, place, name[: -len(".toml")])))


def _lines(rule: Rule, day: date) -> Iterator[str]:
    yield str(getattr(rule, "says", ""))
    values = to_plain(rule)
    yield from (f"{name}: {value}" for name, value in values.items() if name not in _ABOUT)
    yield f"source: {rule.source}"
    yield f"confidence {rule.confidence}: {_CONFIDENCE[rule.confidence]}"
    unsure = ", a first day that nobody verified" if rule.first_day_unverified else ""
    yield f"holds {_period(rule)}{unsure}; {(day - rule.valid_from).days} days old on {day}"
    rests = "an adverse step may" if may_permit(rule, day) else "no adverse step may"
    yield f"review by {rule.review_by}; {rests} rest on it on {day}"


def _period(rule: Rule) -> str:
    until = f" to {rule.valid_to}" if rule.valid_to else " on"
    return f"from {rule.valid_from}{until}"
