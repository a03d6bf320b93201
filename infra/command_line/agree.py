"""offer, agree, plan: what a borrower in difficulty is offered, says yes to, and keeps."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from infra.command_line.agree_by_code import answer_codes, send_codes, show_letters
from infra.command_line.facts import record_text
from infra.command_line.loan_status import load_loan, table_of
from infra.command_line.options import (
    AsJson,
    Aws,
    By,
    Institution,
    LoanId,
    Why,
    console,
    day_option,
)
from infra.command_line.promises import OwnId, own_id
from infra.deployment.target import find_target
from recovery.documents.agreements.agreement_document import plan_document
from recovery.domain.accounting.agreed import Agreement, Offer
from recovery.domain.agreements.agreeing import BY_CODE
from recovery.domain.agreements.option_kinds import Difficulty, Kind
from recovery.domain.agreements.payment_plan import plans_of
from recovery.use_cases.accounting.read_loan import facts_of
from recovery.use_cases.shared.business_date import business_date


def add_to(app: typer.Typer) -> None:
    """Register the commands in the order --help shows them."""
    app.command()(offer)
    app.command()(agree)
    app.command()(plan)


def offer(
    loan: LoanId,
    why: Why,
    difficulty: Annotated[
        Difficulty, typer.Option(help="Why the borrower cannot pay as agreed.")
    ] = Difficulty.NOT_SAID,
    lump_sum: Annotated[str, typer.Option(help="What the borrower can pay at once.")] = "0",
    due_day: Annotated[
        int | None, typer.Option(help="The day of the month that suits the borrower.")
    ] = None,
    starts_on: Annotated[
        datetime | None, day_option("The day before which nothing new is asked for.")
    ] = None,
    expires_on: Annotated[
        datetime | None, day_option("The last day for a yes; by default as the policy says.")
    ] = None,
    id: OwnId = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Put on record what a borrower in difficulty is offered, and why not the rest.

    Every option is measured by the capacity in force of the borrower (`recovery assess --person`).
    The offer shows that each was considered, and `recovery agree` accepts one of them.

    *Try:* `recovery offer LOAN --difficulty less_income --why "lost her second job"`
    """
    body: dict[str, Any] = {"kind": "offer", "difficulty": difficulty.value, "reason": why}
    body["lump_sum"] = lump_sum
    if due_day:
        body["due_day"] = due_day
    if starts_on:
        body["starts_on"] = f"{starts_on.date()}"
    if expires_on:
        body["expires_on"] = f"{expires_on.date()}"
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    load_loan(loan, ports)
    # An offer of another day is another offer, though it is asked for in the same words.
    today = business_date(chosen, ports.now(), ports.institutions)
    fact_id = id or own_id("OF", f"{loan} {today}", body)
    record_text(target, chosen, loan, json.dumps({"fact_id": fact_id, **body}), by)
    for each in facts_of(ports.loans.recorded(loan), load_loan(loan, ports).loan.currency):
        if each["fact_id"] == fact_id:
            _show_offer(each)


