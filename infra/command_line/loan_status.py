"""status: show a loan as tables to read, or as JSON for a program."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from infra.command_line.options import AsJson, Aws, Institution, LoanId, console
from infra.command_line.whole_tables import WholeTable
from infra.deployment.target import TargetError, find_target
from recovery.documents.accounting.loan_document import InstalmentDocument, LoanDocument
from recovery.documents.accounting.timeline_document import EntryDocument, entry_document
from recovery.domain.cases.stages import in_words
from recovery.domain.shared.in_words import days_in_words
from recovery.ports.accounting import LoanNotFoundError, StoredLoan
from recovery.use_cases.accounting.read_loan import read_loan

if TYPE_CHECKING:
    from recovery.wiring import InstitutionWiring

_DETAILS = ("component", "payment_id", "reason_code", "pause_id", "undoes", "schedule")

_PARTY_COLUMNS = ("person", "role", "from", "until", "liability", "limit", "is asked")


def status(
    loan: LoanId, as_json: AsJson = False, institution: Institution = None, aws: Aws = False
) -> None:
    """Show a loan: contract, standing, schedule versions, facts, what is owed, and its timeline.

    Days past due frozen at a restructuring, a pause and a write-off are shown apart from today's
    standing. `--json` prints what `GET /loans/{id}` answers, with the whole `timeline`.
    """
    target = find_target(real=aws)
    ports = target.of(target.institution(institution))
    load_loan(loan, ports)
    document = read_loan(loan, ports.now(), ports)
    timeline = [entry_document(each) for each in ports.timeline.entries(loan)]
    if as_json:
        print(json.dumps({**document, "timeline": timeline}, ensure_ascii=False, indent=2))
        return
    for table in _tables(document, timeline):
        console.print(table)


def load_loan(loan: str, ports: InstitutionWiring) -> StoredLoan:
    """Load the loan, or raise a TargetError that says what to do."""
    try:
        return ports.loans.load(loan)
    except LoanNotFoundError as error:
        raise TargetError(f"{error}. Import it first, or check the id.") from None


def standing_in_words(loan: Mapping[str, Any], currency: str) -> str:
    """Say in one line where the loan stands; ``loan`` is its document or standing's answer."""
    standing = loan.get("standing", loan)
    if off := standing["written_off"]:
        lost = f"{off['remaining']['total']} {currency} not recovered"
        if off["on"]:
            return f"written off on {off['on']}, {lost}"
        return f"{_lateness(standing)}; written off in part, {lost}"
    if closed := loan.get("closed"):
        return in_words(closed)
    return _lateness(standing)


def facts_table(facts: Iterable[Mapping[str, Any]]) -> WholeTable:
    """Make a table of facts as the API shows them."""
    rows = [
        (
            each["fact_id"],
            each["on"],
            each["known_on"],
            in_words(each["kind"]) + (" (undone)" if each.get("undone") else ""),
            _details(each),
            each["reason"],
            each["recorded_by"],
        )
        for each in facts
    ]
    return table_of("Facts", ("id", "on", "known on", "kind", "what", "reason", "by"), rows)


def parties_table(parties: Iterable[Mapping[str, Any]]) -> WholeTable:
    """Lay out who answers for a loan, as the contract says; what it does not say stays empty."""
    return table_of("Parties", _PARTY_COLUMNS, map(_party, parties))


def table_of(
    title: str, columns: Sequence[str], rows: Iterable[Iterable[object]], *, justify: Any = "left"
) -> WholeTable:
    """Lay out rows under a title; None is an empty cell."""
    table = Table(title=title, title_justify="left")
    for name in columns:
        table.add_column(in_words(name), justify=justify, overflow="fold")
    for row in rows:
        # As plain text: what people wrote may look like markup.
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    return WholeTable(table)


def show_rows(
    found: Sequence[Mapping[str, object]], columns: Sequence[str], *, as_json: bool, title: str = ""
) -> None:
    """Print rows as a table, or as JSON; what is a list is joined in the table."""
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    rows = ([_cell(each[name]) for name in columns] for each in found)
    console.print(table_of(title, columns, rows))


