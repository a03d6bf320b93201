"""Intervals that hold whenever one looks: for a share, and for the difference of two.

The likelihood of each arm, averaged over all shares, against the likelihood at a given share is a
martingale if that share is true; so is the product of two arms'. By Ville's inequality it reaches
1/alpha at any time with a chance of at most alpha, so what it does not refute is covered at all
times at once, however often one looks and whenever one stops. Exact at every size; no normal
approximation. Sources: Robbins, Ann. Math. Statist. 41 (1970) 1397-1409 (mixtures); Howard, Ramdas,
McAuliffe, Sekhon, Ann. Statist. 49 (2021) 1055-1080 (confidence sequences).

The price is width: an interval for one look at a fixed size would be about two thirds as wide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, lgamma, log

_GOLDEN = 0.6180339887498949
_STEPS = 40


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``of``, such as instalments paid on time of those looked at."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share seen; a half while nothing is."""
        return self.hits / self.of if self.of else 0.5


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``low`` to ``high``, both included."""

    low: float
    high: float

    def has(self, value: float) -> bool:
        return self.low <= value <= self.high


def evidence(one: Share, other: Share) -> float:
    """Return the log of the evidence that the two shares differ; 0 or less is none.

    If they are the same, the chance that it ever reaches log(1/alpha) is at most alpha.
    """
    together = Share(one.hits + other.hits, one.of + other.of).value
    return _against(one, together) + _against(other, together)


def difference(one: Share, other: Share, alpha: float) -> Interval:
    """Return what the difference ``one - other`` of the true shares is between, at all times at
    once but for a chance of ``alpha``."""
    seen, bar = one.value - other.value, log(1 / alpha)

    def refuted(gap: float) -> bool:
        low, high = max(0.0, -gap), min(1.0, 1.0 - gap)
        return _least(lambda p: _against(one, p + gap) + _against(other, p), low, high) >= bar

    return Interval(_edge(refuted, seen, -1.0), _edge(refuted, seen, 1.0))


def share(of: Share, alpha: float) -> Interval:
    """Return what the true share is between, at all times at once but for a chance of ``alpha``."""
    bar = log(1 / alpha)

    def refuted(p: float) -> bool:
        return _against(of, p) >= bar

    return Interval(_edge(refuted, of.value, 0.0), _edge(refuted, of.value, 1.0))


def _against(seen: Share, p: float) -> float:
    """Return the log of the averaged likelihood over that at ``p``; convex in ``p``."""
    hits, misses = seen.hits, seen.of - seen.hits
    averaged = lgamma(hits + 1) + lgamma(misses + 1) - lgamma(seen.of + 2)
    return averaged - _times_log(hits, p) - _times_log(misses, 1 - p)


def _times_log(count: int, p: float) -> float:
    if not count:
        return 0.0
    return count * log(p) if p > 0 else -inf


def _least(of: Callable[[float], float], low: float, high: float) -> float:
    """Return the least value of a convex function between the two."""
    for _ in range(_STEPS):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if of(left) <= of(right):
            high = right
        else:
            low = left
    return of((low + high) / 2)


def _edge(refuted: Callable[[float], bool], inside: float, outside: float) -> float:
    """Return where what is not refuted ends on the way outside, rounded outwards."""
    if not refuted(outside):
        return outside
    for _ in range(26):
        middle = (inside + outside) / 2
        if refuted(middle):
            outside = middle
        else:
            inside = middle
    return outside
