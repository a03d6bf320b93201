"""Item classes of the single table, one per kind.

Importing this module makes no calls; call ``bind`` once before first use. Attributes hold stored
values, which the repositories translate from and to the domain.
"""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from recovery.adapters import aws
from recovery.adapters.dynamodb import keys
from recovery.adapters.dynamodb.connection import use_session


class DueIndex(GlobalSecondaryIndex["StateItem"]):  # type: ignore[no-untyped-call]
    """States by shard and next review date; those without a date are not indexed."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    next_review_on = UnicodeAttribute(range_key=True)


class ListsIndex(GlobalSecondaryIndex["Item"]):  # type: ignore[no-untyped-call]
    """The lists that items are on, by institution and shard: see ``keys.list_key``."""

    class Meta:
        index_name = "lists"
        projection = KeysOnlyProjection()

    listed_in = UnicodeAttribute(hash_key=True)
    listed_by = UnicodeAttribute(range_key=True)


class Item(Model):
    """Base of all items: the key, the table and its index."""

    class Meta:
        table_name: str | None = None
        max_retry_attempts = aws.ATTEMPTS - 1
        connect_timeout_seconds = aws.CONNECT_SECONDS
        read_timeout_seconds = aws.READ_SECONDS
        max_pool_connections = 16

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    due = DueIndex()
    lists = ListsIndex()

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Any:
        """Choose the class by key, so that items read together can all be read as ``Item``."""
        if cls is not Item:
            return super().from_raw_data(data)
        return _READ_TOGETHER[data["sk"]["S"].partition("#")[0]].from_raw_data(data)


class LoanItem(Item):
    """The contract; ``schedule``, ``first_schedule`` and ``profile`` are JSON texts."""

    listed_in = UnicodeAttribute()
    listed_by = UnicodeAttribute()
    portfolio = UnicodeAttribute()
    borrower_id = UnicodeAttribute()
    currency = UnicodeAttribute()
    disbursed_on = UnicodeAttribute()
    schedule = UnicodeAttribute()
    schedule_version = NumberAttribute()
    advisor_name = UnicodeAttribute()
    advisor_phone = UnicodeAttribute(null=True)
    first_schedule = UnicodeAttribute(null=True)
    annual_rate_pct = UnicodeAttribute(null=True)
    profile = UnicodeAttribute(null=True)
    core_terms = UnicodeAttribute(null=True)


class ListedItem(Item):
    """Base of items that are on a list, or were."""

    listed_in = UnicodeAttribute(null=True)
    listed_by = UnicodeAttribute(null=True)


class StateItem(ListedItem):
    """What a review reads and writes: one attribute per capability, whose codec is beside it.

    ``needs_review`` is True or absent. ``outbox`` maps ids to what is not carried out yet; while it
    has any, the item is on the list of outboxes by the date of the oldest, and
    ``resends`` counts how often it was sent again. ``due_shard`` and ``next_review_on`` are
    present or absent together.
    """

    format = NumberAttribute()
    version = NumberAttribute()
    due_shard = UnicodeAttribute(null=True)
    next_review_on = UnicodeAttribute(null=True)
    needs_review = BooleanAttribute(null=True)
    accounting = UnicodeAttribute()
    monitoring = UnicodeAttribute(null=True)
    cases = UnicodeAttribute()
    contact = UnicodeAttribute(null=True)
    agreements = UnicodeAttribute(null=True)
    ownership = UnicodeAttribute(null=True)
    facts = UnicodeAttribute(null=True)
    pulled_to = UnicodeAttribute(null=True)
    segment = UnicodeAttribute(null=True)
    late_elsewhere = UnicodeAttribute(null=True)
    outbox: MapAttribute[str, str] = MapAttribute(default=dict)  # type: ignore[no-untyped-call]
    resends = NumberAttribute(null=True)


class PaymentItem(ListedItem):
    """One payment of a loan; ``links`` is a JSON text."""

    value_date = UnicodeAttribute()
    amount_minor = NumberAttribute()
    instalment = NumberAttribute(null=True)
    currency = UnicodeAttribute()
    fingerprint = UnicodeAttribute()
    receipt = UnicodeAttribute()
    reference = UnicodeAttribute(null=True)
    reversed_on = UnicodeAttribute(null=True)
    reversal_reason = UnicodeAttribute(null=True)
    posted_by = UnicodeAttribute(null=True)
    posted_at = UnicodeAttribute(null=True)
    reversed_by = UnicodeAttribute(null=True)
    reversed_at = UnicodeAttribute(null=True)
    payer_kind = UnicodeAttribute(null=True)
    payer_id = UnicodeAttribute(null=True)
    links = UnicodeAttribute(null=True)


class FactItem(ListedItem):
    """One fact about a loan but payments, or about a person; ``fact`` is a JSON text of that kind.
    A complaint is on the list of complaints by its day."""

    kind = UnicodeAttribute()
    fact = UnicodeAttribute()
    known_on = UnicodeAttribute()
    fingerprint = UnicodeAttribute()
    reason = UnicodeAttribute()
    recorded_by = UnicodeAttribute()
    recorded_at = UnicodeAttribute()


class PartyItem(Item):
    """One person's rows as a party of the loan, as a JSON text; the person's id is in the key."""

    rows = UnicodeAttribute()


class CollateralItem(Item):
    """One security of the loan, with its claims, as a JSON text; its id is in the key."""

    document = UnicodeAttribute()


class GroupItem(Item):
    """One version of a group as a JSON text; the day it holds from is in the key."""

    document = UnicodeAttribute()


class SheetItem(Item):
    """One collection sheet of a group as a JSON text; ``status`` guards its changes."""

    document = UnicodeAttribute()
    status = UnicodeAttribute()


class PaymentGuardItem(ListedItem):
    """Makes payment ids unique, and finds the money: on the loan ``loan_id``, or split (a JSON
    text), or else in suspense; then this item is listed as a payment is."""

    loan_id = UnicodeAttribute(null=True)
    split = UnicodeAttribute(null=True)


class SuspenseItem(ListedItem):
    """Money in suspense as a JSON text; ``closed`` is True once nothing of it is left. It is listed
    until then, and until ``outbox`` (see StateItem) is empty."""

    version = NumberAttribute()
    document = UnicodeAttribute()
    closed = BooleanAttribute(null=True)
    outbox: MapAttribute[str, str] = MapAttribute(default=dict)  # type: ignore[no-untyped-call]
    resends = NumberAttribute(null=True)


class OwnerItem(Item):
    """One change of owner or servicer, or notice of it; ``fact`` is a JSON text, the day on which
    it takes effect is in the key."""

    kind = UnicodeAttribute()
    fact = UnicodeAttribute()
    known_on = UnicodeAttribute()
    recorded_by = UnicodeAttribute()
    recorded_at = UnicodeAttribute()


class CaseItem(ListedItem):
    """A case record; ``pending`` and ``path`` are JSON texts. An open one is on the list of its
    stage; one that an older version stored, from its next save on."""

    version = NumberAttribute()
    stage = UnicodeAttribute(null=True)
    outcome = UnicodeAttribute(null=True)
    execution_id = UnicodeAttribute(null=True)
    task_token = UnicodeAttribute(null=True)
    advisor_task = UnicodeAttribute(null=True)
    last_received = NumberAttribute()
    pending = UnicodeAttribute()
    path = UnicodeAttribute()


class DecisionItem(Item):
    """A person's decision as a JSON text; while it is pending, ``outcome`` is absent and it is on
    the list of decisions of its kind."""

    document = UnicodeAttribute()
    outcome = UnicodeAttribute(null=True)
    listed_in = UnicodeAttribute(null=True)
    listed_by = UnicodeAttribute(null=True)


class TaskItem(ListedItem):
    """A task as a JSON text. It is on the list of open ones; once ``ended`` is True, on that of
    ended ones until its end is announced, and ``resends`` counts how often it was sent again."""

    version = NumberAttribute()
    document = UnicodeAttribute()
    ended = BooleanAttribute(null=True)
    resends = NumberAttribute(null=True)


class TaskOfPersonItem(Item):
    """Links a person to a task about them, whose id is in the key."""


class RepairItem(ListedItem):
    """A case that waits for repair; its execution writes this item, in recovery_case.asl.json."""

    repair_token = UnicodeAttribute(null=True)
    repair_signal = UnicodeAttribute()
    repair_failure = UnicodeAttribute()


class TimelineItem(Item):
    """One timeline entry; date and kind are in the key. Older entries have no ``recorded_at``."""

    text = UnicodeAttribute()
    policy_version = NumberAttribute(null=True)
    entry_key = UnicodeAttribute(null=True)
    recorded_at = UnicodeAttribute(null=True)


class PersonItem(Item):
    """What any loan's contact must respect; ``recent_contacts`` is a JSON text of dates,
    ``legal_hold`` True or absent."""

    version = NumberAttribute()
    recent_contacts = UnicodeAttribute(null=True)
    restraints = UnicodeAttribute(null=True)
    legal_hold = BooleanAttribute(null=True)


class PersonOutboxItem(ListedItem):
    """What was decided about a person and is not carried out yet, as a JSON text; listed by day."""

    document = UnicodeAttribute()
    resends = NumberAttribute(null=True)


class HeldItem(ListedItem):
    """Lists a person or a loan that something holds back now, by since when."""


class PersonLoanItem(Item):
    """Links a person to a loan, whose id is in the key; ``role`` is absent for the borrower."""

    role = UnicodeAttribute(null=True)


class ContactItem(Item):
    """Who the person is and how to reach them; ``barred_phones`` and ``instructions`` are JSON
    texts, and so is what came back from an address. Earlier versions wrote ``address_safe``."""

    name = UnicodeAttribute()
    language = UnicodeAttribute()
    country = UnicodeAttribute()
    time_zone = UnicodeAttribute()
    email = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    preferred_channel = UnicodeAttribute(null=True)
    email_consent = BooleanAttribute(null=True)
    sms_consent = BooleanAttribute(null=True)
    contact_confirmed_on = UnicodeAttribute(null=True)
    address_safe = BooleanAttribute(null=True)
    email_privacy = UnicodeAttribute(null=True)
    phone_privacy = UnicodeAttribute(null=True)
    barred_phones = UnicodeAttribute(null=True)
    instructions = UnicodeAttribute(null=True)
    second_language = UnicodeAttribute(null=True)
    email_confirmed_on = UnicodeAttribute(null=True)
    phone_confirmed_on = UnicodeAttribute(null=True)
    email_returned = UnicodeAttribute(null=True)
    phone_returned = UnicodeAttribute(null=True)


class AddressItem(Item):
    """The ids of the people who have an address, which is hashed in the key; none once nobody."""

    people = UnicodeSetAttribute(null=True)


class ExpiringItem(Item):
    """Base of items that DynamoDB erases after ``expires_at``, in epoch seconds, or some days
    later; without it they stay."""

    expires_at = NumberAttribute(null=True)


class NoteItem(ExpiringItem):
    """A sensitive note: ``sealed`` is its topic and text, encrypted; ``mark`` a JSON text without
    either."""

    sealed = BinaryAttribute(legacy_encoding=False)
    mark = UnicodeAttribute()


class AssessmentItem(ExpiringItem):
    """An assessment of repayment capacity: ``sealed`` are pieces, each after its length."""

    sealed = BinaryAttribute(legacy_encoding=False)
    assessed_on = UnicodeAttribute()
    version = NumberAttribute(default=1)


class CapacityItem(ExpiringItem):
    """What a person can repay by their last assessment, as a JSON text."""

    document = UnicodeAttribute()
    assessed_on = UnicodeAttribute()


class LetterItem(Item):
    """What is known of a letter about an agreement, as a JSON text."""

    document = UnicodeAttribute()


class YesCodeItem(ExpiringItem):
    """A code that says yes to an offer, as a JSON text; ``tries`` guards its changes, and
    ``answered`` is True once the right one was typed."""

    document = UnicodeAttribute()
    tries = NumberAttribute()
    answered = BooleanAttribute(null=True)


class RequestItem(ExpiringItem):
    """A person's request about what is held, with its answer, as a JSON text."""

    document = UnicodeAttribute()


