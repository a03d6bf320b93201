"""Public holidays come with the packs, and cost no library to read."""

import subprocess
import sys
from datetime import date

import pytest

from recovery.documents.packs.holidays import public_holidays
from recovery.documents.packs.reading import shipped_files


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("ES", date(2026, 10, 12)),
        ("NL", date(2026, 4, 27)),
        ("US", date(2026, 11, 26)),
        ("IN", date(2027, 1, 26)),
        ("KE", date(2026, 12, 12)),
        ("PE", date(2026, 7, 28)),
        ("CO", date(2026, 7, 20)),
        ("FR", date(2030, 7, 14)),
    ],
)
def test_a_holiday_is_known_by_its_date(country, day) -> None:
    assert day in public_holidays(country)


def test_every_country_with_rules_has_holidays_in_every_year() -> None:
    places = {place.upper() for place, *_ in shipped_files()} - {"CAREFUL", "EU"}
    for country in places:
        years = {day.year for day in public_holidays(country)}
        assert years == set(range(2025, 2031)), country


def test_a_country_that_nobody_knows_has_none() -> None:
    assert public_holidays("XX") == frozenset()


def test_reading_them_loads_no_library() -> None:
    code = (
        "import sys; from recovery.documents.packs.holidays import public_holidays;"
        " assert public_holidays('ES'); assert not {'holidays', 'pydantic'} & set(sys.modules)"
    )
    environment = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
