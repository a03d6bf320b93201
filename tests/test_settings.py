"""An invalid environment reports all its problems together."""

from __future__ import annotations

import pytest

from recovery.settings import Settings, SettingsError

COMPLETE = {
    "RECOVERY_TABLE": "recovery",
    "RECOVERY_SHARDS": "16",
}


def test_a_complete_environment_gives_typed_settings() -> None:
    settings = Settings.from_env({**COMPLETE, "EVENT_BUS_NAME": "facts", "SENDER_EMAIL": ""})
    assert (settings.table, settings.shards) == ("recovery", 16)
    assert (settings.event_bus_name, settings.sender_email) == ("facts", "")


def test_a_replay_is_allowed_only_where_the_environment_says_so() -> None:
    assert not Settings.from_env(COMPLETE).replay_allowed
    assert not Settings.from_env({**COMPLETE, "RECOVERY_REPLAY": "true"}).replay_allowed
    assert Settings.from_env({**COMPLETE, "RECOVERY_REPLAY": "allowed"}).replay_allowed


def test_all_missing_variables_are_reported_together() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env({"EVENT_BUS_NAME": ""}, needs=["event_bus_name", "message_queue_url"])
    for name in (*COMPLETE, "EVENT_BUS_NAME", "MESSAGE_QUEUE_URL"):
        assert f"{name}: is missing" in str(raised.value)
    assert "SENDER_EMAIL" not in str(raised.value)


@pytest.mark.parametrize("shards", ["0", "-1", "many", "1.5"])
def test_an_invalid_number_of_shards_is_reported(shards: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env({**COMPLETE, "RECOVERY_SHARDS": shards})
    assert "RECOVERY_SHARDS: must be a whole number" in str(raised.value)
    assert "RECOVERY_TABLE" not in str(raised.value)