class LegalHoldItem(Item):
    """Why nothing held about a person may be erased, as a JSON text."""

    document = UnicodeAttribute()


class AuditItem(Item):
    """One act on what is held about a person; ``by`` is the actor as a JSON text."""

    at = UnicodeAttribute()
    act = UnicodeAttribute()
    by = UnicodeAttribute()
    about = UnicodeAttribute()


class ContactChangeItem(ExpiringItem):
    """What a delivery or somebody replaced of a person's details, as a JSON text; the day is in the
    key."""

    delivery_id = UnicodeAttribute(null=True)
    former = UnicodeAttribute()
    by = UnicodeAttribute(null=True)
    recorded_at = UnicodeAttribute(null=True)


class MessageItem(ExpiringItem):
    """A message to a person, its id in the key; ``provider_id`` is set once it is sent, ``said`` if
    another kind was said than the id tells, ``fate`` once the provider told what became of it.
    ``words`` is a fingerprint of the text, ``address`` a hash of where it went."""

    contacted_on = UnicodeAttribute(null=True)
    leased_until = UnicodeAttribute(null=True)
    provider_id = UnicodeAttribute(null=True)
    said = UnicodeAttribute(null=True)
    contacted_at = UnicodeAttribute(null=True)
    taken_at = UnicodeAttribute(null=True)
    channel = UnicodeAttribute(null=True)
    words = UnicodeAttribute(null=True)
    address = UnicodeAttribute(null=True)
    fate = UnicodeAttribute(null=True)
    fate_on = UnicodeAttribute(null=True)


