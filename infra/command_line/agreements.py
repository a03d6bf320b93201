"""assess, options: what a household can repay, and what helps a borrower in difficulty."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from infra.command_line.actors import deciding_actor
from infra.command_line.answers import answer_all, show_json
from infra.command_line.options import Aws, By, Institution, console, text_of
from infra.deployment.target import TargetError, find_target
from recovery.documents.agreements.assessment_request import assessment_request, options_request
from recovery.documents.questions.assessment_question import assessment_schema
from recovery.documents.questions.options_question import options_schema
from recovery.domain.shared.errors import (
    ConflictError,
    NotAllowedError,
    NotOnRecordError,
    RefusedError,
)
from recovery.ports.accounting import LoanNotFoundError
from recovery.use_cases.agreements.answer_capacity import answer_assessment, answer_options
from recovery.use_cases.agreements.assess import assessment_record_document, record_assessment
from recovery.use_cases.agreements.offer_options import offer_options

_EXAMPLES = Path(__file__).with_name("examples")
_REFUSALS = (RefusedError, NotAllowedError, NotOnRecordError, ConflictError, LoanNotFoundError)
AsTable = Annotated[bool, typer.Option("--table", help="Print sentences instead of JSON.")]
Example = Annotated[bool, typer.Option("--example", help="Print a sample question to start from.")]
Schema = Annotated[bool, typer.Option("--schema", help="Print the question's JSON Schema.")]
Language = Annotated[
    str | None, typer.Option(help="The language of the words; by default the person's own.")
]


def add_to(app: typer.Typer) -> None:
    """Register the commands in the order --help shows them."""
    app.command()(assess)
    app.command()(options)


def assess(
    file: Annotated[
        str | None,
        typer.Argument(metavar="FILE|-", help="JSON or JSON Lines; - reads standard input."),
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(help="Keep it on record for this person; our own books are looked up."),
    ] = None,
    table: AsTable = False,
    example: Example = False,
    schema: Schema = False,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Judge what a household can repay: accept, refer or decline, why, and what would make it yes.

    A question gives the household's incomes with their evidence, living costs, debts, and the loan
    asked for. Income that is told and not proven counts neither as zero nor as proven. A decline is
    a proposal: a person decides. Without `--person` nothing is stored; with it, FILE is the body of
    `POST /persons/{person_id}/assessments`.

    *Try:* `recovery assess --example | recovery assess - --table`
    """
    if _shown("assess", example, schema, assessment_schema):
        return
    if person is None:
        show = _show_assessment if table else show_json
        with opened(file) as stream:
            answer_all(stream, answer_assessment, show)
        return
    with opened(file) as stream:
        body = text_of(stream)
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports, actor = target.of(chosen), deciding_actor(target, chosen, by)
    with _in_words():
        request = assessment_request(body)
        done = record_assessment(chosen, person, request, actor, ports.now(), ports)
    shown = assessment_record_document(done.record)
    _show_assessment(shown) if table else show_json(shown)


def options(
    what: Annotated[
        str | None,
        typer.Argument(metavar="LOAN|FILE|-", help="A loan on record, or questions as JSON."),
    ] = None,
    reason: Annotated[
        str,
        typer.Option(
            help="Of a loan on record: lean_season, less_income, more_costs, one_off, other_day,"
            " lasting or not_said."
        ),
    ] = "not_said",
    lump_sum: Annotated[str, typer.Option(help="What the borrower can pay at once.")] = "0",
    language: Language = None,
    table: AsTable = False,
    example: Example = False,
    schema: Schema = False,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Find two or three ways for a borrower in difficulty that fit what the household can repay.

    Each shows the next payment, the most of a month, the last date, the total and the difference to
    today, in the borrower's words; beside it what the institution gives up, and who may approve it.
    Every other way is named with the reason why not. A loan on record is measured by the assessment
    in force of its borrower (`recovery assess --person`). Nothing is agreed here.

    *Try:* `recovery options --example | recovery options - --table`
    """
    if _shown("options", example, schema, options_schema):
        return
    show = _show_options if table else show_json
    if what is None or what == "-" or Path(what).is_file():
        with opened(what) as stream:
            answer_all(stream, answer_options, show)
        return
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports, actor = target.of(chosen), deciding_actor(target, chosen, by)
    asked: dict[str, object] = {"reason": reason, "lump_sum": lump_sum}
    if language:
        asked["language"] = language
    with _in_words():
        body = options_request(json.dumps(asked))
        show(offer_options(chosen, what, body, actor, ports.now(), ports))


def _show_assessment(answered: dict[str, Any]) -> None:
    """Print what the applicant reads."""
    if "in_words" not in answered:
        show_json(answered)
        return
    words = answered["in_words"]
    _print(words["verdict"])
    for name in ("reasons", "would_be_yes", "notes"):
        for sentence in words[name]:
            _print(f"- {sentence}")


def _show_options(answered: dict[str, Any]) -> None:
    """Print the options one below the other, as the borrower reads them."""
    if "options" not in answered:
        show_json(answered)
        return
    for number, each in enumerate(answered["options"], start=1):
        words = each["in_words"]
        _print(f"{number}. {words['name']}")
        for line in (words["what"], *words["facts"], words["if_missed"]):
            _print(f"   {line}")
        _print(f"   ({each['kind']}, approved by: {each['approved_by']})")
    if not answered["options"]:
        _print("No option fits: a person has to look for another way.")
    for each in answered["refused"]:
        _print(f"- {each['in_words']['name']}: {each['in_words']['why_not']}")


def _shown(command: str, example: bool, schema: bool, schema_text: Callable[[], str]) -> bool:
    if example:
        print((_EXAMPLES / f"{command}.json").read_text(encoding="utf-8"), end="")
    elif schema:
        print(schema_text())
    return example or schema


@contextmanager
def opened(file: str | None) -> Iterator[BinaryIO]:
    """Open the file, or standard input. Raises TargetError if there is none."""
    if file is None:
        raise TargetError("Give a file with questions, or - to read standard input. See --example.")
    if file == "-":
        yield sys.stdin.buffer
        return
    if not Path(file).is_file():
        raise TargetError(f"{file} is not a file. Give one, or - to read standard input.")
    with Path(file).open("rb") as stream:
        yield stream


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn a refusal into an error that is printed without a traceback."""
    try:
        yield
    except _REFUSALS as error:
        raise TargetError(f"{error}.") from None


def _print(line: str) -> None:
    console.print(line, soft_wrap=True, highlight=False, markup=False)