def agree(
    loan: LoanId,
    why: Why,
    offer: Annotated[str, typer.Option(help="The offer, as `recovery plan LOAN` shows it.")],
    option: Annotated[Kind, typer.Option(help="What the debtors said yes to.")],
    signed_by: Annotated[list[str], typer.Option(help="A debtor who said yes; repeat for each.")],
    yes: Annotated[
        str, typer.Option(help="How: paper, read_aloud and played back, or code.")
    ] = "paper",
    code: Annotated[
        list[str] | None,
        typer.Option(help="What each who says yes was sent, in their order; without it, send it."),
    ] = None,
    proof: Annotated[
        str | None, typer.Option(help="The id of the signed paper or the recording.")
    ] = None,
    witness: Annotated[str | None, typer.Option(help="The id of who witnessed it.")] = None,
    consents: Annotated[
        list[str] | None, typer.Option(help="A guarantor who consents; repeat for each.")
    ] = None,
    lost: Annotated[
        list[str] | None, typer.Option(help="A guarantor who does not, and is given up.")
    ] = None,
    objected: Annotated[
        list[str] | None, typer.Option(help="A debtor who objected in writing; repeat for each.")
    ] = None,
    id: OwnId = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Record the borrower's yes to one option of an offer: it is in force at once.

    All debtors say yes, unless the law of the contract lets one do so for all. More time without a
    guarantor's consent frees the guarantor, so each of them consents or is named as lost. Above the
    policy's amounts a second person runs the same.
    A mistake is taken back by `recovery fact undo`.

    With `--yes code` each debtor, and each guarantor who consents, is sent a code first, to an
    address that only they read. Run the same with `--code` to answer with it.

    *Try:* `recovery agree LOAN --offer OF-1 --option payment_plan --signed-by B-1 --proof DOC-1`
    """
    body: dict[str, Any] = {
        "kind": "agreement",
        "offer_id": offer,
        "option": option.value,
        "yes": yes,
        "signed_by": signed_by,
        "consented": consents or [],
        "lost": lost or [],
        "objected": objected or [],
        "reason": why,
        **({"proof": proof} if proof else {}),
        **({"witness": witness} if witness else {}),
    }
    target = find_target(real=aws)
    chosen = target.institution(institution)
    if yes == BY_CODE:
        said = (target, chosen, loan, offer, option.value, [*signed_by, *(consents or [])])
        if not code:
            send_codes(*said)
            return
        answer_codes(*said, code)
    text = json.dumps({"fact_id": id or own_id("AG", loan, body), **body})
    record_text(target, chosen, loan, text, by)


def plan(
    loan: LoanId,
    letters: Annotated[
        str | None, typer.Option(help="Show the letters about this agreement instead.")
    ] = None,
    save_to: Annotated[
        Path | None, typer.Option(help="With --letters: the folder to save them in.")
    ] = None,
    as_json: AsJson = False,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """List a loan's offers and agreements, and what became of each payment plan.

    Everybody who said yes has a letter of what was agreed; it is theirs to have again.

    *Try:* `recovery plan LOAN` or `recovery plan LOAN --letters AG-1 --save-to .`
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    if letters:
        show_letters(target, chosen, loan, letters, save_to, by)
        return
    ports = target.of(chosen)
    currency = load_loan(loan, ports).loan.currency
    today = business_date(chosen, ports.now(), ports.institutions)
    recorded = ports.loans.recorded(loan)
    kept = {e.fact_id for e in recorded.counting() if isinstance(e.fact, Offer | Agreement)}
    facts = [each for each in facts_of(recorded, currency) if each["fact_id"] in kept]
    plans = {each.agreement_id: plan_document(each, today) for each in plans_of(recorded)}
    if as_json:
        shown = {"loan_id": loan, "facts": facts, "plans": list(plans.values())}
        print(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    columns = ("id", "on", "what", "status")
    rows = [_row(each, plans.get(f"{each['fact_id']}"), f"{today}") for each in facts]
    console.print(table_of(f"Offers and agreements on loan {loan}", columns, rows))


def _row(
    fact: dict[str, Any], plan: dict[str, Any] | None, today: str
) -> tuple[str, str, str, str]:
    if fact["kind"] == "offer":
        kinds = ", ".join(each["kind"] for each in fact["options"])
        ends = "expired on" if fact["expires_on"] < today else "until"
        return fact["fact_id"], fact["on"], f"offer: {kinds}", f"{ends} {fact['expires_on']}"
    what = f"{fact['option']} of offer {fact['offer_id']}"
    if plan is None:
        return fact["fact_id"], fact["on"], what, "a new schedule"
    following = plan["if_nothing_is_paid"]
    then = f"; {following['status']} on {following['on']} if nothing comes" if following else ""
    return fact["fact_id"], fact["on"], what, f"{plan['status']}{then}"


def _show_offer(shown: dict[str, Any]) -> None:
    """Print the options of an offer and why not the rest."""
    columns = ("option", "next", "each_month_at_most", "last", "total", "approved_by")
    rows = [
        (
            each["kind"],
            "{on}: {amount}".format(**each["payments"][0]),
            each["each_month_at_most"],
            each["payments"][-1]["on"],
            each["total"],
            each["approved_by"],
        )
        for each in shown["options"]
    ]
    console.print(table_of(f"Offer {shown['fact_id']}, until {shown['expires_on']}", columns, rows))
    if free := shown["free_unless_they_consent"]:
        said = f"Mind: more time without their consent frees {', '.join(free)}, who guarantee it."
        console.print(said, markup=False, highlight=False, soft_wrap=True)
    for each in shown["refused"]:
        console.print(f"- not {each['kind']}: {each['code']}", markup=False, highlight=False)
