"""What was done, from a few words."""

from datetime import date

import pytest

from recovery.documents.questions.act_words import read_act_words
from recovery.domain.shared.errors import RefusedError

ON = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("text", "act", "proof", "written"),
    [
        ("written, reserves right to performance", "demand", "proven", True),
        ("Burofax", "demand", "proven", True),
        ("burofax, came back unknown", "demand", "returned", True),
        ("burofax not collected after notice", "demand", "uncollected", True),
        ("extrajudicial demand", "demand", "proven", None),
        ("phone call without proof", "demand", "none", False),
        ("phone call", "demand", "none", False),
        ("recorded phone call", "demand", "proven", False),
        ("demand for payment by registered letter, refused", "demand", "refused", True),
        ("acknowledgement of debt in writing", "acknowledgement", "proven", True),
        ("partial payment", "payment", "proven", None),
        ("judicial claim", "claim_filed", "proven", None),
        ("lawsuit", "claim_filed", "proven", None),
        ("MASC request by e-mail", "negotiation_request", "proven", True),
    ],
)
def test_the_words_say_which_act_and_with_what_proof(text, act, proof, written) -> None:
    found = read_act_words(text, ON, "1", ("A",))
    assert (found.act, found.proof, found.written, found.on) == (act, proof, written, ON)


@pytest.mark.parametrize("text", ["", "something", "he thought about it"])
def test_words_that_say_nothing_are_refused(text) -> None:
    with pytest.raises(RefusedError, match="no act that is known"):
        read_act_words(text, ON, "1", ("A",))
