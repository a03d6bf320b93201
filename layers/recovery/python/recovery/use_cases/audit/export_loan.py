"""A loan as it was known on a day, for an auditor or a court, in one document.

Everything is dated twice: when it happened, and when it became known. What became known later is
shown apart. Gaps are named: what the law let expire, what was erased, what no entry tells of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from recovery.documents.monitoring.standing import standing_document
from recovery.documents.packs.reading import careful_people_pack, people_pack
from recovery.documents.questions.claim import answer_claim
from recovery.documents.questions.procedure import answer_procedure
from recovery.documents.shared.plain import to_plain
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.agreements.people_rules import retention_days
from recovery.domain.loan_state import standings_of
from recovery.domain.shared.actor import Actor, Role, actor_problems
from recovery.domain.shared.chain import ChainEntry
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.free_text import free_text_problems
from recovery.messages.export_page import render_export
from recovery.ports.needs import HasRights
from recovery.use_cases.audit.as_known import KnowingPorts, Then
from recovery.use_cases.audit.export_parts import (
    case_path,
    decisions,
    learned_later,
    mask_of,
    money,
    not_sent,
    talks,
)
from recovery.use_cases.audit.messages_as_sent import messages_as_sent
from recovery.use_cases.audit.rules_then import rules_then
from recovery.use_cases.audit.verify_chain import VerifyingPorts, entries_until, verify_chain
from recovery.use_cases.contact.explain_day import explain_day
from recovery.use_cases.judicial.claim_of_loan import RecordedQuestion, claim_question_of
from recovery.use_cases.judicial.procedure_of_loan import procedure_question_of
from recovery.use_cases.people.person import allow
from recovery.use_cases.portfolio.past import loan_on
from recovery.use_cases.shared.business_date import business_date

LONGEST_PURPOSE = 200
FORMAT = "recovery-export/1"


class ExportPorts(KnowingPorts, VerifyingPorts, HasRights, Protocol):
    """Everything on record about a loan, its borrower, and the chain that tells of it."""


def export_loan(
    loan_id: str, known_on: date, purpose: str, by: Actor, now: datetime, ports: ExportPorts
) -> dict[str, Any]:
    """Return the loan as known at the end of the day. That it was exported goes on record first.

    ``purpose`` says for whom and why. Raises LoanNotFoundError; NotAllowedError for whoever
    is no auditor or lawyer; RefusedError for a day to come or before the loan was granted.
    """
    then = Then(loan_id, known_on, ports)
    loan = then.stored.loan
    _check(then, purpose, by, now, ports)
    ports.chain.append(
        loan_id,
        ChainEntry(act="exported", by=by.id, about=f"as known on {known_on}: {purpose.strip()}"),
    )
    links = ports.chain.links(loan_id)
    gaps: list[str] = []
    verified = verify_chain(loan.institution_id, loan_id, _kept_from(then, now), ports)
    document = {
        "format": FORMAT,
        "loan_id": loan_id,
        "institution": ports.institutions.name(loan.institution_id),
        "known_on": known_on.isoformat(),
        "exported_at": now.isoformat(),
        "exported_by": {"id": by.id, "name": by.in_words(), "roles": sorted(by.roles)},
        "purpose": purpose.strip(),
        "borrower": {"id": loan.borrower_id, "name": then.person.name},
        **money(then),
        "standing": standing_then(then),
        "policy": {
            "version": then.rules.policy.version,
            "in_force": to_plain(then.rules.policy, whole=True),
        },
        "restraints": [to_plain(each) for each in _restraints(then)],
        "case": case_path(then),
        "decisions": decisions(then),
        "messages": list(messages_as_sent(then)),
        "not_sent": not_sent(then),
        "that_day": _that_day(then, now, ports, gaps),
        "talks": talks(then),
        "claim": _answered("claim", claim_question_of, answer_claim, then, gaps),
        "procedure": _answered("procedure", procedure_question_of, answer_procedure, then, gaps),
        "rules": rules_then(then),
        "learned_later": learned_later(then),
        "entries": list(entries_until(links, known_on)),
        "integrity": verified,
    }
    document["gaps"] = [*gaps, *_gaps(document, then, now, ports)]
    return dict(mask_of(then)(document))


def page_of(document: Mapping[str, Any]) -> str:
    """Return the export as a page to read and to print."""
    return render_export(document)


def _check(then: Then, purpose: str, by: Actor, now: datetime, ports: ExportPorts) -> None:
    allow(by, Role.AUDITOR, Role.LEGAL, to="export a loan's record")
    problems = [each.within("by") for each in actor_problems(by)]
    problems += free_text_problems("purpose", purpose, LONGEST_PURPOSE)
    loan = then.stored.loan
    today = business_date(loan.institution_id, now, ports.institutions)
    if not loan.disbursed_on <= then.day <= today:
        granted = f"{loan.disbursed_on}, when it was granted"
        reason = f"{then.day} is not between {granted}, and {today}"
        problems.append(Problem("known_on", reason, "Use a day between the two", "out_of_range"))
    if problems:
        raise RefusedError(*problems)


def standing_then(then: Then) -> dict[str, object]:
    """Return what was late and owed, by what was known."""
    known = loan_on(then.loans.load(then.loan_id), then.recorded, then.rules)
    restraints = (*(e for e in known.state.restraints if not e.of_person), *then.person.restraints)
    state = replace(known.state, restraints=restraints)
    charges = then.rules.charges(known.loan, state)
    standings = standings_of(known.loan, state, then.rules.policy, then.day, charges)
    facts = known.state.facts
    return standing_document(standings.contractual, known.loan.currency, facts.pauses, facts.loss)


def _restraints(then: Then) -> list[Any]:
    known = (*then.loans.load(then.loan_id).state.restraints, *then.person.restraints)
    return [each for each in known if each.holds(then.day)]


def _answered(
    name: str,
    question_of: Callable[[str, date, Any], RecordedQuestion],
    answer: Callable[[Any], dict[str, Any]],
    then: Then,
    gaps: list[str],
) -> dict[str, Any]:
    """Return question and answer: whoever asks the question again gets the same answer."""
    try:
        question = question_of(then.loan_id, then.day, then)
        answered = answer(dict(question.values))
    except (InvalidDocumentError, RefusedError) as error:
        gaps.append(f"no {name} was worked out: {error}")
        return {"question": None, "answer": None}
    return {
        "question": dict(question.values),
        "facts_from": question.facts_from(),
        "not_on_record": question.asked(),
        "answer": answered,
    }


def _that_day(
    then: Then, now: datetime, ports: ExportPorts, gaps: list[str]
) -> list[dict[str, str]]:
    """Return every rule that had a part in what the borrower heard on the day, or did not."""
    try:
        found = explain_day(then.loan_id, then.day, now, ports)
    except RefusedError as error:
        gaps.append(f"what the borrower heard that day is not explained: {error}")
        return []
    return [
        {"rule": each.rule, "words": each.words, "source": each.source} for each in found.reasons
    ]


def _kept_from(then: Then, now: datetime) -> date | None:
    """Return the day from which the timeline is still kept; None if no rule ends it."""
    if then.ports.borrowers.load(then.stored.loan.borrower_id).legal_hold:
        return None
    law = then.stored.loan.profile.law
    pack = people_pack(law) if law else careful_people_pack()
    days = retention_days(pack, "timeline", now.date())
    return None if days is None else now.date() - timedelta(days=days)


def _gaps(document: dict[str, Any], then: Then, now: datetime, ports: ExportPorts) -> list[str]:
    """Name what is not there any more, or never was."""
    found, checked = [], document["integrity"]
    wordless = [e["message_id"] for e in document["messages"] if e["words"] is None]
    if wordless:
        found.append(f"the words of {len(wordless)} messages are not shown, only their fingerprint")
    if checked["erased_entries"]:
        places = ", ".join(map(str, checked["erased_entries"]))
        found.append(f"text was erased from the entries {places}")
    if checked["not_told_of"]:
        count = len(checked["not_told_of"])
        found.append(f"no entry tells of {count} records: they came before the chain, or by a file")
    kept_from = _kept_from(then, now)
    if kept_from and kept_from > then.stored.loan.disbursed_on:
        found.append(f"of what came on the timeline before {kept_from} the time to keep it is over")
    for each in ports.rights.requests_of(then.stored.loan.borrower_id):
        if each.right == "erasure":
            found.append(f"an erasure was answered on {each.answered_on}")
    return found
