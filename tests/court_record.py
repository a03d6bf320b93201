"""A loan on its way to court with everything on record: for dossiers in tests and benchmarks.

The contract of a consumer (or of a place that no pack knows), a co-borrower, a guarantor, a plan
that was broken, a dispute that was answered, demands with their proof, and an attempt to settle in
which offers were made: those are confidential.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from recovery.domain.accounting.acts import (
    Acknowledgement,
    CalledIn,
    ContractTerms,
    Demand,
    NegotiationOpened,
    NegotiationStep,
)
from recovery.domain.accounting.agreed import Agreement, Offer, OfferedOption, Part
from recovery.domain.accounting.fact import FactRecord, RecordedFact
from recovery.domain.accounting.loan import Components, LoanProfile
from recovery.domain.accounting.party import Party, PartyRecord
from recovery.domain.accounting.said import Dispute, DisputeEnd, DisputeKind, DisputeOutcome
from recovery.domain.cases.signals import Signal
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import DEFINITION, Stage
from recovery.domain.contact.address import Fate
from recovery.domain.outbox import Outbox
from recovery.ports.accounting import LoanChange, StoredLoan
from tests.builders import (
    a_borrower,
    a_loan,
    a_payment,
    a_schedule,
    a_state,
    an_institution,
    months_after,
)

AS_OF = date(2026, 6, 15)
SIGNAL = Signal("L-1-C1#4", "L-1-C1", "judicial_recovery", "it is ready", AS_OF, 3)
DOSSIER_ID = "L-1-C1#5-judicial_approval"
FIRST_DUE = date(2024, 1, 31)
SECRET = 123_456  # what was offered in confidence, in minor units
_AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


def on_record(fact_id: str, fact: RecordedFact, known_on: date) -> FactRecord:
    """The fact as a person recorded it that day."""
    return FactRecord(
        fact_id=fact_id,
        loan_id="L-1",
        fact=fact,
        known_on=known_on,
        fingerprint=f"fingerprint of {fact_id}",
        reason="from the papers",
        recorded_by="ana",
        recorded_at=datetime.combine(known_on, time(12), UTC),
    )


def facts(law: str | None, *, surety: bool = True) -> Iterator[FactRecord]:
    """Everything that was done about the debt."""
    everybody = ("B-1", "B-2", "B-3") if surety else ("B-1", "B-2")
    region = {"ES": "ES-V", "NL": None}.get(law or "")
    terms = ContractTerms(
        on=date(2024, 1, 2),
        title="signed_private_contract",
        late_rate_pct=Decimal(13 if law == "ES" else 12),
        called_in_after=3,
        liquidation_clause=True,
        names_bureau=True,
        secured_by_home=False,
        region=region,
        reference="contract 2024-0117",
    )
    yield on_record("contract-1", terms, date(2024, 1, 2))
    option = OfferedOption(
        kind="payment_plan",
        payments=(Part(date(2025, 8, 5), 60_000), Part(date(2025, 9, 5), 60_000)),
        parts=(Part(date(2025, 8, 5), 20_000), Part(date(2025, 9, 5), 20_000)),
        extra_minor=0,
        largest_month_minor=60_000,
        let_go_minor=0,
        approved_by="advisor",
    )
    offer = Offer(
        on=date(2025, 7, 1),
        expires_on=date(2025, 7, 15),
        difficulty="one_off",
        assessment_id="A-1",
        policy_version=1,
        overdue_minor=40_000,
        days_past_due=62,
        options=(option,),
        refused=(),
        signers=("B-1", "B-2"),
    )
    yield on_record("OF-1", offer, offer.on)
    agreement = Agreement(
        on=date(2025, 7, 5),
        offer_id="OF-1",
        option="payment_plan",
        yes="paper",
        proof="paper 31",
        signed_by=("B-1", "B-2"),
        approved_by="Ana Torres",
        payments=option.payments,
        parts=option.parts,
        grace_days=3,
        posting_days=2,
    )
    yield on_record("AG-1", agreement, agreement.on)
    dispute = Dispute(
        on=date(2025, 10, 1),
        about=DisputeKind.CHARGES,
        answer_by=date(2025, 10, 31),
        blocks=("judicial",),
    )
    yield on_record("DI-1", dispute, dispute.on)
    end = DisputeEnd(
        dispute_id="DI-1",
        on=date(2025, 10, 9),
        outcome=DisputeOutcome.REJECTED,
        answer="The fee is in the contract.",
    )
    yield on_record("DE-1", end, end.on)
    owned = Acknowledgement(
        on=date(2025, 11, 3), persons=("B-1",), medium="letter", proof="proven", reference="R-11"
    )
    yield on_record("AK-1", owned, owned.on)
    before = Demand(
        on=date(2026, 1, 15),
        persons=everybody,
        medium="burofax",
        proof="proven",
        purpose="before_calling_in",
        sent_on=date(2026, 1, 12),
        reference="BF-100",
        amount_minor=300_000,
    )
    yield on_record("DM-1", before, before.on)
    letter = Demand(
        on=date(2026, 1, 20),
        persons=everybody,
        medium="registered_letter",
        proof="proven",
        purpose="before_costs",
        sent_on=date(2026, 1, 17),
        reference="RL-7",
        amount_minor=300_000,
        costs_minor=42_500,
        wording="valid",
        term_days=14,
    )
    yield on_record("DM-2", letter, letter.on)
    balance = replace(
        before, on=date(2026, 3, 2), purpose="balance", sent_on=None, reference="BF-2"
    )
    yield on_record("DM-3", balance, balance.on)
    yield on_record("CI-1", CalledIn(on=date(2026, 3, 1), demand_id="DM-1"), date(2026, 3, 1))
    for number, person in enumerate(("B-1", "B-2", *everybody[2:]), 1):
        opened = NegotiationOpened(
            on=date(2026, 3, 20),
            persons=(person,),
            form="direct_negotiation",
            medium="burofax",
            proof="proven" if number != 2 else "uncollected",
            received_on=date(2026, 3, 23),
            reference=f"BF-20{number}",
        )
        yield on_record(f"NG-{number}", opened, opened.on)
    for step, day in (("answered", 25), ("meeting", 27), ("proposal", 29), ("refused", 30)):
        told = NegotiationStep(
            negotiation_id="NG-1",
            on=date(2026, 3, day),
            step=step,
            proof="proven",
            reference=f"secret paper of the {step}" if step == "proposal" else f"minutes {day}",
        )
        yield on_record(f"NS-{step}", told, told.on)
    secret = replace(option, payments=(Part(date(2026, 5, 5), SECRET),), parts=())
    offered = replace(offer, on=date(2026, 3, 29), expires_on=date(2026, 4, 5), options=(secret,))
    yield on_record("OF-SECRET", offered, offered.on)


def send_messages(count: int, ports: Any) -> None:
    """Put so many messages to the borrower on record, each fourth of which came back."""
    for number in range(count):
        day = date(2025, 2, 5) + timedelta(days=3 * number)
        key, at = f"L-1/arrears.3/{day}", datetime.combine(day, time(10), UTC)
        person = ports.borrowers.load("B-1")
        channel = "email" if number % 2 else "sms"
        ports.borrowers.lease_contact(person, key, day, at, at=at, taken_at=at, channel=channel)
        ports.borrowers.confirm_contact("B-1", key, f"M-{number}")
        fate = Fate.DELIVERED if number % 4 else Fate.BOUNCED
        ports.borrowers.note_fate("B-1", key, fate, day)


def put_on_record(
    ports: Any,
    law: str | None = "ES",
    *,
    instalments: int = 60,
    sent: int = 60,
    surety: bool = True,
) -> None:
    """Put it all on record with fakes."""
    country = law or "PE"
    schedule = a_schedule(instalments, Components(45_000, 5_000), date(2024, 1, 28))
    profile = LoanProfile(purpose="consumer", law=law, place=None)
    loan = a_loan(
        annual_rate_pct=Decimal(12),
        profile=profile,
        disbursed_on=date(2024, 1, 2),
        schedule=schedule,
    )
    case = CaseState(
        "L-1-C1",
        date(2025, 3, 1),
        Stage.JUDICIAL_RECOVERY,
        AS_OF,
        notice_on=date(2026, 3, 1),
        signals=4,
        definition=DEFINITION,
    )
    payments = [
        a_payment(
            f"P-{number}",
            amount_minor=50_000 if number < 16 else 20_000,
            value_date=months_after(date(2024, 1, 28), number),
        )
        for number in range(min(20, instalments))
    ]
    state = replace(a_state(loan, payments), case=case, cases=1)
    names = {"B-1": "Lucía Ferrer Gil", "B-2": "Mateo Ruiz Peña", "B-3": "Carmen Soler Vidal"}
    language = {"ES": "es", "NL": "nl"}.get(country, "en")
    for person_id, name in names.items():
        if person_id != "B-3" or surety:
            person = a_borrower(
                person_id,
                name=name,
                language=language,
                country=country,
                phone=f"+3461100000{person_id[-1]}",
                email=f"{person_id.lower()}@example.org",
            )
            ports.borrowers.save_contact_details(person)
    parties = [
        Party(
            person_id="B-2",
            role="co_borrower",
            from_on=date(2024, 1, 2),
            liability="joint_and_several",
        ),
        Party(
            person_id="B-1",
            role="borrower",
            from_on=date(2024, 1, 2),
            liability="joint_and_several",
        ),
    ]
    if surety:
        parties.append(
            Party(
                person_id="B-3", role="guarantor", from_on=date(2024, 1, 2), limit_minor=1_000_000
            )
        )
    institution = an_institution(
        name="Cooperativa Caja del Turia",
        phone="+34960000001",
        debt_advice="Servicio municipal",
        time_zone="Europe/Madrid",
    )
    ports.institutions.save(institution)
    ports.loans.add_loan(StoredLoan(loan, state), payments)
    rows = tuple(PartyRecord(party=each, recorded_by="ana", recorded_at=_AT) for each in parties)
    outbox = Outbox("O-1", AS_OF)
    said = tuple(facts(law, surety=surety))
    ports.loans.commit(LoanChange(loan, loan, state, outbox, facts=said, parties=rows))
    send_messages(sent, ports)
