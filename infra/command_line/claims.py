"""procedure, claim, limitation, sue-or-settle: which way, how much, until when, is it worth it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from infra.command_line.answers import Answer, answer_all, show_json
from infra.command_line.loan_status import load_loan, table_of
from infra.command_line.options import Aws, Institution, console, day_option, refusals_in_words
from infra.command_line.questions import AsTable, Example, File, Schema, given, shown
from infra.deployment.target import find_target
from recovery.documents.questions.claim import answer_claim, claim_schema
from recovery.documents.questions.limitation import answer_limitation, limitation_schema
from recovery.documents.questions.procedure import answer_procedure, procedure_schema
from recovery.documents.questions.sue_or_settle import (
    answer_sue_or_settle,
    sue_or_settle_schema,
)
from recovery.use_cases.judicial.claim_of_loan import (
    RecordedQuestion,
    claim_question_of,
    limitation_question_of,
)
from recovery.use_cases.judicial.procedure_of_loan import procedure_question_of
from recovery.use_cases.shared.business_date import business_date

if TYPE_CHECKING:
    from recovery.wiring import InstitutionWiring

OfLoan = Annotated[str | None, typer.Option("--loan", help="Ask about a loan on record instead.")]
AsOf = Annotated[
    datetime | None, day_option("The day to ask about. Default: the business date.", "--as-of")
]
Question = Annotated[
    bool, typer.Option("--question", help="Print the question from the record, to complete it.")
]

Listing = Annotated[
    bool, typer.Option("--listing", help="Ask about a register of unpaid debts, for a loan.")
]

_LINE_COLUMNS = ("kind", "part", "from", "to", "days", "base", "annual_pct", "amount", "rules")
_RANGES = ("net", "recovery", "cost", "months")
_CLOCK_COLUMNS = ("person", "parts", "status", "since", "prescribes_on", "counted", "not_counted")


def add_to(app: typer.Typer) -> None:
    """Register the commands in the order --help shows them."""
    app.command()(procedure)
    app.command()(claim)
    app.command()(limitation)
    app.command("sue-or-settle")(sue_or_settle)


def procedure(
    file: File = None,
    loan: OfLoan = None,
    as_of: AsOf = None,
    listing: Listing = False,
    question: Question = False,
    example: Example = False,
    schema: Schema = False,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Decide which legal procedure a claim may take on a day, whether now, and why.

    A question gives the `jurisdiction` (ES, NL, or EU across a border), the date `as_of`, and the
    `facts`; a fact that is left out is not known. `status` is READY, NEEDS_PREREQUISITE (`missing`
    says what) or BLOCKED. Every reason has its rule, source, confidence and age; `ask` names the
    facts that a person has to confirm before anything is filed. It is no legal advice.

    *Try:* `recovery procedure --example | recovery procedure -`

    *A loan on record:* `recovery procedure --loan LOAN` says where each fact comes from, and has
    the checklist of friendly ways with its evidence. Title and steps before court are facts of the
    loan (`recovery fact example contract`); what is not on record is asked for: save the question,
    add it, ask again: `recovery procedure --loan LOAN --question > claim.json`. With `--listing` it
    says whether the debt may be given to a register of unpaid debts.
    """
    if shown("procedure", example, schema, procedure_schema):
        return
    if loan is None:
        answer_all(given(file), answer_procedure, show_json)
        return
    ports, on = _record(institution, aws=aws, as_of=as_of)
    _answer_loan(
        loan,
        ports,
        lambda: procedure_question_of(loan, on, ports, listing=listing),
        answer_procedure,
        question,
        show_json,
    )


