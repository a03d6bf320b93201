"""Each mistake in the facts of a claim is named by its field."""

from dataclasses import replace
from datetime import date

import pytest

from recovery.domain.judicial.claim_facts import (
    ClaimFacts,
    ClaimPart,
    ClaimPayment,
    claim_problems,
)
from recovery.domain.judicial.lawful_rates import AgreedRates
from tests.builders import fields

PART = ClaimPart(part="1", due_on=date(2026, 1, 31), principal_minor=100, interest_minor=10)
PAID = ClaimPayment(payment_id="P", on=date(2026, 2, 1), amount_minor=5)
FACTS = ClaimFacts(currency="EUR", parts=(PART,), agreed=AgreedRates(), payments=(PAID,))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"parts": (), "payments": ()}, "parts"),
        ({"parts": (PART, PART)}, "parts.1.part"),
        ({"parts": (replace(PART, principal_minor=-1),)}, "parts.0.principal_minor"),
        ({"parts": (replace(PART, interest_minor=10**16),)}, "parts.0.interest_minor"),
        ({"parts": (replace(PART, disputed_minor=111),)}, "parts.0.disputed_minor"),
        ({"parts": (replace(PART, ordinary_from=PART.due_on),)}, "parts.0.ordinary_from"),
        ({"payments": (replace(PAID, amount_minor=0),)}, "payments.0.amount_minor"),
        ({"payments": (replace(PAID, part="2"),)}, "payments.0.part"),
        ({"payments": (PAID, PAID)}, "payments.1.id"),
        ({"agreed": AgreedRates(commercial=True)}, "agreed.commercial"),
    ],
)
def test_a_mistake_is_named(changes, field) -> None:
    assert fields(claim_problems(replace(FACTS, **changes))) == {field}


def test_sound_facts_have_none() -> None:
    all_disputed = replace(PART, disputed_minor=110, ordinary_from=date(2026, 1, 30))
    assert not fields(claim_problems(replace(FACTS, parts=(all_disputed,))))
    business = AgreedRates(capacity="business", commercial=True)
    assert not fields(claim_problems(replace(FACTS, agreed=business)))
