"""The JSON of a question about limitation: the parts of a debt, who owes it, and what was done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from recovery.documents.packs.reading import careful_claim_pack, claim_pack
from recovery.documents.questions.loan_question import MOST_INSTALMENTS, Body, Text
from recovery.documents.shared.fields import COUNTRY, Day
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.judicial.claim_rules import ClaimPack
from recovery.domain.judicial.limitation import DuePart, LimitationFacts
from recovery.domain.judicial.limitation_acts import LimitationAct, Obligor, act_problems
from recovery.domain.judicial.limitation_dates import ALARM_DAYS, alarm_problems
from recovery.domain.judicial.limitation_rules import ActKind, ClaimKind, Proof
from recovery.domain.shared.errors import Problem, RefusedError

_ONLY_DEBTOR = "debtor"
_MOST_PERSONS, _MOST_ACTS = 50, 1000


def _name(value: Any) -> Any:
    """Return an instalment's number as text: who asks may write 3 or "3"."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Country = Annotated[str, StringConstraints(pattern=COUNTRY)]
Region = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
PartName = Annotated[Text, BeforeValidator(_name, json_schema_input_type=str | int)]


class DuePartBody(Body):
    """An instalment, or the whole debt, and the day from which it could be asked for."""

    part: PartName
    due_date: Day


class PartyBody(Body):
    """Somebody who owes the debt or guarantees it; `solidary` only if the contract says so."""

    id: Text
    role: Literal["debtor", "guarantor"] = "debtor"
    solidary: bool = False


class ActBody(Body):
    """Something that may have renewed the period of limitation.

    `on`: the day it reached the person, or came from the person; of a `negotiation_request` the day
    of the attempt, of a `claim_filed` the day of filing. `persons`: on whom, or by whom; may be
    left out if there is only one party. `proof`: `proven` if there is evidence of content, date and
    that it arrived; `returned` if it came back. `written`: some laws count only what is in writing.
    `received_on`, `answered`, `ended_on`: of a request to negotiate. `ended_on`, `upheld`: of a
    suit, the final decision. `parts`: only if it was about some of them.
    """

    id: Text | None = None
    act: ActKind
    on: Day
    persons: list[Text] = Field(default_factory=list, max_length=_MOST_PERSONS)
    proof: Proof
    written: bool | None = None
    received_on: Day | None = None
    answered: bool = False
    ended_on: Day | None = None
    upheld: bool | None = None
    parts: list[PartName] | None = None


Parties = Annotated[list[PartyBody], Field(max_length=_MOST_PERSONS)]
Acts = Annotated[list[ActBody], Field(max_length=_MOST_ACTS)]


class HistoryBody(Body):
    """Who owes the debt, what was done about it, and when the loan was called in, if it was.

    `region`: the place whose courts are competent, such as ES-V. `alarm_days`: how many days before
    the last one to be warned.
    """

    claim: ClaimKind = "contract"
    region: Region | None = None
    called_in_on: Day | None = None
    parties: Parties = Field(default_factory=list)
    acts: Acts = Field(default_factory=list)
    alarm_days: list[int] | None = None


class LimitationQuestion(HistoryBody):
    """Until when a debt can be claimed from whom. `law`: the country whose law the contract has."""

    id: str | int | None = None
    as_of: Day
    law: Country | None = None
    parts: Annotated[list[DuePartBody], Field(min_length=1, max_length=MOST_INSTALMENTS)]


@dataclass(frozen=True, slots=True)
class LimitationReading:
    """What a question says, as the domain takes it."""

    facts: LimitationFacts
    alarm_days: tuple[int, ...]


def read_history(
    body: HistoryBody, parts: tuple[DuePart, ...], prefix: str = ""
) -> LimitationReading:
    """Read who owes and what was done; ``prefix`` is put before each field in problems.

    Raises InvalidDocumentError.
    """
    obligors = tuple(
        Obligor(person_id=each.id, role=each.role, solidary=each.solidary) for each in body.parties
    ) or (Obligor(person_id=_ONLY_DEBTOR, role="debtor"),)
    acts = tuple(_act(each, index, obligors) for index, each in enumerate(body.acts))
    alarm_days = ALARM_DAYS if body.alarm_days is None else tuple(body.alarm_days)
    names = frozenset(each.part for each in parts)
    problems = [
        *(each.within("acts") for each in act_problems(acts, obligors, names)),
        *_party_problems(body.parties),
        *alarm_problems(alarm_days),
    ]
    if problems:
        raise InvalidDocumentError(*(_prefixed(each, prefix) for each in problems))
    facts = LimitationFacts(
        claim=body.claim,
        parts=parts,
        obligors=obligors,
        acts=acts,
        called_in_on=body.called_in_on,
        region=body.region,
    )
    return LimitationReading(facts, alarm_days)


def pack_of(law: str | None) -> ClaimPack:
    """Return the rules of this law. Raises InvalidDocumentError for a country that is none."""
    if law is None:
        return careful_claim_pack()
    try:
        return claim_pack(law)
    except RefusedError as error:
        [problem] = error.problems
        raise InvalidDocumentError(
            Problem("law", problem.reason, problem.remedy, problem.code)
        ) from None


def _act(body: ActBody, index: int, obligors: tuple[Obligor, ...]) -> LimitationAct:
    alone = (obligors[0].person_id,) if len(obligors) == 1 else ()
    return LimitationAct(
        act_id=body.id or str(index + 1),
        act=body.act,
        on=body.on,
        persons=tuple(body.persons) or alone,
        proof=body.proof,
        written=body.written,
        received_on=body.received_on,
        answered=body.answered,
        ended_on=body.ended_on,
        upheld=body.upheld,
        parts=None if body.parts is None else frozenset(body.parts),
    )


def _party_problems(parties: list[PartyBody]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, each in enumerate(parties):
        if each.id in seen:
            reason = f"{each.id[:40]!r} is used twice"
            yield Problem(f"parties.{index}.id", reason, "Name each person once", "duplicate")
        seen.add(each.id)
    if parties and all(each.role == "guarantor" for each in parties):
        yield Problem("parties", "have no debtor", "Name who owes the debt too", "missing")


def _prefixed(problem: Problem, prefix: str) -> Problem:
    return problem.within(prefix) if prefix else problem
