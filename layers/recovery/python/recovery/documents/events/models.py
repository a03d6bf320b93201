"""The detail of every event on the bus, one model per name: source ``recovery``, detail type the
name.

A field may be added, and a text may take a new value, within a version; a change of meaning raises
it. Nothing identifies a borrower but ids. An event may come twice, and late.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from recovery.documents.shared.fields import INSTITUTION_ID, AmountText, Currency, Identifier
from recovery.domain.accounting.collateral import COLLATERAL_KINDS
from recovery.domain.accounting.fact import KINDS
from recovery.domain.accounting.loan import PayerKind
from recovery.domain.accounting.ownership import Medium, OwnerChangeKind
from recovery.domain.accounting.party import ROLES
from recovery.domain.accounting.placement import Report
from recovery.domain.cases.stages import Outcome, Stage
from recovery.domain.cases.tasks import LAPSED, TaskKind, TaskOutcome
from recovery.domain.intake.suspense import IN_WORDS
from recovery.domain.monitoring.pattern import PatternKind
from recovery.domain.monitoring.segments import Segment

InstitutionId = Annotated[str, StringConstraints(pattern=INSTITUTION_ID)]
_SEGMENTS = ("punctual_or_new", *(str(each) for each in Segment if each not in ("punctual", "new")))
Component = Literal["principal", "interest", "fee", "penalty"]


class _AnyEvent(BaseModel):
    """What every event has."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    version: Literal[1]
    """The version of this event's schema."""
    institution_id: InstitutionId


class _Event(_AnyEvent):
    """What every event about a loan has."""

    loan_id: Identifier


class _Money(_AnyEvent):
    payment_id: Identifier
    amount: AmountText
    """A decimal amount, such as 125.00."""
    currency: Currency
    """ISO 4217."""
    value_date: date
    """The day from which the money counts."""


SignedAmountText = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,4})?$")]


class _PaymentEvent(_Money, _Event):
    payer: PayerKind | None = None
    """Who paid, if not the borrower."""


class OtherPayment(BaseModel):
    """The same money on another loan, or as another payment."""

    loan_id: Identifier
    payment_id: Identifier


class Allocated(BaseModel):
    """By component, the change in what is paid. Negative where an earlier payment gave way: money
    with an earlier value date may undo a late charge that was paid."""

    principal: SignedAmountText
    interest: SignedAmountText
    fee: SignedAmountText
    penalty: SignedAmountText


class PaymentPosted(_PaymentEvent):
    """A payment was received and allocated."""

    allocated: Allocated
    """What was paid with it; the rest is credit. A later fact of an earlier day may change it."""
    moved_from: OtherPayment | None = None
    """The loan that it had been posted on by mistake: see PaymentMoved. No new money."""
    from_suspense: Identifier | None = None
    """The money in suspense that was matched with the loan: see SuspenseMatched. No new money."""
    part_of: Identifier | None = None
    """The one payment for a person of which it is a share."""


class PaymentMoved(_PaymentEvent):
    """A payment was on the wrong loan: it does not count there any more."""

    moved_to: OtherPayment
    """The right loan, for which PaymentPosted comes too."""


class PossibleDuplicatePayment(_PaymentEvent):
    """A payment looks like another one of the last day. Both count until a person decides."""

    possible_duplicate_of: Identifier


class PaymentSuspended(_Money):
    """Money came that belongs to no loan yet, or may not be kept on one."""

    why: Annotated[str, Field(examples=[*IN_WORDS])]
    loan_id: Identifier | None = None
    """The loan that it came for, which may not be on record."""
    part_of: Identifier | None = None
    """The payment of which it is what no loan takes."""
    possible_duplicate_of: Identifier | None = None


class SuspenseMatched(_Money):
    """A person found the loan of money in suspense, or of a part of it."""

    posted_as: OtherPayment
    """The payment that it became, for which PaymentPosted comes too."""


