"""Write the packs' public holidays: `python -m infra.contact.public_holidays`.

They are data of a release, so that sending a message loads no heavy library. A new version of the
library may know better: run it again and look at what changed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import holidays

from recovery.documents.packs import holidays as packed

YEARS = range(2025, 2031)
FILE = Path(packed.__file__).parents[2] / "packs" / packed.FILE_NAME


def written(years: Sequence[int] = YEARS) -> str:
    """Return the text of the file: one line a country, days as month and day by year."""
    countries = sorted(each for each in holidays.list_supported_countries() if len(each) == 2)
    lines = (f'"{country}": {json.dumps(_by_year(country, years))}' for country in countries)
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _by_year(country: str, years: Sequence[int]) -> dict[str, list[str]]:
    """Return a country's national holidays, without those of its parts."""
    found = sorted(holidays.country_holidays(country, years=list(years)))
    return {
        str(year): [f"{day:%m%d}" for day in found if day.year == year]
        for year in years
        if any(day.year == year for day in found)
    }


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
    print(f"{FILE} written")
