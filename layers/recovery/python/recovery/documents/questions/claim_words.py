"""Read what a question says in words: who, what stage, whether disputed.

Words that nobody knows are a problem of their own, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from recovery.documents.questions.procedure_question import ActBody, HelpBody, InsolvencyBody
from recovery.documents.shared.problems import ProblemList
from recovery.domain.judicial.facts import Agreement, Dispute, Help, Insolvency
from recovery.domain.judicial.rules import CreditorRole, DebtorType, Stage

T = TypeVar("T")
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}\b", re.ASCII)
Known = Sequence[tuple[tuple[str, ...], T]]

_DEBTORS: Known[DebtorType] = (
    (("non_consumer", "non-consumer", "sole trader", "partner"), "natural_person_non_consumer"),
    (("consumer",), "consumer"),
    (("company", "legal person", "legal_person"), "company"),
)
_ROLES: Known[CreditorRole] = (
    (("bailiff", "lawyer", "exempt"), "exempt_professional"),
    (("collector", "collects for", "servicer"), "collector"),
    (("purchase", "buyer", "transfer", "assign"), "purchaser"),
    (("own", "lender", "original"), "own_book"),
)
_STAGES: Known[Stage] = (
    (("no opposition", "unopposed", "not opposed"), "order_unopposed"),
    (("opposition", "opposed"), "order_opposed"),
    (("judgment", "judgement", "sentencia"), "judgment"),
)
_HALVES: Known[str] = ((("first",), "first"), (("second",), "second"))
_FORMAL = ("judicial", "court", "authority", "administrative", "ombudsman", "arbit", "adr")
_ENDS_TALKS = ("refus", "reject", "declin", "terminat", "ends the talks")
_FORMS: Known[str] = (
    (("homolog", "approved by the court", "judicial"), "homologated"),
    (("notar", "deed", "escritura"), "deed"),
    (("private", "oral", "e-mail", "email", "informal"), "private"),
)
_INSOLVENCIES: Known[Insolvency] = (
    (("discharge", "exoneration", "epi"), "discharged"),
    (("585", "690", "communication", "pre-insolvency", "pre_insolvency"), "standstill"),
)
_BY_COURT = ("court", "moratorium", "afkoelingsperiode", "cooling", "breathing", "decree")
_NUMBERS = ("any", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_DAYS_IN_WORDS = {
    **{"een": 1, "één": 1, "twee": 2, "drie": 3, "vijf": 5, "zeven": 7, "acht": 8, "tien": 10},
    **{"twaalf": 12, "dertien": 13, "veertien": 14, "vijftien": 15, "twintig": 20, "dertig": 30},
    **{"one": 1, "two": 2, "three": 3, "five": 5, "seven": 7, "eight": 8, "ten": 10},
    **{"twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30},
}
_NUMBER = rf"\d{{1,3}}|{'|'.join(_DAYS_IN_WORDS)}"
_TERM = re.compile(rf"\b({_NUMBER})[ -]+(?:calendar |working )?(da(?:g|ys?)|week|weken)")
_WORD = re.compile(r"[a-z]+|\d{1,3}(?![\d.,])", re.ASCII)


def debtor_type(text: str | None, field: str, problems: ProblemList) -> DebtorType | None:
    """Return who owes: a consumer, another natural person, a company."""
    return _known(text, field, _DEBTORS, problems)


def creditor_role(text: str | None, field: str, problems: ProblemList) -> CreditorRole | None:
    """Return as what the creditor collects."""
    return _known(text, field, _ROLES, problems)


def stage(text: str | None, problems: ProblemList) -> tuple[Stage | None, date | None]:
    """Return where the claim stands in court, and the day that the text names."""
    found = _known(text, "facts.stage", _STAGES, problems)
    named = _DAY.search(text or "")
    try:
        return found, date.fromisoformat(named.group()) if named else None
    except ValueError:
        problems.add("facts.stage", "names a day that does not exist", "Correct the day")
        return found, None


def half(text: str | None, problems: ProblemList) -> str | None:
    """Return in which half of its term a loan is."""
    return _known(text, "facts.elapsed", _HALVES, problems)


def dispute(text: str | None, *, given: bool) -> Dispute | None:
    """Return whether the debt is contested; None if nobody said. Any reason is one."""
    if text is None or text.casefold() == "none":
        return "none" if given else None
    return "formal" if any(each in text.casefold() for each in _FORMAL) else "contested"


def ends_talks(reply: str | None) -> bool:
    """Whether a reply declares the talks over."""
    return reply is not None and any(each in reply.casefold() for each in _ENDS_TALKS)


def agreement(form: str | None, breached: bool | None, problems: ProblemList) -> Agreement:
    """Return the agreement in its form."""
    found = _known(form, "facts.prior_agreement.form", _FORMS, problems)
    return Agreement(form=found, breached=breached)  # type: ignore[arg-type]


def insolvency(body: InsolvencyBody) -> tuple[Insolvency, date | None]:
    """Return the kind of insolvency and since when; what is not known to be less is declared."""
    said = body.kind.casefold()
    for words, kind in _INSOLVENCIES:
        if any(each in said for each in words):
            return kind, body.filed or body.declared
    return "declared", body.declared or body.filed


def help_given(body: HelpBody) -> Help:
    """Return whether a court protects the debtor, or somebody helps with the debts."""
    said = body.kind.casefold()
    return Help(by_court=any(each in said for each in _BY_COURT), until=body.until)


def act_in_words(body: ActBody) -> str:
    """Return the kind of an act with what is said of its proof."""
    return f"{body.kind}, {body.proof}" if body.proof else body.kind


def missed_to_call(clause: str | None, problems: ProblemList) -> int | None:
    """Return after how many missed instalments a clause calls the whole loan."""
    if clause is None:
        return None
    for word in _WORD.findall(clause.casefold()):
        if word in _NUMBERS:
            return max(_NUMBERS.index(word), 1)
        if word.isdigit():
            return int(word)
    reason = "names no number of missed instalments"
    remedy = 'Use words such as "any missed instalment" or "three missed instalments"'
    problems.add("facts.acceleration_clause", reason, remedy)
    return None


def days_named(wording: str | None) -> int | None:
    """Return how many days a letter gives by its own words; None if it names none."""
    found = _TERM.search((wording or "").casefold())
    if found is None:
        return None
    said = found.group(1)
    number = int(said) if said.isdigit() else _DAYS_IN_WORDS[said]
    return number * 7 if found.group(2).startswith("we") else number


def country(text: str | None) -> str | None:
    """Return the country's code that a party's description starts with."""
    found = _COUNTRY.match(text or "")
    return found.group() if found else None


def party_type(text: str | None) -> DebtorType | None:
    """Return who a party is by its description, such as "NL consumer"."""
    said = (text or "").casefold()
    return next((kind for words, kind in _DEBTORS if any(e in said for e in words)), None)


def _known(text: str | None, field: str, known: Known[T], problems: ProblemList) -> T | None:
    if text is None:
        return None
    said = text.casefold()
    for words, meaning in known:
        if any(each in said for each in words):
            return meaning
    examples = ", ".join(words[0] for words, _ in known)
    problems.add(field, "says nothing that is known here", f"Use words such as: {examples}")
    return None


Reader = Callable[[str], T]
