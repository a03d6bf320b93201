"""Numbers in words."""

import pytest

from recovery.domain.shared.in_words import days_in_words


@pytest.mark.parametrize(("days", "said"), [(0, "0 days"), (1, "1 day"), (2, "2 days")])
def test_one_day_is_no_days(days: int, said: str) -> None:
    assert days_in_words(days) == said
