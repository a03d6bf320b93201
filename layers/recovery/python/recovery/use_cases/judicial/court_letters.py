"""Which letters come before a loan's court: asked of its record, for each person of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from recovery.documents.questions.claim import answer_claim
from recovery.documents.questions.procedure import read_procedure
from recovery.domain.accounting.notices import NoticeGiven
from recovery.domain.accounting.owner_facts import history_of
from recovery.domain.accounting.ownership import CHANGES_CREDITOR, OwnerChange, Silence
from recovery.domain.accounting.parties import PartyDebt, owed_by
from recovery.domain.agreements.restraints import Block, Restraint, in_force
from recovery.domain.judicial.court_letters import CourtLetter
from recovery.domain.judicial.facts import Facts
from recovery.domain.judicial.letter_outlook import Addressee, Matter, Notice, Outlook, next_day
from recovery.domain.judicial.letters_due import letters_due
from recovery.domain.judicial.limitation_watch import is_by_clocks
from recovery.domain.outbox import DomainEvent
from recovery.domain.shared.apportioning import apportion
from recovery.domain.shared.money import to_minor
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import HasCourtLetters, HasTasks
from recovery.use_cases.accounting.party_effects import Books
from recovery.use_cases.judicial.claim_of_loan import claim_question_of
from recovery.use_cases.judicial.loan_record import LoanRecord, read_record
from recovery.use_cases.judicial.pre_action import PreActionPorts, confirmed_codes
from recovery.use_cases.judicial.procedure_of_loan import procedure_question_of
from recovery.use_cases.shared.rules import Rules


class CourtLetterPorts(PreActionPorts, HasCourtLetters, Protocol):
    """What the letters rest on."""


@dataclass(frozen=True, slots=True)
class LettersOfLoan:
    """A loan's letters before court with all that they rest on."""

    stored: StoredLoan
    record: LoanRecord
    matter: Matter
    outlooks: tuple[Outlook, ...]
    change: OwnerChange | None = None

    def person(self, person_id: str) -> Addressee:
        return next(each for each in self.matter.addressees if each.person_id == person_id)


@dataclass(frozen=True, slots=True)
class LetterNews:
    """What a review has to do about letters: ``again_on`` is when one of them stands otherwise."""

    events: tuple[DomainEvent, ...] = ()
    ends_tasks: tuple[str, ...] = ()
    again_on: date | None = field(default=None)


def letters_of_loan(stored: StoredLoan, rules: Rules, ports: CourtLetterPorts) -> LettersOfLoan:
    """Return how each letter stands. Raises RefusedError where the law cannot be asked."""
    loan_id, as_of = stored.loan.loan_id, rules.as_of
    facts, law, decision = read_procedure(procedure_question_of(loan_id, as_of, ports).values)
    record = read_record(loan_id, as_of, ports)
    written = tuple(ports.court_letters.of_loan(loan_id))
    change = _change(stored, record, written, as_of)
    policy = rules.policy.judicial
    matter = Matter(
        facts=facts,
        law=law,
        decision=decision,
        addressees=tuple(_addressees(stored, record, facts, rules, ports)),
        record=record.legal,
        notices=tuple(
            Notice(each.fact_id, each.fact)
            for each in record.recorded.counting()
            if isinstance(each.fact, NoticeGiven) and each.fact.persons and each.fact.on <= as_of
        ),
        written=written,
        untold_change=change.change_id if change else "",
        confirmed=confirmed_codes(record.recorded, stored.state.case),
        guarantor_told_after_days=policy.guarantor_told_after_days,
        letter_valid_days=policy.letter_valid_days,
    )
    return LettersOfLoan(stored, record, matter, letters_due(matter), change)


