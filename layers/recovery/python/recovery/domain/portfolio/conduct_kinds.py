"""Conduct: what each kind of message is for, told apart from what decides on them."""

from __future__ import annotations

from collections.abc import Mapping

REMINDER, ARREARS, THANKS, NOTICE, ANSWER, EDUCATION = (
    "messages.reminder",
    "messages.arrears",
    "messages.thanks",
    "messages.notice",
    "messages.answer",
    "messages.education",
)
PRESSING = (REMINDER, ARREARS)
DEMANDS = (ARREARS, NOTICE)
NEUTRAL = "please_call"

PURPOSES: Mapping[str, str] = {
    "reminder_before_due": REMINDER,
    "due_today": REMINDER,
    "warning_reminder": REMINDER,
    "offer_due_day": REMINDER,
    "first_days_late": ARREARS,
    "we_would_like_to_help": ARREARS,
    "meeting_with_your_advisor": ARREARS,
    "after_a_missed_promise": ARREARS,
    "notice_before_judicial_recovery": NOTICE,
    "thank_you": THANKS,
    "payment_received": THANKS,
    "apology": THANKS,
    "clearance_letter": THANKS,
    "loan_end_thanks": THANKS,
    "lesson": EDUCATION,
    "saving_reminder": EDUCATION,
    "settlement_letter": THANKS,
    "promise_reminder": ANSWER,
    "relief_granted": ANSWER,
    "agreement_letter": ANSWER,
    "dispute_upheld": ANSWER,
    "dispute_rejected": ANSWER,
    "complaint_upheld": ANSWER,
    "complaint_rejected": ANSWER,
}


def purpose_of(kind: str) -> str:
    """Return a kind's purpose, as restraints name it; one that is unknown counts as a demand."""
    return PURPOSES.get(kind, ARREARS)
