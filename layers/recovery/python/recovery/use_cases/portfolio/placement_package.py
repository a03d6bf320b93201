"""The package of a placement: one file for each loan, a manifest of hashes, a file to report in."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from recovery.documents.questions.claim import answer_claim
from recovery.documents.questions.limitation import answer_limitation
from recovery.documents.questions.procedure import answer_procedure
from recovery.documents.shared.plain import to_plain
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.accounting.placement import FirmKind
from recovery.domain.agreements.restraints import in_force
from recovery.domain.contact.gate import channels
from recovery.domain.portfolio.handed_over import handed_over
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.audit.as_known import KnowingPorts, Then
from recovery.use_cases.audit.export_loan import standing_then
from recovery.use_cases.audit.export_parts import mask_of, money
from recovery.use_cases.contact.limits import limits_for
from recovery.use_cases.judicial.claim_of_loan import claim_question_of, limitation_question_of
from recovery.use_cases.judicial.procedure_of_loan import procedure_question_of

FORMAT = "recovery-placement/1"
REPORT_HEADER = "report_id,loan_id,placement_id,status,on,amount,reference\n"
_ZIPPED = (2020, 1, 1, 0, 0, 0)  # so that the same content gives the same bytes


class PackagePorts(KnowingPorts, Protocol):
    """What a package is made from."""


def loan_package(
    loan_id: str, placement_id: str, kind: FirmKind, as_of: date, ports: PackagePorts
) -> dict[str, Any]:
    """Return what this kind of firm is told of the loan. Raises LoanNotFoundError."""
    then = Then(loan_id, as_of, ports)
    asked = (loan_id, as_of, then)
    whole = {
        **money(then),
        "standing": standing_then(then),
        "debtor": _debtor(then),
        "holds": _holds(then),
        "contact": _contact(then),
        "contacted_on": [each.isoformat() for each in then.person.recent_contacts],
        "claim": _answer(lambda: answer_claim(dict(claim_question_of(*asked).values))),
        "limitation": _answer(
            lambda: answer_limitation(dict(limitation_question_of(*asked).values))
        ),
        "checklist": _answer(
            lambda: answer_procedure(dict(procedure_question_of(*asked).values))["checklist"]
        ),
    }
    part = handed_over(kind, whole)
    if kind is FirmKind.LAW_FIRM:  # whom it may have to sue
        part["parties"] = [_named(each, then) for each in part["parties"]]
    else:
        part = mask_of(then)(part)
    return {
        "format": FORMAT,
        "placement_id": placement_id,
        "loan_id": loan_id,
        "as_of": as_of.isoformat(),
        "for": kind.value,
        **part,
    }


def zipped(packages: Mapping[str, Mapping[str, Any]]) -> tuple[bytes, str]:
    """Return the ZIP of these packages and its SHA-256; the same content gives the same bytes."""
    files = {
        f"{loan_id}.json": json.dumps(each, ensure_ascii=False, indent=2).encode()
        for loan_id, each in sorted(packages.items())
    }
    files["report.csv"] = REPORT_HEADER.encode()
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files["manifest.json"] = json.dumps({"sha256": hashes}, indent=2).encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIPPED), content, zipfile.ZIP_DEFLATED)
    content = stream.getvalue()
    return content, hashlib.sha256(content).hexdigest()


def _debtor(then: Then) -> dict[str, Any]:
    person = then.person
    return {
        "person_id": person.borrower_id,
        "name": person.name,
        "language": person.language,
        "country": person.country,
        "place": then.stored.loan.profile.place,
    }


def _holds(then: Then) -> list[dict[str, Any]]:
    """Return what the firm has to respect: what is held and until when, never what was told."""
    known = (*then.loans.load(then.loan_id).state.restraints, *then.person.restraints)
    return [
        {
            "kind": each.kind,
            "from": each.from_on.isoformat(),
            "until": each.until.isoformat() if each.until else None,
            "holds": sorted(each.blocked()),
        }
        for each in in_force(known, then.day)
    ]


def _contact(then: Then) -> dict[str, Any]:
    """Return only the addresses that the person left open, with what they asked for."""
    person = then.person
    limits = limits_for(person, then.rules.policy.contact)
    opened = list(channels(limits, person, then.day)) if limits.places else []
    return {
        "channels": {each: person.address_of(each) for each in opened if each in ("email", "sms")},
        "preferred": person.preferred_channel,
        "time_zone": person.time_zone,
        "asked_for": _asked_for(then),
    }


def _asked_for(then: Then) -> dict[str, Any]:
    """Return what the person asked for, but for their own words, which are for our people."""
    asked = to_plain(then.person.instructions)
    return {name: value for name, value in asked.items() if name != "text"}


def _named(party: Mapping[str, Any], then: Then) -> dict[str, Any]:
    found = then.ports.borrowers.load_many([party["person_id"]])
    return {**party, "name": found[0].name if found else None}


def _answer(work: Any) -> Any:
    try:
        return work()
    except (InvalidDocumentError, RefusedError):
        return None