def claim(
    file: File = None,
    loan: OfLoan = None,
    as_of: AsOf = None,
    question: Question = False,
    table: AsTable = False,
    example: Example = False,
    schema: Schema = False,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Calculate what can be claimed on a debt, as a statement that a judge can check.

    Principal, ordinary and late interest by period at the lawful rate, costs, and what payments
    paid: a line each, with days, base, rate and the rule behind it; the lines add up to the total.
    Disputed parts, and with `history` parts that are too old, are left out and named. No rate is
    guessed: days without a verified one bear no interest, and `ask` says what is missing.

    *Try:* `recovery claim --example | recovery claim --table -`

    *A loan on record:* `recovery claim --loan LOAN` says where each fact comes from. To add what
    the record lacks, save the question: `recovery claim --loan LOAN --question > claim.json`.
    """
    show = _show_claim if table else show_json
    if shown("claim", example, schema, claim_schema):
        return
    if loan is None:
        answer_all(given(file), answer_claim, show)
    else:
        ports, on = _record(institution, aws=aws, as_of=as_of)
        _answer_loan(
            loan, ports, lambda: claim_question_of(loan, on, ports), answer_claim, question, show
        )


def limitation(
    file: File = None,
    loan: OfLoan = None,
    as_of: AsOf = None,
    question: Question = False,
    table: AsTable = False,
    example: Example = False,
    schema: Schema = False,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Work out until when a debt can be claimed from each person, and which acts counted.

    A question gives the parts of the debt, who owes or guarantees it, and what was done: demands,
    acknowledgements, payments, requests to negotiate, suits, each with its proof. The answer has a
    clock for each part and person, why an act did not count, the days on which to be warned, and
    how to behave once a debt is too old.

    *Try:* `recovery limitation --example | recovery limitation --table -`

    *A loan on record:* `recovery limitation --loan LOAN`; with `--question` the question, to which
    you can add what the record lacks.
    """
    show = _show_limitation if table else show_json
    if shown("limitation", example, schema, limitation_schema):
        return
    if loan is None:
        answer_all(given(file), answer_limitation, show)
    else:
        ports, on = _record(institution, aws=aws, as_of=as_of)
        _answer_loan(
            loan,
            ports,
            lambda: limitation_question_of(loan, on, ports),
            answer_limitation,
            question,
            show,
        )


def sue_or_settle(
    file: File = None, table: AsTable = False, example: Example = False, schema: Schema = False
) -> None:
    """Compare going to court with settling, waiting and writing off: recovery, cost and time.

    Every figure is a range, and every assumption is shown as said or assumed: replace the assumed
    ones by your own. An option is called better only if its worst beats the other's best; if none
    is, a person decides. What limitation forbids is ruled out, and what is out of proportion said.

    *Try:* `recovery sue-or-settle --example | recovery sue-or-settle --table -`
    """
    if not shown("sue-or-settle", example, schema, sue_or_settle_schema):
        answer_all(given(file), answer_sue_or_settle, _show_options if table else show_json)


def _record(
    institution: str | None, *, aws: bool, as_of: datetime | None
) -> tuple[InstitutionWiring, date]:
    """Return the institution's ports, and the day asked for or else its business date."""
    target = find_target(real=aws)
    name = target.institution(institution)
    ports = target.of(name)
    return ports, as_of.date() if as_of else business_date(name, ports.now(), ports.institutions)


def _answer_loan(
    loan: str,
    ports: InstitutionWiring,
    read: Callable[[], RecordedQuestion],
    answer: Answer,
    question: bool,
    show: Callable[[dict[str, Any]], None],
) -> None:
    load_loan(loan, ports)  # says what to do if there is none
    found = read()
    if question:
        print(json.dumps(found.values, indent=2))
        return
    with refusals_in_words():
        answered = answer(found.values)
    named = {each["fact"] for each in found.asked()}
    asked = [*found.asked(), *(each for each in answered["ask"] if each["fact"] not in named)]
    show({**answered, "ask": asked, "facts_from": found.facts_from()})


def _show_claim(answer: dict[str, Any]) -> None:
    if "lines" not in answer:
        show_json(answer)
        return
    rows = [
        (
            each["kind"].replace("_", " "),
            each.get("part") or each.get("payment"),
            *(each.get(name) for name in _LINE_COLUMNS[2:-1]),
            ", ".join(each["rules"]),
        )
        for each in answer["lines"]
    ]
    filing = "" if answer["may_be_filed"] else ", not to be filed yet"
    title = f"{answer.get('id', 'claim')}: {answer['total']} {answer['currency']}{filing}"
    _print(table_of(title, _LINE_COLUMNS, rows))
    left = [(each.get("part"), each["amount"], each["meaning"]) for each in answer["not_claimed"]]
    if left:
        _print(table_of("Not claimed", ("part", "amount", "why"), left))
    _show_asked(answer)


def _show_limitation(answer: dict[str, Any]) -> None:
    if "clocks" not in answer:
        show_json(answer)
        return
    rows = [
        (
            each["person"],
            ", ".join(each["parts"]),
            each["status"].replace("_", " "),
            each["started_on"],
            each["prescribes_on"],
            ", ".join(f"{act['id']} ({act['on']})" for act in each["counted"]),
            "; ".join(f"{act['id']}: {act['meaning']}" for act in each["not_counted"]),
        )
        for each in answer["clocks"]
    ]
    _print(table_of(f"{answer.get('id', 'debt')} at {answer['as_of']}", _CLOCK_COLUMNS, rows))
    dates = [
        (each["on"], each["kind"].replace("_", " "), each["person"], ", ".join(each["parts"]))
        for each in answer["next_dates"]
    ]
    if dates:
        _print(table_of("Next dates", ("on", "what", "person", "parts"), dates))
    _show_asked(answer)


def _show_options(answer: dict[str, Any]) -> None:
    if "options" not in answer:
        show_json(answer)
        return
    rows = [
        (
            each["name"],
            *(f"{each[name]['low']} to {each[name]['high']}" for name in _RANGES),
            "; ".join(caution["meaning"] for caution in each["cautions"]),
        )
        for each in answer["options"]
    ]
    best = answer["surely_best"] or "none is surely best: a person decides"
    title = f"{answer.get('id', 'claim')}: {answer['claim']} {answer['currency']}; {best}"
    _print(table_of(title, ("option", *_RANGES, "cautions"), rows))


def _show_asked(answer: dict[str, Any]) -> None:
    if answer["ask"]:
        asked = [(each["fact"], each["why"]) for each in answer["ask"]]
        _print(table_of("Not known", ("ask for", "because"), asked))
    if answer.get("facts_from"):
        origins = [(each["fact"], each["origin"]) for each in answer["facts_from"]]
        _print(table_of("Where the facts come from", ("fact", "origin"), origins))


def _print(table: Any) -> None:
    """Print a table as wide as it needs: figures are never cut."""
    Console(width=max(console.width, 160)).print(table)
