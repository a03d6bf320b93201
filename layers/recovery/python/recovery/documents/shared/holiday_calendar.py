"""An institution's calendar: its country's public holidays and its own days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from recovery.domain.shared.business_calendar import BusinessCalendar
from recovery.domain.shared.errors import Problem, RefusedError


def business_calendar(
    country: str | None,
    subdivision: str | None,
    years: Iterable[int],
    own_days: Iterable[date] = (),
    working_days: Iterable[date] = (),
    weekend: Iterable[int] | None = None,
) -> BusinessCalendar:
    """Combine public holidays and ``own_days``, less ``working_days``, which are worked.

    ``country`` is an ISO 3166-1 code in capitals, such as KE, and ``subdivision`` the part of its
    ISO 3166-2 code after the hyphen; without a country only ``own_days`` count. ``weekend`` holds
    ``date.weekday()`` numbers (Monday is 0) and defaults to the country's, or Saturday and Sunday.
    Raises RefusedError for a country or subdivision without known holidays, or a week without a
    business day.
    """
    public: Iterable[date] = ()
    usual_weekend: Iterable[int] = BusinessCalendar().weekend
    if country is None:
        if subdivision is not None:
            raise RefusedError(Problem("subdivision", "has no country", "Name the country too"))
    else:
        import holidays  # deferred: half a second of a cold start

        subdivisions = holidays.list_supported_countries()
        if country not in subdivisions:
            raise RefusedError(
                Problem(
                    "country",
                    f"no holidays are known for {country!r}",
                    "Use an ISO 3166 code in capitals, such as KE, or list the days yourself",
                ),
            )
        if subdivision is not None and subdivision not in subdivisions[country]:
            raise RefusedError(
                Problem(
                    "subdivision",
                    f"no holidays are known for {subdivision!r} in {country}",
                    f"Leave it out, or use one of {', '.join(subdivisions[country]) or 'none'}",
                ),
            )
        found = holidays.country_holidays(country, subdiv=subdivision, years=list(years))
        public, usual_weekend = found.keys(), found.weekend
    days_off = frozenset(usual_weekend if weekend is None else weekend)
    if len(days_off) == 7:  # nothing would ever be late
        raise RefusedError(
            Problem("weekend", "leaves no business day", "Leave out at least one weekday")
        )
    return BusinessCalendar(
        weekend=days_off,
        holidays=frozenset(public).union(own_days).difference(working_days),
    )
