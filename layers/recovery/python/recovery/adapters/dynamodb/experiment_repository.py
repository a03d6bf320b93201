"""Store experiments in DynamoDB: no scan, and two small writes for each person looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.expressions.update import Action

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.experiment_items import (
    ArmItem,
    ExperimentItem,
    LookItem,
    SubjectItem,
)
from recovery.adapters.dynamodb.writes import failed_conditions, stale_if_refused, transaction
from recovery.domain.portfolio.experiments import ExperimentRecord, OutcomeOf, Subject
from recovery.domain.portfolio.outcomes import Counts, Seen

_ERASED_AFTER = timedelta(days=730)  # the longest experiment; the counts stay


class DynamoDbExperimentRepository:
    """ExperimentRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def all(self) -> list[ExperimentRecord]:
        """List every experiment, by id."""
        found = ExperimentItem.query(
            self._pk(keys.ANY),
            ExperimentItem.sk.startswith(keys.key(keys.EXPERIMENT, "")),
            consistent_read=True,
        )
        return [codec.document_from_json(ExperimentRecord, item.document) for item in found]

    def save(self, record: ExperimentRecord) -> None:
        """Store it over the version that it was loaded with. Raises StaleWriteError."""
        after = replace(record, version=record.version + 1)
        name = record.experiment.experiment_id
        item = ExperimentItem(
            self._pk(keys.ANY),
            keys.key(keys.EXPERIMENT, name),
            document=codec.document_to_json(after),
            version=after.version,
        )
        unchanged = (
            ExperimentItem.version == record.version
            if record.version
            else ExperimentItem.pk.does_not_exist()
        )
        with stale_if_refused(f"the experiment {name}"):
            item.save(condition=unchanged)

    def enrol(self, subject: Subject) -> bool:
        """Take the person in, once; return False if they are in it already."""
        pk, document = self._pk(subject.experiment_id), codec.document_to_json(subject)
        expires_at = _expiry(subject.look_on)
        its = SubjectItem(
            pk,
            keys.key(keys.SUBJECT, subject.person_id),
            document=document,
            expires_at=expires_at,
        )
        look = LookItem(pk, _look_key(subject), document=document, expires_at=expires_at)
        try:
            with transaction() as together:
                together.save(its, condition=SubjectItem.pk.does_not_exist())
                together.save(look)
                together.update(
                    ArmItem(pk, keys.key(keys.ARM, subject.arm)), actions=[ArmItem.enrolled.add(1)]
                )
        except TransactWriteError as error:
            failed_conditions(error)
            return False
        return True

    def subject(self, experiment_id: str, person_id: str) -> Subject | None:
        """Return how the person came in."""
        sk = keys.key(keys.SUBJECT, person_id)
        try:
            item = SubjectItem.get(self._pk(experiment_id), sk, consistent_read=True)
        except DoesNotExist:
            return None
        return codec.document_from_json(Subject, item.document)

    def due(self, experiment_id: str, on: date, most: int) -> list[Subject]:
        """List those to look at by this day, the longest due first."""
        found = LookItem.query(
            self._pk(experiment_id),
            LookItem.sk.between(keys.key(keys.LOOK, ""), keys.key(keys.LOOK, f"{on}#~")),
            limit=most,
            consistent_read=True,
        )
        return [codec.document_from_json(Subject, item.document) for item in found]

    def note(self, subject: Subject, seen: Seen | None) -> None:
        """Count what became of the person, once; None if nothing could be seen."""
        pk = self._pk(subject.experiment_id)
        look = LookItem(pk, _look_key(subject))
        actions: list[Action] = [ArmItem.looked.add(1)] if seen else []
        actions += [getattr(ArmItem, each.value).add(1) for each in (seen.hits if seen else ())]
        try:
            with transaction() as together:
                together.delete(look, condition=LookItem.pk.exists())
                if actions:
                    arm = ArmItem(pk, keys.key(keys.ARM, subject.arm))
                    together.update(arm, actions=actions)
        except TransactWriteError as error:
            failed_conditions(error)  # it was counted before

    def counts(self, experiment_id: str, arms: Iterable[str]) -> dict[str, Counts]:
        """Return what is counted so far, by arm."""
        found = ArmItem.query(
            self._pk(experiment_id),
            ArmItem.sk.startswith(keys.key(keys.ARM, "")),
            consistent_read=True,
        )
        known = {keys.identifier(item.sk): _counts(item) for item in found}
        return {each: known.get(each, Counts()) for each in arms}

    def _pk(self, identifier: str) -> str:
        return keys.partition(keys.EXPERIMENT, self._institution_id, identifier)


def _look_key(subject: Subject) -> str:
    return keys.key(keys.LOOK, f"{subject.look_on}#{subject.person_id}")


def _counts(item: ArmItem) -> Counts:
    hits = {each.value: int(getattr(item, each.value) or 0) for each in OutcomeOf}
    return Counts(int(item.enrolled or 0), int(item.looked or 0), hits)


def _expiry(on: date) -> int:
    return int(datetime.combine(on + _ERASED_AFTER, time(), UTC).timestamp())
