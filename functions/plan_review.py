"""Daily review, first step: plan the business dates and shards to review."""

from datetime import date

from recovery.use_cases.monitoring.plan_review import ReviewRequest, plan_review
from recovery.use_cases.shared.business_date import local_date
from recovery.wiring import wired


def handler(event, context, wiring=None):
    wiring = wiring or wired()
    institution_id = event["institution_id"]
    today = local_date(institution_id, wiring.now(), wiring.institutions)
    until = date.fromisoformat(event["as_of"]) if event.get("as_of") else today
    return plan_review(
        ReviewRequest(
            institution_id, until, event.get("clock", "wall"), bool(event.get("reconcile"))
        ),
        today=today,
        shards=wiring.settings.shards,
        replay_allowed=wiring.settings.replay_allowed,
        institutions=wiring.institutions,
    )
