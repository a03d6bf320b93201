"""The mark of forbearance as JSON."""

from __future__ import annotations

from recovery.domain.agreements.forbearance import Forbearance
from recovery.domain.monitoring.buckets import Bucket, bucket_of
from recovery.domain.shared.iso_dates import iso


def forbearance_document(
    found: Forbearance | None, buckets: tuple[Bucket, ...]
) -> dict[str, object] | None:
    """Show since when the loan has the mark, how late it was then, in days and by its bucket, and
    until when probation lasts if all is paid when it falls due; and the cure, and trouble since."""
    if found is None:
        return None
    return {
        "marked": found.is_marked,
        "since": found.since.isoformat(),
        "days_past_due": found.days_past_due,
        "bucket": bucket_of(buckets, found.days_past_due),
        "probation_until": iso(found.until),
        "cured_on": iso(found.cured_on),
        "redefaulted_on": iso(found.redefaulted_on),
    }
