"""Daily review, first step: plan the business dates and shards to review."""

from datetime import date

from recovery.use_cases.monitoring.plan_review import plan_review
from recovery.use_cases.shared.business_date import local_date
from recovery.wiring import wired


def handler(event, context, wiring=None):
    wiring = wiring or wired()
    institution_id = event["institution_id"]
    today = local_date(institution_id, wiring.now(), wiring.institutions)
    as_of = event.get("as_of")
    return plan_review(
        institution_id,
        date.fromisoformat(as_of) if as_of else today,
        today=today,
        clock=event.get("clock", "wall"),
        shards=wiring.settings.shards,
        institutions=wiring.institutions,
    )
