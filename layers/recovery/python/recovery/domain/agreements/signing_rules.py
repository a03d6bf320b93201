"""The packs' rules on whose yes an agreement needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from recovery.domain.agreements.option_kinds import Kind
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.packs import Rule, overlap_problems

MORATORIUM = "moratorium"  # relief that the law grants on request
KINDS = frozenset({*(each.value for each in Kind), MORATORIUM})


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningRule(Rule):
    """Who says yes to agreements of these kinds; without kinds, to every other.

    ``debtors``: all of them, or one for all unless another objected in writing.
    ``frees_guarantors``: more time without a guarantor's consent ends the guarantee.
    """

    debtors: Literal["all", "one"]
    frees_guarantors: bool
    kinds: tuple[str, ...] = ()

    def is_about(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds


def signing_problems(rules: tuple[SigningRule, ...]) -> Iterator[Problem]:
    """Yield what is wrong with a file's rules on signing."""
    paths = [(f"signing.{index}", each) for index, each in enumerate(rules)]
    for path, rule in paths:
        if unknown := sorted(set(rule.kinds) - KINDS):
            remedy = f"Use some of: {', '.join(sorted(KINDS))}"
            yield Problem(f"{path}.kinds", f"has unknown entries: {', '.join(unknown)}", remedy)

    def alike(one: SigningRule, other: SigningRule) -> bool:
        if one.id == other.id:
            return False
        same = set(one.kinds) & set(other.kinds)
        return bool(same) or (not one.kinds and not other.kinds)

    yield from overlap_problems(paths, alike, "the same kind of agreement")