class ReplyItem(ExpiringItem):
    """What a reply said, by kind alone, as a JSON text; ``done`` once it is carried out,
    ``answered`` once a sender took on the one answer that it gets."""

    document = UnicodeAttribute()
    done = BooleanAttribute(null=True)
    answered = BooleanAttribute(null=True)


class SentTextItem(ExpiringItem):
    """Which message a text message's provider id, in the key, stands for."""

    institution_id = UnicodeAttribute()
    person_id = UnicodeAttribute()
    message_id = UnicodeAttribute()


class InstitutionItem(Item):
    """An institution and its review progress, which the daily review's state machine writes."""

    name = UnicodeAttribute(null=True)
    time_zone = UnicodeAttribute(null=True)
    review_at = UnicodeAttribute(null=True)
    business_date = UnicodeAttribute(null=True)
    reviewed_through = UnicodeAttribute(null=True)
    clock = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    pay_account = UnicodeAttribute(null=True)
    pay_link = UnicodeAttribute(null=True)
    debt_advice = UnicodeAttribute(null=True)
    registration_mark = UnicodeAttribute(null=True)
    grievance_officer = UnicodeAttribute(null=True)
    reply_to = UnicodeAttribute(null=True)
    sms_number = UnicodeAttribute(null=True)


class InstitutionListItem(Item):
    """One entry of the list of institutions."""


class ActorItem(Item):
    """A person who works for the institution; ``roles`` is a JSON text."""

    name = UnicodeAttribute()
    roles = UnicodeAttribute()


class PolicyItem(Item):
    """One version of an institution's policy as a JSON text."""

    document = UnicodeAttribute()


class SourceItem(Item):
    """The newest delivery of a system that sends files."""

    as_of = UnicodeAttribute()
    delivery_id = UnicodeAttribute()


class HeldContactsItem(Item):
    """Contact changes that wait, or waited, for a person, as a JSON text."""

    document = UnicodeAttribute()


_READ_TOGETHER: dict[str, type[Item]] = {
    keys.LOAN: LoanItem,
    keys.STATE: StateItem,
    keys.PERSON: PersonItem,
    keys.CONTACT: ContactItem,
    keys.PAYMENT: PaymentItem,
    keys.FACT: FactItem,
    keys.PARTY: PartyItem,
    keys.OWNER: OwnerItem,
    keys.HELD: HeldItem,  # lies between the facts and the payments of a loan
}


def bind(table_name: str) -> None:
    """Use this table for every item, without calling AWS.

    Creates the client of the one connection that all classes inherit.
    """
    Item.Meta.table_name = table_name
    use_session(Item, aws.session())
