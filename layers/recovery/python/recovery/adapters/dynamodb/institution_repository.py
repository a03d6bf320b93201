"""Institutions: names and time zones from settings, business dates and policies in DynamoDB."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pynamodb.exceptions import DoesNotExist

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import InstitutionItem, PolicyItem
from recovery.adapters.dynamodb.writes import stale_if_refused
from recovery.domain.policy import DEFAULT_POLICY, Policy
from recovery.domain.shared.iso_dates import from_iso
from recovery.ports.institutions import InstitutionDay
from recovery.ports.shared import StaleWriteError


class DynamoDbInstitutionRepository:
    """``institutions`` is ``{institution_id: {"name": ..., "time_zone": ...}}``."""

    def __init__(self, institutions: Mapping[str, Mapping[str, str]]) -> None:
        self._institutions = institutions

    def name(self, institution_id: str) -> str:
        """Return the name. Raises LookupError for an institution unknown to this deployment."""
        return self._deployed(institution_id)["name"]

    def time_zone(self, institution_id: str) -> str:
        """Return the IANA name. Raises LookupError."""
        return self._deployed(institution_id)["time_zone"]

    def day(self, institution_id: str) -> InstitutionDay:
        """Load the day; before the first review, no dates and the wall clock."""
        pk = keys.key(keys.INSTITUTION, institution_id)
        try:
            item = InstitutionItem.get(pk, keys.INSTITUTION, consistent_read=True)
        except DoesNotExist:
            return InstitutionDay()
        business_date, reviewed_through = item.business_date, item.reviewed_through
        return InstitutionDay(
            business_date=from_iso(business_date),
            reviewed_through=from_iso(reviewed_through),
            clock=item.clock or "wall",
        )

    def policy(self, institution_id: str, as_of: date) -> Policy:
        """Return the policy in force at this date, or else the default policy."""
        in_force = PolicyItem.query(
            keys.key(keys.INSTITUTION, institution_id),
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
            keys.key(keys.INSTITUTION, institution_id),
            PolicyItem.sk.startswith(keys.key(keys.POLICY, "")),
        )
        return [codec.policy_from_json(item.document) for item in found]

    def save_policy(self, institution_id: str, policy: Policy) -> None:
        """Save the policy; saving the same one again changes nothing.

        Decisions refer to versions, so overwriting one raises StaleWriteError.
        """
        item = PolicyItem(
            keys.key(keys.INSTITUTION, institution_id),
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

    def _deployed(self, institution_id: str) -> Mapping[str, str]:
        try:
            return self._institutions[institution_id]
        except KeyError:
            known = ", ".join(sorted(self._institutions)) or "none"
            raise LookupError(
                f"there is no institution {institution_id}; deployed: {known}"
            ) from None