class SuspenseRefunded(_Money):
    """A person decided that money in suspense, or a part of it, is to be paid back."""


class SuspenseReversed(_Money):
    """Money in suspense was never received."""


class PaymentReversed(_PaymentEvent):
    """A payment was a mistake: the loan is recomputed without it."""

    payer_kind: str | None = None
    """Who had paid; absent for the borrower."""


class PartyRecorded(_Event):
    """Somebody is a party of the loan, or the last day is known on which she is."""

    role: Annotated[str, Field(examples=[*ROLES])]
    from_on: date
    until: date | None


class GuaranteeUseChanged(_Event):
    """A payment used more of a guarantee, or its reversal gave some back."""

    payment_id: Identifier
    used: AmountText
    """A decimal amount: all that is used now."""
    remaining: AmountText | None = None
    """What is left of the limit; absent without one."""
    currency: Currency


class CollateralRecorded(_Event):
    """What secures the loan is on record, worth something else, or released."""

    collateral_id: Identifier
    kind: Annotated[str, Field(examples=[*COLLATERAL_KINDS])]
    value: AmountText
    """A decimal amount: the value at the business date."""
    currency: Currency
    until: date | None


class ClaimOpened(_Event):
    """A claim on credit-life insurance is to be made."""

    collateral_id: Identifier
    claim_id: Identifier
    amount: AmountText
    currency: Currency


class PaymentPassedOn(_PaymentEvent):
    """Money came in for a loan that another institution owned on its value date, and is theirs."""

    to: str
    """The owner on that day."""
    asked_back: bool = False
    """True if it was passed on before and no longer should be."""


class LoanMarked(_Event):
    """Another loan of the borrower is badly late and pulls this one to its bucket, or no longer
    does."""

    as_of: date
    pulled_to: str | None
    """The bucket of the worst loan; null when the mark falls."""
    policy_version: int


class SegmentChanged(_Event):
    """How a borrower pays this loan puts them in another segment, which chooses how to help."""

    as_of: date
    """The business date."""
    before: Annotated[str, Field(examples=[*_SEGMENTS])]
    segment: Annotated[str, Field(examples=[*_SEGMENTS])]
    reason: Annotated[str, Field(examples=[*map(str, PatternKind), "no_sign_of_trouble"])]
    """The pattern that decided it."""
    policy_version: int


class LoanEnded(_Event):
    """Nothing of the loan stands any more, and what is held of it has a last day. It may come again
    with another day; if a fact brings the loan back, it is kept, which is not announced."""

    kept_until: date
    """The last day of the contract and its payments, by the pack of the contract's law."""


class OwnerChanged(_Event):
    """A loan changed its creditor or servicer at close of day."""

    change_id: str
    """The list on which it changed hands."""
    kind: Annotated[str, Field(examples=[*map(str, OwnerChangeKind)])]
    from_on: date
    """The first day of the new owner or servicer."""
    outside: bool
    """Whether they work outside this deployment, so that the loan is silent here."""
    creditor: str | None = None
    """The new owner, if that is what changed."""
    servicer: str | None = None
    """Who handles the loan from then on; absent for the creditor itself."""


class ReliefGranted(_Event):
    """A collective relief holds for the loan, perhaps from a past day on."""

    relief_id: Identifier
    on: date
    """The day from which it has its effect."""
    until: date
    """The last day on which nothing falls due."""
    frozen_days_past_due: int
    """How late the loan was when it began; those days do not count on."""
    next_due_on: date | None = None
    schedule_version: int | None = None
    """The new version of the schedule; absent where the due dates stay."""


class PlacementReported(_Event):
    """Who handles a loan for its creditor reported how it stands."""

    change_id: str
    """The placement that it is about."""
    report_id: str
    status: Annotated[str, Field(examples=[*map(str, Report)])]
    on: date


