"""Which institution somebody replied to, and what they said."""

from __future__ import annotations

from typing import Protocol

from recovery.documents.people.arrived import MailArrived, SmsArrived
from recovery.documents.people.heard import Heard, heard_mail, heard_sms
from recovery.domain.contact.addresses import normalised
from recovery.ports.needs import HasInstitutions, HasMailbox


class ArrivalPorts(HasMailbox, HasInstitutions, Protocol):
    """Where e-mails are, and the institutions."""


def whose_reply(what: SmsArrived | MailArrived, ports: ArrivalPorts) -> tuple[str, Heard | None]:
    """Return the institution's id and what was said to it; None for what a machine sent.

    Raises InstitutionNotFoundError, or LookupError for a number that is no institution's.
    """
    match what:
        case MailArrived(institution_id, key, at):
            ports.institutions.find(institution_id)
            return institution_id, heard_mail(ports.mailbox.read(key), key, at)
        case SmsArrived(sms, at):
            number = normalised(sms.destination_number)
            for institution_id in ports.institutions.list_ids():
                known = ports.institutions.find(institution_id).sms_number
                if known and normalised(known) == number:
                    return institution_id, heard_sms(sms, at)
    raise LookupError("no institution has the number that the reply went to")
