"""What only the person may read goes where only they read, and were known to be lately."""

from __future__ import annotations

from datetime import date

import pytest

from recovery.domain.contact.instructions import Instructions
from recovery.domain.contact.policy import ContactPolicy
from recovery.domain.contact.private_channels import private_channels
from tests.builders import a_borrower, the_limits

ON = date(2026, 12, 31)


def left(policy: ContactPolicy | None = None, **changes) -> tuple[str, ...]:
    limits = the_limits(policy) if policy else the_limits()
    return private_channels(limits, a_borrower(**changes), ON)


def test_both_addresses_may_do_and_the_preferred_comes_first() -> None:
    assert left() == ("email", "sms")
    assert left(preferred_channel="sms") == ("sms", "email")


@pytest.mark.parametrize(
    "changes",
    [
        {"phone_privacy": "shared"},
        {"phone_privacy": "unsafe"},
        {"instructions": Instructions(phone_privacy="shared")},
        {"instructions": Instructions(only_by="email")},
        {"sms_consent": False},
        {"barred_phones": ("+254711000001",)},
        {"phone": None},
        {"contact_confirmed_on": date(2026, 1, 1), "email_confirmed_on": ON},
        {"contact_confirmed_on": None, "email_confirmed_on": ON},
    ],
)
def test_a_phone_that_others_read_or_nobody_confirmed_is_left_out(changes) -> None:
    assert left(**changes) == ("email",)


def test_an_address_that_was_never_confirmed_is_none_whatever_the_policy_says() -> None:
    lax = ContactPolicy(confirmed_within_days=None)
    assert left(lax, contact_confirmed_on=None) == ()
    assert left(lax, contact_confirmed_on=date(2020, 1, 1)) == ("email", "sms")
