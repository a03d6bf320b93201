"""What an advisor and the author of a policy read of the contact rules."""

from datetime import date, time

from recovery.documents.packs.reading import careful_contact_pack, contact_pack, contact_packs
from recovery.domain.contact.advice import law_to_respect, lawful_nowhere, unwise
from recovery.domain.contact.policy import ContactPolicy

FRIDAY = date(2026, 11, 27)
CAREFUL = careful_contact_pack()


def test_an_advisor_reads_what_the_law_asks_beyond_the_careful_default() -> None:
    assert list(law_to_respect(contact_pack("KE"), FRIDAY)) == []
    assert len(list(law_to_respect(contact_pack("CO"), FRIDAY))) == 2
    assert list(law_to_respect(contact_pack("IN"), date(2027, 1, 1))) == [
        "Say at the start that the call is recorded."
    ]


def test_a_policy_wider_than_the_careful_default_is_unwise() -> None:
    assert list(unwise(ContactPolicy(), CAREFUL, FRIDAY)) == []
    wide = ContactPolicy(
        from_time=time(8),
        until_time=time(20),
        weekdays=("mon", "sat", "sun"),
        max_messages_per_week=3,
    )
    assert [each.split()[0] for each in unwise(wide, CAREFUL, FRIDAY)] == [
        "weekdays",
        "from_time",
        "until_time",
        "max_messages_per_week",
    ]


def test_what_no_law_we_know_allows_is_told_from_what_one_of_them_does() -> None:
    def named(policy: ContactPolicy) -> list[str]:
        return [each.split()[0] for each in lawful_nowhere(policy, contact_packs(), FRIDAY)]

    assert (
        named(ContactPolicy(from_time=time(7), until_time=time(21), max_messages_per_week=7)) == []
    )
    night = ContactPolicy(from_time=time(0), until_time=time(23, 59), max_messages_per_week=50)
    assert named(night) == ["from_time", "until_time", "max_messages_per_week"]