def letter_news(stored: StoredLoan, rules: Rules, ports: CourtLetterPorts) -> LetterNews:
    """Return what a review of a case in pre-action has to have done about its letters."""
    found = letters_of_loan(stored, rules, ports)
    under_way = {(e.kind, e.person_id) for e in found.outlooks if e.state == "under_way"}
    open_ = [each for each in found.matter.written if not each.ended]
    kept = [each for each in open_ if (each.kind, each.person_id) in under_way]
    lost = [each for each in kept if not _waits(each, ports)]
    due = sorted({each.kind for each in found.outlooks if each.state == "due"})
    kinds = sorted({*due, *(each.kind for each in lost)})
    loan_id = stored.loan.loan_id
    event = {"loan_id": loan_id, "on": rules.as_of.isoformat(), "letters": kinds}
    return LetterNews(
        events=(DomainEvent("LettersDue", event),) if kinds else (),
        ends_tasks=tuple(e.task_id for e in open_ if e not in kept and _waits(e, ports)),
        again_on=next_day(found.outlooks, rules.as_of),
    )


def letters_to_end(loan_id: str, ports: CourtLetterPorts) -> tuple[str, ...]:
    """Return the tasks to send letters that still wait, of a case that went elsewhere."""
    open_ = (each for each in ports.court_letters.of_loan(loan_id) if not each.ended)
    return tuple(each.task_id for each in open_ if _waits(each, ports))


def _waits(letter: CourtLetter, ports: HasTasks) -> bool:
    task = ports.tasks.find(letter.task_id)
    return task is not None and task.is_pending


def _change(
    stored: StoredLoan, record: LoanRecord, written: Iterable[CourtLetter], as_of: date
) -> OwnerChange | None:
    """Return the last change of creditor, if somebody is still to be told of it from here."""
    history = history_of(stored.loan.institution_id, record.recorded.owners)
    changes = [
        each
        for each in history.in_order()
        if each.kind in CHANGES_CREDITOR and each.from_on <= as_of
    ]
    silent = stored.state.ownership.silence_on(as_of)
    if not changes or (silent and silent.why != Silence.NOT_TOLD):
        return None
    last = changes[-1]
    begun = any(each.change_id == last.change_id and not each.ended for each in written)
    return last if silent or begun else None


def _addressees(
    stored: StoredLoan, record: LoanRecord, facts: Facts, rules: Rules, ports: CourtLetterPorts
) -> Iterator[Addressee]:
    """Yield who owes the debt or answers for it, with their part of what may be claimed."""
    loan, as_of = stored.loan, rules.as_of
    claim = answer_claim(claim_question_of(loan.loan_id, as_of, ports).values)
    parts = [to_minor(f"{claim[name]}", loan.currency) for name in ("principal", "interest")]
    account = Books(loan, stored.state, record.recorded).account(rules, as_of)
    debts = {each.person_id: each for each in owed_by(record.parties, account, as_of)}
    all_of_it = record.called_in_on is not None
    total_minor = account.debt_minor() if all_of_it else account.debt_minor(as_of)
    for party in record.parties:
        debt = debts.get(party.person_id)
        if debt is None:
            continue
        asked_minor = debt.outstanding_minor if all_of_it else debt.overdue_minor
        principal_minor, interest_minor = _share(parts, debt, asked_minor, total_minor)
        restraints = ports.borrowers.load(party.person_id).restraints
        yield Addressee(
            person_id=party.person_id,
            is_surety=party.is_surety,
            principal_minor=principal_minor,
            interest_minor=interest_minor,
            is_consumer=party.person_id != loan.borrower_id or facts.debtor_is_consumer,
            comes_after_debtors=party.comes_after_debtors,
            limit_minor=party.limit_minor,
            held_by=_held_by(restraints, as_of),
            is_part=not debt.whole,
        )


def _share(
    parts: Sequence[int], debt: PartyDebt, asked_minor: int, total_minor: int
) -> tuple[int, int]:
    """Return principal and interest that the person may be asked for: their part, no more."""
    if debt.whole and asked_minor >= total_minor:
        principal_minor, interest_minor = parts
        return principal_minor, interest_minor
    if not 0 < asked_minor <= total_minor:
        return 0, 0
    weights = (asked_minor, total_minor - asked_minor)
    principal_minor, interest_minor = (apportion(minor, weights)[0] for minor in parts)
    return principal_minor, interest_minor


def _held_by(restraints: Iterable[Restraint], as_of: date) -> str:
    """Return the kind of what keeps judicial steps from the person themselves."""
    for each in in_force(restraints, as_of):
        if Block.JUDICIAL in each.blocked() and each.part is None and not is_by_clocks(each):
            return f"{each.kind}"
    return ""