def _cell(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _lateness(standing: Mapping[str, Any]) -> str:
    if standing["days_past_due"]:
        late = days_in_words(standing["days_past_due"])
        delinquent = days_in_words(standing["days_delinquent"])
        return (
            f"{late} past due since {standing['oldest_due_date']}, {delinquent} delinquent,"
            f" bucket {standing['bucket']}"
        )
    owes = Decimal(standing["outstanding"]["total"])
    return "nothing is late" if owes else "nothing is owed"


def _tables(loan: LoanDocument, timeline: Sequence[EntryDocument]) -> Iterator[WholeTable]:
    currency = loan["contract"]["currency"]
    yield _pairs(f"Loan {loan['loan_id']}", _contract(loan))
    yield _pairs("Standing", _standing(loan, currency))
    versions = (each.values() for each in loan["versions"])
    columns = ("version", "since", "kind", "first due date", "last due date")
    yield table_of("Schedule versions", columns, versions)
    if loan["parties"]:
        yield parties_table(loan["parties"])
    if loan["facts"]:
        yield facts_table(loan["facts"])
    yield _schedule(loan["schedule"], currency)
    entries = (
        (each["on"], each["kind"], each["text"], each["policy_version"]) for each in timeline
    )
    yield table_of("Timeline", ("date", "kind", "what happened", "policy"), entries)


def _party(party: Mapping[str, Any]) -> Iterator[object]:
    """Yield the cells of one row; nothing where the contract is silent."""
    after = {True: "after the debtors", False: "at once", None: None}
    yield from (party[each] for each in ("person_id", "role", "from_on", "until"))
    liability, share_pct = party["liability"], party["share_pct"]
    yield f"{liability}, {share_pct} %" if share_pct else liability
    yield from (party["limit"], after[party["subsidiary"]])


def _contract(loan: LoanDocument) -> Iterator[tuple[str, object]]:
    contract = loan["contract"]
    yield "principal", f"{contract['principal']} {contract['currency']}"
    yield "disbursed on", contract["disbursed_on"]
    if rate_pct := contract["annual_rate_pct"]:
        yield "rate", f"{rate_pct} % a year"
    yield "portfolio", contract["portfolio"]
    for name, value in contract["profile"].items():
        if value:
            yield name, value
    yield "borrower", contract["borrower_id"]
    yield "advisor", contract["advisor_name"]


def _standing(loan: LoanDocument, currency: str) -> Iterator[tuple[str, object]]:
    standing: Mapping[str, Any] = loan["standing"]
    yield "as of", standing["as_of"]
    yield "standing", standing_in_words(loan, currency)
    if frozen := standing["restructured"]:
        yield (
            "restructured",
            f"on {frozen['on']}, then {days_in_words(frozen['days_past_due'])} past due",
        )
    if forborne := loan["forbearance"]:
        yield "forbearance", _forbearance(forborne)
    if pulled_to := standing["pulled_to"]:
        yield "marked", f"{pulled_to}, as another loan of the borrower"
    if paused := standing["paused"]:
        yield "paused", f"from {paused['from']} until {paused['until'] or 'further notice'}"
    yield "overdue", f"{standing['overdue']['total']} {currency}"
    yield "outstanding", f"{standing['outstanding']['total']} {currency}"
    yield "credit", f"{standing['credit']} {currency}"
    yield "late charges", f"{loan['late_charges']} {currency} so far"
    if standing["next_due_date"]:
        yield "next due", f"{standing['next_due']} {currency} on {standing['next_due_date']}"
    if case := loan["case"]:
        yield "case", f"{case['case_id']}, {in_words(case['stage'])} since {case['since']}"
    owner, carried = loan["owner"], loan["carried"]
    if owner["since"]:
        handled = f", handled by {owner['servicer']}" if owner["servicer"] else ""
        yield "owner", f"{owner['creditor']}{handled}, since {owner['since']}"
    if owner["silent_because"]:
        yield "silent", owner["silent_because"]
    if carried:
        late, repaid = days_in_words(carried["days_past_due"]), ", ".join(carried["repaid"])
        yield "carried over", f"{late} past due, vintage {carried['vintage_on']}, from {repaid}"
    yield "next review", loan["next_review_on"] or "none"


def _forbearance(found: Mapping[str, Any]) -> str:
    """Say since when the loan has the mark, until when, and how it went."""
    late = f"{days_in_words(found['days_past_due'])} past due then"
    until = found["probation_until"]
    ends = f"probation until {until}" if until else "probation starts once nothing is overdue"
    parts = [f"since {found['since']}, {late}", ends if found["marked"] else f"ended on {until}"]
    if found["cured_on"]:
        parts.append(f"cured on {found['cured_on']}")
    if found["redefaulted_on"]:
        parts.append(f"late again on {found['redefaulted_on']}")
    return "; ".join(parts)


def _schedule(rows: Sequence[InstalmentDocument], currency: str) -> WholeTable:
    return table_of(
        f"Schedule in {currency}, late charges included",
        ("number", "due date", "due", "paid", "paid off on"),
        (
            (
                each["number"],
                each["due_date"],
                each["due"]["total"],
                each["paid"]["total"],
                each["paid_off_on"],
            )
            for each in rows
        ),
        justify="right",
    )


def _details(fact: Mapping[str, Any]) -> str:
    said = [f"{fact['amount']} {fact['currency']}"] if "amount" in fact else []
    said += [in_words(fact[name]) for name in _DETAILS if name in fact]
    if "instalment" in fact:
        said.append(f"instalment {fact['instalment']}")
    if "schedule_version" in fact:
        said.append(f"version {fact['schedule_version']}")
    return ", ".join(said)


def _pairs(title: str, pairs: Iterable[tuple[str, object]]) -> WholeTable:
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name, value in pairs:
        table.add_row(in_words(name), Text(str(value)))
    return WholeTable(table)
