"""What proves a yes by code: that each who signs said yes to exactly what is agreed."""

from __future__ import annotations

from dataclasses import replace

from recovery.domain.accounting.agreed import Agreement, Offer
from recovery.domain.accounting.fact import Recorded
from recovery.domain.agreements.agreeing import BY_CODE
from recovery.domain.agreements.yes_code import terms_of, yes_problems
from recovery.domain.shared.errors import RefusedError
from recovery.ports.needs import HasYesCodes
from recovery.use_cases.agreements.said import Saying

_PROOF = 32  # digits of the hash that the agreement names: it is an identifier


def proved_by_codes(agreed: Agreement, saying: Saying, ports: HasYesCodes) -> Agreement:
    """Return the agreement with the proof of a yes by code; any other as it is.

    The proof is from the hash of the terms. Raises RefusedError if a signer or a consenting
    guarantor did not say yes to exactly these.
    """
    if agreed.yes != BY_CODE:
        return agreed
    offer = offer_of(agreed.offer_id, saying.recorded)
    if offer is None or offer.find(agreed.option) is None:
        return agreed  # refused with what else is wrong
    loan = saying.loan
    terms = terms_of(loan.loan_id, agreed.offer_id, offer, agreed.option, loan.currency)
    codes = ports.yes_codes.of_offer(loan.loan_id, agreed.offer_id)
    signers = (*agreed.signed_by, *agreed.consented)
    if problems := list(yes_problems(codes, signers, agreed, terms, saying.recorded)):
        raise RefusedError(*problems)
    return replace(agreed, proof=terms[:_PROOF])


def offer_of(offer_id: str, recorded: Recorded) -> Offer | None:
    """Return an offer that counts; None if there is none."""
    for each in recorded.counting():
        if each.fact_id == offer_id and isinstance(each.fact, Offer):
            return each.fact
    return None
