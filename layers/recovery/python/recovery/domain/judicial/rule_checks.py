"""What is wrong with the values of a pack's section ``judicial``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from recovery.domain.judicial.rules import FeeRule, JudicialRules
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import range_problems

_OF_THE_UNION = "EU_"  # procedures of packs/eu, for which a country's courts take a fee
_AMOUNT_CONDITIONS = ("amount_up_to", "amount_over")


def judicial_problems(rules: JudicialRules) -> Iterator[Problem]:
    """Yield every problem with the values of a section's rules."""
    yield from _procedure_problems(rules)
    yield from _bar_problems(rules)
    yield from _term_problems(rules)
    yield from _letter_problems(rules)
    for index, fee in enumerate(rules.fees):
        yield from _fee_problems(f"fees.{index}", fee)


def _procedure_problems(rules: JudicialRules) -> Iterator[Problem]:
    """Each procedure that a rule names is one of the file's."""
    for index, procedure in enumerate(rules.procedures):
        if (procedure.basis == "title") != bool(procedure.titles):
            reason = "belong to the basis title, and to it only"
            yield Problem(f"procedures.{index}.titles", reason, "Name those that lead to it")
    known = {each.procedure for each in rules.procedures}
    named = [
        *((f"bars.{n}.procedure", (each.procedure,)) for n, each in enumerate(rules.bars)),
        *((f"fees.{n}.procedures", each.procedures) for n, each in enumerate(rules.fees)),
        *((f"lawyers.{n}.procedures", each.procedures) for n, each in enumerate(rules.lawyers)),
    ]
    for path, procedures in named:
        yield from _unknown_procedures(path, procedures, known)


def _bar_problems(rules: JudicialRules) -> Iterator[Problem]:
    """Each condition has the values that it compares, and no others."""
    for index, bar in enumerate(rules.bars):
        for name, needed, given in (
            ("amount_minor", bar.when in _AMOUNT_CONDITIONS, bar.amount_minor is not None),
            ("titles", bar.when == "title", bool(bar.titles)),
            ("countries", bar.when == "excluded_country", bool(bar.countries)),
        ):
            if needed != given:
                reason = f"does not belong to {bar.when}" if given else f"{bar.when} needs it"
                yield Problem(f"bars.{index}.{name}", reason, "Correct it, or the condition")


def _term_problems(rules: JudicialRules) -> Iterator[Problem]:
    for index, term in enumerate(rules.terms):
        lengths = (term.days, term.months, term.years)
        if sum(map(bool, lengths)) != 1:
            reason = "must have one of days, months and years"
            yield Problem(f"terms.{index}", reason, "Give one of them")
        for name, most in (("days", 3660), ("months", 1200), ("years", 100)):
            yield from range_problems(f"terms.{index}.{name}", getattr(term, name), 0, most)
        if term.skipped and not term.days:
            reason = "only days can be skipped"
            yield Problem(f"terms.{index}.skipped", reason, "Give the term in days")


def _letter_problems(rules: JudicialRules) -> Iterator[Problem]:
    """Each letter says something, once."""
    for index, letter in enumerate(rules.letters):
        if not letter.parts or len(set(letter.parts)) < len(letter.parts):
            reason = "must name each of its paragraphs once"
            yield Problem(f"letters.{index}.parts", reason, "Name at least one")


def _unknown_procedures(
    field: str, named: Iterable[str], known: Iterable[str]
) -> Iterator[Problem]:
    for each in named:
        if each not in known and not each.startswith(_OF_THE_UNION):
            reason = f"{each[:40]!r} is no procedure of this file"
            yield Problem(field, reason, "Add the procedure, or correct the name", "not_found")


def _fee_problems(path: str, fee: FeeRule) -> Iterator[Problem]:
    """A larger claim never costs less, and a company never less than a person."""
    yield from _bound_problems(f"{path}.rows", [each.up_to_minor for each in fee.rows])
    for index, row in enumerate(fee.rows):
        for name in ("company_minor", "person_minor"):
            own = getattr(row, name)
            before = [getattr(each, name) for each in fee.rows[:index]]
            if own is not None and any(each is not None and each > own for each in before):
                reason = "is below the fee of a smaller claim"
                yield Problem(f"{path}.rows.{index}.{name}", reason, "Compare with the source")
        if None not in (row.company_minor, row.person_minor) and (
            (row.company_minor or 0) < (row.person_minor or 0)
        ):
            reason = "is below a person's"
            yield Problem(f"{path}.rows.{index}.company_minor", reason, "Compare with the source")


def _bound_problems(path: str, bounds: list[int | None]) -> Iterator[Problem]:
    """Amounts rise from row to row, and only the last may be open."""
    if not bounds:
        yield Problem(path, "has no row", "Give at least one")
    closed = [each for each in bounds if each is not None]
    if None in bounds[:-1] or any(later <= earlier for earlier, later in pairwise(closed)):
        reason = "must rise from row to row, and only the last may have no end"
        yield Problem(path, reason, "Order the rows by up_to_minor")
