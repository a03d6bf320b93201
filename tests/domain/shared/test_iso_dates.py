from datetime import date

import pytest

from recovery.domain.shared.iso_dates import from_iso, iso


@pytest.mark.parametrize("day", [None, date(2026, 3, 31), date(1970, 1, 1)])
def test_a_date_or_none_survives_the_round_trip(day) -> None:
    assert from_iso(iso(day)) == day


def test_what_is_no_date_is_refused() -> None:
    with pytest.raises(ValueError):
        from_iso("31/03/2026")
