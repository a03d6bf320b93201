"""The calendar of an institution: its country's public holidays and its own list of days."""

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
    not_days: Iterable[date] = (),
    weekend: Iterable[int] | None = None,
) -> BusinessCalendar:
    """Public holidays and ``own_days``, without ``not_days``, on which the institution works.

    ``country`` is an ISO 3166-1 code in capitals, such as KE, and ``subdivision`` the part of its
    ISO 3166-2 code after the hyphen; without a country only the institution's days count.
    ``weekend`` holds numbers of ``date.weekday()`` (Monday is 0): by default the country's own, or
    Saturday and Sunday. Raises RefusedError for a country or subdivision without known holidays,
    or a week without a business day.
    """
    public: Iterable[date] = ()
    usual_weekend: Iterable[int] = BusinessCalendar().weekend
    if country is None:
        if subdivision is not None:
            raise RefusedError(Problem("subdivision", "has no country", "Name the country too"))
    else:
        import holidays  # half a second of a cold start, for those who never ask

        subdivisions = holidays.list_supported_countries()
        if country not in subdivisions:
            raise RefusedError(
                Problem(
                    "country",
                    f"there are no known holidays of {country!r}",
                    "Use an ISO 3166 code in capitals, such as KE, or list the days yourself",
                ),
            )
        if subdivision is not None and subdivision not in subdivisions[country]:
            raise RefusedError(
                Problem(
                    "subdivision",
                    f"{country} has no known holidays of {subdivision!r}",
                    f"Leave it out, or use one of {', '.join(subdivisions[country]) or 'none'}",
                ),
            )
        found = holidays.country_holidays(country, subdiv=subdivision, years=list(years))
        public, usual_weekend = found.keys(), found.weekend
    days_off = frozenset(usual_weekend if weekend is None else weekend)
    if len(days_off) == 7:  # nothing would ever be a day late
        raise RefusedError(
            Problem("weekend", "leaves no business day", "Leave at least one weekday out of it")
        )
    return BusinessCalendar(
        weekend=days_off,
        holidays=frozenset(public).union(own_days).difference(not_days),
    )
