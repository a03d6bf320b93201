"""Mask everybody but the borrower: parties of the loan, payers, and whatever names them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

_SHORTEST = 3  # of a name or address: what is shorter would hide other words


class Mask:
    """Says who stands behind which label; the labels follow the order in which people are named."""

    def __init__(self) -> None:
        self._labels: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def add(self, person_id: str, role: str, told: Iterable[str | None] = ()) -> None:
        """Mask the person's id, and what else names them, such as name, phone and e-mail."""
        if person_id not in self._labels:
            count = self._counts[role] = self._counts.get(role, 0) + 1
            self._labels[person_id] = f"[{role.replace('_', ' ')} {count}]"
        for each in told:
            if each and len(each.strip()) >= _SHORTEST:
                self._labels.setdefault(each.strip(), self._labels[person_id])

    def __call__(self, document: Any) -> Any:
        """Return the document with labels instead, in keys too, wherever somebody is named."""
        if not self._labels:
            return document
        longest_first = sorted(self._labels, key=len, reverse=True)
        names = "|".join(map(re.escape, longest_first))
        found = re.compile(rf"(?<![\w-])(?:{names})(?![\w-])", re.IGNORECASE)
        labels = {name.casefold(): label for name, label in self._labels.items()}
        return _walk(document, lambda text: found.sub(lambda m: labels[m[0].casefold()], text))


def _walk(value: Any, masked: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {masked(str(name)): _walk(each, masked) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_walk(each, masked) for each in value]
    return value
