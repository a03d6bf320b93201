"""Store institutions, their review progress and their policies in DynamoDB."""

from __future__ import annotations

import json
from datetime import date, time

from pynamodb.exceptions import DoesNotExist

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import (
    ActorItem,
    InstitutionItem,
    InstitutionListItem,
    PolicyItem,
)
from recovery.adapters.dynamodb.writes import stale_if_refused, transaction
from recovery.domain.policy import DEFAULT_POLICY, Policy
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.iso_dates import from_iso
from recovery.ports.institutions import (
    Institution,
    InstitutionDay,
    InstitutionNotFoundError,
)
from recovery.ports.shared import StaleWriteError

_SAID_IN_MESSAGES = (
    *("phone", "pay_account", "pay_link", "debt_advice"),
    *("registration_mark", "grievance_officer"),
    *("reply_to", "sms_number"),
)


class DynamoDbInstitutionRepository:
    """InstitutionRepository on DynamoDB."""

    def list_ids(self) -> list[str]:
        """List every institution's id, in order."""
        found = InstitutionListItem.query(keys.INSTITUTIONS, consistent_read=True)
        return [item.sk for item in found]

    def find(self, institution_id: str) -> Institution:
        """Return the institution. Raises InstitutionNotFoundError."""
        item = self._item(institution_id)
        if item is None or item.name is None:
            raise InstitutionNotFoundError(institution_id)
        return Institution(
            institution_id=institution_id,
            name=item.name,
            time_zone=item.time_zone,
            review_at=time.fromisoformat(item.review_at),
            **{name: getattr(item, name) or "" for name in _SAID_IN_MESSAGES},
        )

    def name(self, institution_id: str) -> str:
        """Return the name. Raises InstitutionNotFoundError."""
        return self.find(institution_id).name

    def time_zone(self, institution_id: str) -> str:
        """Return the IANA name. Raises InstitutionNotFoundError."""
        return self.find(institution_id).time_zone

    def save(self, institution: Institution, *, only_if_new: bool = False) -> bool:
        """Add or change the institution, and list it; its review progress is kept.

        ``only_if_new`` keeps what is on record. Returns whether anything was written.
        """
        if only_if_new and self._is_on_record(institution.institution_id):
            return False
        with transaction() as together:
            together.save(InstitutionListItem(keys.INSTITUTIONS, institution.institution_id))
            together.update(
                InstitutionItem(keys.institution_key(institution.institution_id), keys.INSTITUTION),
                actions=[
                    InstitutionItem.name.set(institution.name),
                    InstitutionItem.time_zone.set(institution.time_zone),
                    InstitutionItem.review_at.set(institution.review_at.isoformat("minutes")),
                    *(
                        getattr(InstitutionItem, name).set(getattr(institution, name))
                        for name in _SAID_IN_MESSAGES
                    ),
                ],
            )
        return True

    def day(self, institution_id: str) -> InstitutionDay:
        """Load the day; before the first review, no dates and the wall clock."""
        item = self._item(institution_id)
        if item is None:
            return InstitutionDay()
        return InstitutionDay(
            business_date=from_iso(item.business_date),
            reviewed_through=from_iso(item.reviewed_through),
            clock=item.clock or "wall",
        )

    def _is_on_record(self, institution_id: str) -> bool:
        try:
            self.find(institution_id)
        except InstitutionNotFoundError:
            return False
        return True

    def _item(self, institution_id: str) -> InstitutionItem | None:
        pk = keys.institution_key(institution_id)
        try:
            return InstitutionItem.get(pk, keys.INSTITUTION, consistent_read=True)
        except DoesNotExist:
            return None

    def actors(self, institution_id: str) -> list[Actor]:
        """List the people on record, by id."""
        found = ActorItem.query(
            keys.institution_key(institution_id),
            ActorItem.sk.startswith(keys.key(keys.ACTOR, "")),
            consistent_read=True,
        )
        return [
            Actor(
                id=keys.identifier(item.sk),
                name=item.name,
                roles=frozenset(json.loads(item.roles)),
            )
            for item in found
        ]

    def save_actor(self, institution_id: str, actor: Actor) -> None:
        """Add the person, or change name and roles."""
        ActorItem(
            keys.institution_key(institution_id),
            keys.key(keys.ACTOR, actor.id),
            name=actor.name,
            roles=codec.to_json(sorted(actor.roles)),
        ).save()

    def policy(self, institution_id: str, as_of: date) -> Policy:
        """Return the policy in force at this date, or else the default policy."""
        in_force = PolicyItem.query(
            keys.institution_key(institution_id),
            PolicyItem.sk.between(keys.key(keys.POLICY, ""), keys.last_policy_key(as_of)),
            scan_index_forward=False,
            limit=1,
        )
        for item in in_force:
            return codec.policy_from_json(item.document)
        return DEFAULT_POLICY

    def policies(self, institution_id: str) -> list[Policy]:
        """List every version on record, by effective date and version."""
        found = PolicyItem.query(
            keys.institution_key(institution_id),
            PolicyItem.sk.startswith(keys.key(keys.POLICY, "")),
        )
        return [codec.policy_from_json(item.document) for item in found]

    def save_policy(self, institution_id: str, policy: Policy) -> None:
        """Save the policy; saving the same one again changes nothing.

        Decisions refer to versions, so overwriting one raises StaleWriteError.
        """
        item = PolicyItem(
            keys.institution_key(institution_id),
            keys.policy_key(policy.effective_from, policy.version),
            document=codec.policy_to_json(policy),
        )
        try:
            with stale_if_refused(f"version {policy.version} of the policy"):
                item.save(condition=PolicyItem.pk.does_not_exist())
        except StaleWriteError:
            stored = PolicyItem.get(item.pk, item.sk, consistent_read=True).document
            if codec.policy_from_json(stored) != policy:  # its text may lack later fields
                raise
