"""A notice is a fact of its day."""

from datetime import date

from recovery.domain.accounting.fact import date_of, kind_of
from recovery.domain.accounting.notices import NoticeGiven


def test_it_counts_from_the_day_on_which_it_arrived() -> None:
    sent, arrived = date(2026, 3, 2), date(2026, 3, 6)
    notice = NoticeGiven("notice@2026-03-01", arrived, "burofax", sent, "received", "BF-1", True)
    assert (kind_of(notice), date_of(notice)) == ("notice", arrived)
