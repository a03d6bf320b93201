"""A function's settings, validated from its environment at cold start."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

_OPTIONAL = {
    "message_queue_url": "MESSAGE_QUEUE_URL",
    "event_bus_name": "EVENT_BUS_NAME",
    "case_state_machine_arn": "CASE_STATE_MACHINE_ARN",
    "daily_review_state_machine_arn": "DAILY_REVIEW_STATE_MACHINE_ARN",
    "sender_email": "SENDER_EMAIL",
    "configuration_set": "CONFIGURATION_SET",
    "failed_reviews_queue_url": "FAILED_REVIEWS_QUEUE_URL",
    "note_key_arn": "NOTE_KEY_ARN",
    "evidence_bucket": "EVIDENCE_BUCKET",
    "mail_bucket": "MAIL_BUCKET",
    "letter_bucket": "LETTER_BUCKET",
    "letter_queue_url": "LETTER_QUEUE_URL",
    "unsubscribe_url": "UNSUBSCRIBE_URL",
    "link_key_arn": "LINK_KEY_ARN",
    "root_bucket": "ROOT_BUCKET",
    "package_bucket": "PACKAGE_BUCKET",
    "dossier_bucket": "DOSSIER_BUCKET",
}


class SettingsError(ValueError):
    """The environment is invalid; the text lists every problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One function's environment.

    ``replay_allowed``: whether a daily review may play the future and skip quiet hours.
    """

    table: str
    shards: int
    message_queue_url: str = ""
    event_bus_name: str = ""
    case_state_machine_arn: str = ""
    daily_review_state_machine_arn: str = ""
    sender_email: str = ""
    configuration_set: str = ""
    failed_reviews_queue_url: str = ""
    note_key_arn: str = ""
    evidence_bucket: str = ""
    mail_bucket: str = ""
    letter_bucket: str = ""
    letter_queue_url: str = ""
    unsubscribe_url: str = ""
    link_key_arn: str = ""
    root_bucket: str = ""
    package_bucket: str = ""
    dossier_bucket: str = ""
    replay_allowed: bool = False

    @classmethod
    def from_env(cls, environ: Mapping[str, str], needs: Collection[str] = ()) -> Settings:
        """Read the settings; ``needs`` are the optional ones this function requires.

        Raises SettingsError listing every missing or invalid variable.
        """
        problems = list(_problems(environ, needs))
        if problems:
            raise SettingsError("The environment is invalid:\n- " + "\n- ".join(problems))
        return cls(
            table=environ["RECOVERY_TABLE"],
            shards=int(environ["RECOVERY_SHARDS"]),
            replay_allowed=environ.get("RECOVERY_REPLAY") == "allowed",
            **{field: environ.get(variable, "") for field, variable in _OPTIONAL.items()},
        )


def _problems(environ: Mapping[str, str], needs: Collection[str]) -> Iterator[str]:
    if not environ.get("RECOVERY_TABLE"):
        yield "RECOVERY_TABLE: is missing"
    shards = environ.get("RECOVERY_SHARDS")
    if not shards:
        yield "RECOVERY_SHARDS: is missing"
    elif not shards.isdecimal() or int(shards) < 1:
        yield f"RECOVERY_SHARDS: must be a whole number from 1, not {shards!r}"
    for field in needs:
        if not environ.get(_OPTIONAL[field]):
            yield f"{_OPTIONAL[field]}: is missing"
