"""What a rule means for one claim, and the decision that findings add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from recovery.domain.judicial.rules import JudicialRule
from recovery.domain.shared.money import Money
from recovery.domain.shared.packs import may_permit

# stops: nothing may be filed. needs: something must come first. closes: another route, an amount or
# a paper is of no use. permits: filing rests on it. informs: neither.
Effect = Literal["stops", "needs", "closes", "permits", "informs"]
Status = Literal["READY", "NEEDS_PREREQUISITE", "BLOCKED"]
Detail = date | Money | Decimal | bool | int | str | tuple[Mapping[str, str], ...]

# Several rules may each give one of these days: what is filed keeps to all of them.
_STRICTER: Mapping[str, Callable[..., Detail]] = {"file_before": min, "earliest_filing": max}
NO_PROCEDURE = "NONE"
PERSON = "HUMAN_REVIEW"
FRIENDLY = "AMICABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``code`` is how an answer names it, "" if it has no name there.

    ``closes`` is the procedure that a closed route is, ``leads_to`` what remains after a stop.
    """

    effect: Effect
    rule: JudicialRule
    code: str = ""
    closes: str = ""
    leads_to: str = ""
    details: Mapping[str, Detail] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact that nobody stated: a person answers it before anything is filed."""

    fact: str
    why: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another procedure; ``code`` and ``rule`` are why it is closed, None if it is open."""

    procedure: str
    code: str = ""
    rule: JudicialRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """READY means that nothing known stands in the way; ``ask`` is what still has to be confirmed.

    With READY, ``blocking`` holds only codes of other routes that are closed.
    """

    procedure: str
    findings: tuple[Finding, ...]
    ask: tuple[Asked, ...] = ()
    alternatives: tuple[Alternative, ...] = ()

    @property
    def status(self) -> Status:
        effects = {each.effect for each in self.findings}
        if "stops" in effects:
            return "BLOCKED"
        return "NEEDS_PREREQUISITE" if "needs" in effects else "READY"

    @property
    def missing(self) -> tuple[str, ...]:
        return _codes(each for each in self.findings if each.effect == "needs")

    @property
    def blocking(self) -> tuple[str, ...]:
        return _codes(each for each in self.findings if each.effect in ("stops", "closes"))

    @property
    def details(self) -> dict[str, Detail]:
        """The first finding that gives a detail decides it; of days, the one with less time."""
        found: dict[str, Detail] = {}
        for each in self.findings:
            for name, value in each.details.items():
                stricter = _STRICTER.get(name)
                if stricter and name in found:
                    found[name] = stricter(found[name], value)
                else:
                    found.setdefault(name, value)
        return found


def unreliable(findings: Iterable[Finding], on: date) -> tuple[JudicialRule, ...]:
    """Return the rules that filing would rest on, and may not: unverified, or past their review."""
    permitting = (each.rule for each in findings if each.effect == "permits")
    return tuple(dict.fromkeys(rule for rule in permitting if not may_permit(rule, on)))


def _codes(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.code for each in findings if each.code))
