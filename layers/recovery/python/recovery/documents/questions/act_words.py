"""Read an act of interruption that somebody described in a few words, such as "burofax, returned".

Words that are not understood make no act: whoever asks is told so, and nothing is counted.
"""

from __future__ import annotations

import re
from datetime import date

from recovery.domain.judicial.limitation_acts import LimitationAct
from recovery.domain.judicial.limitation_rules import ActKind, Proof
from recovery.domain.shared.errors import Problem, RefusedError

_SPOKEN = re.compile(r"phone|\bcall|oral|spoken|verbal|visit")
_WRITTEN = re.compile(
    r"written|writing|letter|burofax|e-?mail|\bsms\b|notarial|telegram|brief|notice|registered"
    r"|certified|aanmaning|stuiting|sommatie"
)
# A plain reminder may be none of the writings that a law asks for: it does not say so by itself.
_REMINDER = re.compile(r"remind|herinnering|recordatorio")
_CLAIMS = re.compile(r"demand|reserv|requir|requer|burofax|aanmaning|stuiting|sommatie|reclam")
# In this order: "extrajudicial demand" is none of a court, "demand for payment" is no payment.
_ACTS: tuple[tuple[ActKind, re.Pattern[str]], ...] = (
    ("negotiation_request", re.compile(r"\bmasc\b|negotiat|mediat|conciliat|binding offer")),
    (
        "acknowledgement",
        re.compile(r"acknowledg|recogni[sz]|admi(ts|tted|ssion)|promis|erkenning|reconoc"),
    ),
    (
        "demand",
        re.compile(
            r"extrajudicial|demand(?!a)|remind|reserv|dunning|burofax|requir|requer"
            r"|aanmaning|stuiting|sommatie|herinnering|recordatorio"
        ),
    ),
    (
        "claim_filed",
        re.compile(
            r"court|judicial|\bsuit\b|lawsuit|claim filed|summons|petition|dagvaarding|demanda"
        ),
    ),
    ("payment", re.compile(r"\bpa(id|ys|yment|rt-payment)\b|instalment paid|betaling|\bpago")),
    ("demand", _WRITTEN),
    ("demand", _SPOKEN),
)
_PROOFS: tuple[tuple[Proof, re.Pattern[str]], ...] = (
    (
        "none",
        re.compile(r"(no|without|lacks?|missing) (any )?(proof|evidence)|unproven|not proven"),
    ),
    (
        "returned",
        re.compile(
            r"return|unknown|undeliver|wrong address|bounced|not (received|delivered)|failed"
        ),
    ),
    ("refused", re.compile(r"refus|reject")),
    ("uncollected", re.compile(r"uncollect|not collected|not picked up|unclaimed")),
)


def read_act_words(text: str, on: date, act_id: str, persons: tuple[str, ...]) -> LimitationAct:
    """Return the act. Raises RefusedError if the words do not say which it is.

    What was only spoken has no proof unless the words say so; anything else has, unless they say
    that it has not.
    """
    words = text.lower()
    act = next((kind for kind, form in _ACTS if form.search(words)), None)
    if act is None:
        reason = f"{text[:60]!r} is no act that is known"
        remedy = "Say demand, acknowledgement, payment, request to negotiate or suit"
        raise RefusedError(Problem("kind", reason, remedy))
    proof = next((kind for kind, form in _PROOFS if form.search(words)), None)
    spoken, written = bool(_SPOKEN.search(words)), bool(_WRITTEN.search(words))
    if proof is None:
        unproven = spoken and not written and not re.search(r"record|proof|witness", words)
        proof = "none" if unproven else "proven"
    return LimitationAct(
        act_id=act_id,
        act=act,
        on=on,
        persons=persons,
        proof=proof,
        written=_in_writing(words),
    )


def _in_writing(words: str) -> bool | None:
    """Whether it was in writing; None if nobody said, or it may be no more than a reminder."""
    if _REMINDER.search(words) and not _CLAIMS.search(words):
        return None
    if _WRITTEN.search(words):
        return True
    return False if _SPOKEN.search(words) else None