class TransferNoticeProven(_Event):
    """The debtor was told of the new owner; contact may follow from the next day."""

    change_id: str
    medium: Annotated[str, Field(examples=[*map(str, Medium)])]
    sent_on: date


class RefinancingSeen(_Event):
    """A new loan repaid others of the same person, carries over what follows, and is reviewed."""

    repaid: list[Identifier]
    """The loans that it repaid."""
    days_past_due: int
    """The worst of theirs."""
    vintage_on: date
    """When the first of them was disbursed."""
    forborne: bool
    """Whether one of them had the forbearance mark."""
    decision_id: str
    """The decision that waits for a supervisor."""


class RefinancingDeclined(_Event):
    """A supervisor found that the new loan repaid no other: it carries nothing over."""

    decision_id: str


class FactRecorded(_Event):
    """Something else than a payment happened to the loan, was said about it, or was undone."""

    fact_id: Identifier
    kind: Annotated[str, Field(examples=sorted(KINDS))]
    on: date
    """The day from which it counts."""
    known_on: date
    """The business date on which it became known."""
    amount: AmountText | None = None
    """A decimal amount; absent if the kind has none, or means everything."""
    currency: Currency | None = None
    component: Component | None = None
    instalment: int | None = None
    payment_id: Identifier | None = None
    """The payment that was charged back."""
    reason_code: str | None = None
    """The scheme's reason for a return, such as AM04."""
    pause_id: Identifier | None = None
    """The pause that was resumed."""
    undoes: Identifier | None = None
    """The fact that was a mistake."""
    schedule: str | None = None
    """How a new schedule came about, such as reage or from_core."""
    schedule_version: int | None = None
    """The number of a new schedule."""
    pay_on: date | None = None
    """The day for which a payment was promised."""
    channel: str | None = None
    """How a promise was made, such as phone."""
    promise_id: Identifier | None = None
    """The promise that was taken back."""
    schedule_id: Identifier | None = None
    """The new schedule that the core booked."""
    reference: str | None = None
    """Under what the core booked it."""
    about: str | None = None
    """What is disputed, such as paid_already."""
    answer_by: date | None = None
    """The last day for the answer to a dispute."""
    dispute_id: Identifier | None = None
    """The dispute that was answered."""
    outcome: str | None = None
    """How a dispute ended, such as upheld."""
    medium: str | None = None
    """How a notice was delivered, such as burofax."""
    sent_on: date | None = None
    """When the notice was sent; ``on`` is when it was received, refused or given up."""
    ended: str | None = None
    """How the delivery of a notice ended, such as received or refused."""
    counts: bool | None = None
    """Whether the notice was given by the law of the person's place."""
    offer_id: Identifier | None = None
    """The offer that an agreement accepts."""
    option: str | None = None
    """What was agreed of the offer, such as payment_plan."""
    agreement_id: Identifier | None = None
    """The agreement that was called off."""
    expires_on: date | None = None
    """The last day for a yes to an offer."""
    relief_id: str | None = None
    """The collective relief that was granted."""
    until: date | None = None
    """The last day on which a relief lets nothing fall due."""


class PromiseJudged(_Event):
    """What became of a promise to pay; a payment posted later may change it."""

    promise_id: Identifier
    as_of: date
    outcome: Annotated[str, Field(examples=["kept", "partly_kept", "broken", "lapsed"])]
    pay_on: date
    promised: AmountText
    paid: AmountText
    """What the debtor paid in time."""
    paid_by_others: AmountText
    currency: Currency
    policy_version: int


class DatedAmount(BaseModel):
    """One dated amount of an agreement."""

    on: date
    amount: AmountText


class AgreementMade(_Event):
    """The debtors said yes to an offer: a payment plan, which leaves the schedule as it is, or a
    new schedule, which a core has to book."""

    agreement_id: Identifier
    offer_id: Identifier | None = None
    """Absent where it was agreed elsewhere."""
    option: Annotated[str, Field(examples=["payment_plan", "extension", "reamortise"])]
    on: date
    total: AmountText
    """All that is paid from then on."""
    let_go: AmountText
    """What is waived of what was owed."""
    currency: Currency
    parts: list[DatedAmount]
    """The arrears in parts; empty where a new schedule says what is due."""
    schedule_version: int | None = None
    """The number of the new schedule, if the agreement brings one."""


