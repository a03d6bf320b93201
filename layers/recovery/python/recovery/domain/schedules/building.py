"""Build a schedule from a loan's terms: the principal, interest and fee due on each date.

Each amount is rounded once; the last instalment takes the remaining principal, so principal adds up
to the loan's to the minor unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from recovery.domain.accounting.loan import Components, Instalment
from recovery.domain.schedules.interest_periods import Period, interest_periods
from recovery.domain.schedules.level_payment import level_payment, present_values
from recovery.domain.schedules.terms import Terms, terms_problems
from recovery.domain.shared.business_calendar import EVERY_DAY, BusinessCalendar
from recovery.domain.shared.errors import RefusedError
from recovery.domain.shared.rounding import to_multiple


def build_schedule(terms: Terms, calendar: BusinessCalendar = EVERY_DAY) -> tuple[Instalment, ...]:
    """Build instalments numbered from 1, in due date order, with no negative component.

    Raises RefusedError for invalid terms (``terms_problems``), or when rolling puts two due dates
    on the same day.
    """
    problems = tuple(terms_problems(terms))
    if problems:
        raise RefusedError(*problems)
    return build_from_periods(terms, interest_periods(terms, calendar))


def build_from_periods(terms: Terms, periods: Sequence[Period]) -> tuple[Instalment, ...]:
    """Build instalments from valid terms over these interest periods."""
    annual_rate_fraction = Fraction(terms.annual_rate_pct) / 100
    rate_fractions = [
        annual_rate_fraction * period.years if number > terms.interest_free else Fraction(0)
        for number, period in enumerate(periods, start=1)
    ]
    split = (
        _flat(terms, rate_fractions)
        if terms.interest_method == "flat"
        else _declining(terms, rate_fractions)
    )
    principal, accrued = zip(*split, strict=True)
    interest = _after_grace(accrued, terms.grace_interest)
    return tuple(
        Instalment(number, period.due_date, Components(of_principal, of_interest, terms.fee_minor))
        for number, (period, of_principal, of_interest) in enumerate(
            zip(periods, principal, interest, strict=True), start=1
        )
    )


def _flat(terms: Terms, rate_fractions: Sequence[Fraction]) -> Iterator[tuple[int, int]]:
    """Yield (principal, interest), with equal interest on the original principal throughout."""
    total = to_multiple(terms.principal_minor * sum(rate_fractions), terms.rounding)
    bearing = terms.instalments - terms.interest_free
    share = to_multiple(Fraction(total, bearing), terms.rounding) if bearing else 0
    principal = _Principal(terms)
    for index in range(terms.instalments):
        if index < terms.interest_free:
            interest = 0
        else:
            interest = total if index == terms.instalments - 1 else min(share, total)
        total -= interest
        yield principal.share(index, interest), interest


def _declining(terms: Terms, rate_fractions: Sequence[Fraction]) -> Iterator[tuple[int, int]]:
    """Yield (principal, interest), with interest on the principal owed as each period begins."""
    principal = _Principal(terms)
    values = present_values(rate_fractions) if terms.amortisation == "equal_instalment" else ()
    payment = None
    for index, rate_fraction in enumerate(rate_fractions):
        interest = to_multiple(principal.balance * rate_fraction, terms.rounding)
        if not values or not principal.weights[index]:
            yield principal.share(index, interest), interest
            continue
        if payment is None:
            exact = level_payment(principal.balance, terms.balloon_minor, values[index])
            payment = to_multiple(exact, terms.rounding, terms.multiple_minor)
        yield principal.take(index, payment - interest), interest
        if payment < interest:  # a far longer period than the rest: level what comes after it
            payment = None


class _Principal:
    """The principal not yet assigned; instalments take from it in order."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self.weights = _weights(terms)
        self._all_weights = sum(self.weights)
        self._last_share = max(index for index, weight in enumerate(self.weights) if weight)
        self._spread = self._left = terms.principal_minor - terms.balloon_minor
        self.balance = terms.principal_minor

    def share(self, index: int, interest: int) -> int:
        """Take the instalment's weighted share, rounding the instalment including its interest."""
        if not self.weights[index]:
            return self.take(index, 0)
        terms = self._terms
        share = Fraction(self._spread * self.weights[index], self._all_weights)
        due = to_multiple(share, terms.rounding) + interest
        return self.take(index, to_multiple(due, terms.rounding, terms.multiple_minor) - interest)

    def take(self, index: int, wanted: int) -> int:
        """Take up to ``wanted``; the last share takes the rest, the last instalment the balloon."""
        principal = self._left if index == self._last_share else min(max(wanted, 0), self._left)
        self._left -= principal
        if index == self._terms.instalments - 1:
            principal += self._terms.balloon_minor
        self.balance -= principal
        return principal


def _weights(terms: Terms) -> tuple[int, ...]:
    """Return each instalment's relative share of the principal."""
    if terms.principal_shares is not None:
        return terms.principal_shares
    without = terms.grace_principal
    if terms.amortisation == "interest_only":
        without = terms.instalments - 1
    return (0,) * without + (1,) * (terms.instalments - without)


def _after_grace(accrued: Sequence[int], instalments: int) -> tuple[int, ...]:
    """Defer the interest of the first ``instalments`` to the one after them."""
    deferred = sum(accrued[: instalments + 1])
    return (0,) * instalments + (deferred, *accrued[instalments + 1 :])