class LettersDue(_Event):
    """Letters before court are to be written, and sent by a person."""

    on: date
    letters: list[Annotated[str, Field(examples=["negotiation_request", "demand_before_costs"])]]
    """Their kinds."""


class ScheduledRow(BaseModel):
    """One instalment of a new schedule."""

    number: int
    due_date: date
    principal: AmountText
    interest: AmountText
    fee: AmountText
    penalty: AmountText


class ScheduleVersionMade(_Event):
    """A new schedule was made here: a core has to book it, and confirm it with a fact of the kind
    booked."""

    fact_id: Identifier
    """The schedule's fact, which the confirmation names."""
    agreement_id: Identifier | None = None
    """The agreement that brought it."""
    schedule_version: int
    schedule: Annotated[str, Field(examples=["reage", "reschedule", "reamortise"])]
    on: date
    """At the end of this day it takes the place of the one before."""
    days_past_due: int
    """Those of that day, before anything was spread anew."""
    annual_rate_pct: str | None = None
    """The rate from then on; absent or null: as before."""
    waived: Allocated
    """What was waived in the same step."""
    total: AmountText
    """What all instalments ask for, with what was paid on them."""
    currency: Currency
    rows: int
    """How many instalments it has."""
    instalments: list[ScheduledRow]
    """The whole schedule; empty if it is longer than an event may be: then the loan has it."""


class AgreementBreached(_Event):
    """A payment of a plan did not come in time; it may still be cured or refitted."""

    agreement_id: Identifier
    on: date
    """The day from which it is breached."""
    agreed_on: date
    policy_version: int


class ShockDetected(_AnyEvent):
    """Unusually many people of a group are late, or told of a hardship, against its own history."""

    as_of: date
    """The business date."""
    group: Annotated[str, Field(examples=["place", "sector", "employer", "portfolio"])]
    of: str
    """Which place, sector, employer or portfolio: at least five people."""
    measure: Annotated[str, Field(examples=["lateness", "hardship"])]
    people: int
    """How many had something due, or owed, in the last weeks."""
    troubled: int
    """How many of them were late, or told of a hardship."""
    usual_permille: int
    """How many in a thousand would be usual for the group."""
    policy_version: int


class StandingChanged(_Event):
    """A review found another bucket, overdue or outstanding amount than the one before."""

    as_of: date
    """The business date."""
    days_past_due: int
    bucket: str | None
    """None for a loan that is written off."""
    overdue_minor: int
    """In minor units of the currency."""
    outstanding_minor: int
    currency: Currency
    policy_version: int


class LateChargesChanged(_Event):
    """Late charges accrued by rule, or facts that came late undid some."""

    as_of: date
    """The business date."""
    difference_minor: int
    """Since the last such event, in minor units; negative if charges fell away."""
    charged_minor: int
    """All so far."""
    currency: Currency


class _LossEvent(_Event):
    as_of: date
    """The business date on which it became known."""
    difference_minor: int
    """Since the last such event, in minor units; negative if an earlier one no longer holds."""
    written_off_minor: int
    """All that is written off of the loan."""
    recovered_minor: int
    """All that came in of it since."""
    currency: Currency
    loss_class: Literal["credit", "fraud"]
    """Why it is lost: ``fraud`` belongs in no statistics of credit."""


class LossWrittenOff(_LossEvent):
    """People decided to write the loan off, or a part; or a late fact changed how much that is."""


class LossRecovered(_LossEvent):
    """Money came in on what was written off, or what had come in was taken back."""


class StageChanged(_Event):
    """A case entered a stage, or closed."""

    case_id: str
    stage: Annotated[str, Field(examples=[*map(str, (*Stage, *Outcome))])]
    """The stage, or the outcome that closed the case."""
    as_of: date
    """The business date."""
    reason: str
    """In words. A person's decision is named by its id only."""
    policy_version: int


class _TaskEvent(_AnyEvent):
    """What every event about a task has."""

    task_id: Annotated[str, StringConstraints(max_length=160)]
    kind: Annotated[str, Field(examples=[*map(str, TaskKind)])]
    person_id: Identifier
    """Whom it is about."""
    loan_id: Identifier | None = None
    """The loan it is about, if it is about one alone."""


class TaskOpened(_TaskEvent):
    """Something waits for a person to do it."""

    role: Annotated[str, Field(examples=["advisor", "trained"])]
    """Who may do it."""
    opened_on: date
    do_by: date
    """The deadline, a business date."""


class TaskDone(_TaskEvent):
    """A person did a task, or it lapsed, as its reason is gone."""

    outcome: Annotated[str, Field(examples=[*map(str, TaskOutcome), LAPSED])]
    ended_on: date
    tries: int
    """How often somebody tried in vain."""


class RestraintChanged(_AnyEvent):
    """What holds back for a person changed: whoever debits, calls or lists must heed it."""

    person_id: Identifier
    fact_id: Identifier
    """What was recorded."""
    restraint_id: Identifier
    """The fact that the restraint follows from."""
    known_on: date
    from_: Annotated[date | None, Field(alias="from")] = None
    """The first day; absent if nothing holds back."""
    until: date | None = None
    """The last day; before the first if it never was true, absent if it is open."""
    blocks: tuple[str, ...] = ()
    """What rests, such as calls."""


class LearningChanged(_AnyEvent):
    """A person said yes to lessons or stopped them, set a goal, or did a lesson."""

    person_id: Identifier
    fact_id: Identifier
    kind: Literal["lessons", "goal", "lesson_done"]
    known_on: date


class RewardEarned(_Event):
    """A loan was paid on time to its end: the institution may make its offer."""

    rule: str
    """The rule's name in the policy."""
    kind: Literal["rate", "limit"]
    on: date
    policy_version: int


class MessageSent(_Event):
    """A message was sent to a borrower."""

    message_id: str
    kind: Annotated[str, Field(examples=["due_today", "thank_you"])]
    channel: Annotated[str, Field(examples=["email", "sms"])]
    on: date
    policy_version: int


EVENTS: Mapping[str, type[_AnyEvent]] = {
    each.__name__: each
    for each in (
        AgreementBreached,
        AgreementMade,
        ClaimOpened,
        CollateralRecorded,
        FactRecorded,
        GuaranteeUseChanged,
        LearningChanged,
        LateChargesChanged,
        LettersDue,
        PromiseJudged,
        LoanEnded,
        LoanMarked,
        LossRecovered,
        LossWrittenOff,
        MessageSent,
        OwnerChanged,
        PartyRecorded,
        PaymentMoved,
        PaymentPassedOn,
        PaymentPosted,
        PaymentReversed,
        PaymentSuspended,
        PlacementReported,
        PossibleDuplicatePayment,
        RefinancingDeclined,
        RefinancingSeen,
        ReliefGranted,
        RestraintChanged,
        RewardEarned,
        ScheduleVersionMade,
        SegmentChanged,
        ShockDetected,
        StageChanged,
        StandingChanged,
        SuspenseMatched,
        SuspenseRefunded,
        SuspenseReversed,
        TaskDone,
        TaskOpened,
        TransferNoticeProven,
    )
}


def event_schema(name: str) -> dict[str, object]:
    """Return the JSON Schema of an event's detail. Raises LookupError for an unknown name."""
    schema = EVENTS[name].model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"recovery:{name}:{schema['properties']['version']['const']}",
        **schema,
    }
