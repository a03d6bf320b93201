"""The embedded AWS is found, started and cleaned up as a process."""

from __future__ import annotations

import json
import os
import socket
import sys
import time

import pytest

from infra.deployment import deploy as deployment
from infra.deployment.deploy import DeploymentError, environment_for
from infra.embedded import aws as embedded_aws
from infra.embedded.aws import EmbeddedAws, EmbeddedAwsError
from infra.embedded.process import end, is_alive, launch


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Use a separate home, so a running embedded AWS is left alone."""
    monkeypatch.setattr(embedded_aws, "HOME", tmp_path)
    monkeypatch.setattr(embedded_aws, "LOG", tmp_path / "embedded.log")
    monkeypatch.setattr(embedded_aws, "_RECORD", tmp_path / "embedded.json")
    monkeypatch.setattr(embedded_aws, "OUTPUTS", tmp_path / "outputs.json")
    monkeypatch.setattr(embedded_aws, "_STATE", tmp_path / "embedded")
    return tmp_path


def record(home, **values):
    (home / "embedded.json").write_text(json.dumps(values))


def test_nothing_is_running_without_a_valid_record(home):
    assert embedded_aws.running() is None
    (home / "embedded.json").write_text("not json")
    assert embedded_aws.running() is None


def test_another_process_with_the_same_pid_is_never_stopped(home):
    record(home, pid=os.getpid(), port=4599)
    assert embedded_aws.running() is None
    assert embedded_aws.stop() is False
    assert not (home / "embedded.json").exists()


def test_a_requested_port_that_is_taken_is_refused():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EmbeddedAwsError, match=f"Port {port} is taken"):
            embedded_aws.start(port=port)


def test_another_port_is_chosen_when_the_default_is_taken(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(embedded_aws, "DEFAULT_PORT", taken.getsockname()[1])
        assert embedded_aws._port(None) != embedded_aws.DEFAULT_PORT


def test_a_failed_start_points_to_the_log(home, monkeypatch):
    (home / "embedded.log").write_text("the reason\n")
    monkeypatch.setattr(embedded_aws, "prepare", lambda **_: None)
    monkeypatch.setattr(embedded_aws, "_launch", lambda port: 2**22 + 1)
    with pytest.raises(EmbeddedAwsError, match=r"the reason") as failed:
        embedded_aws.start()
    assert str(home / "embedded.log") in str(failed.value)


def test_every_call_goes_to_the_embedded_aws():
    environment = environment_for(EmbeddedAws(pid=1, port=4599))
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4599"
    assert environment["AWS_ENDPOINT_URL_S3"] == "http://127.0.0.1:4599"
    assert environment["AWS_ACCESS_KEY_ID"] == "test"


def test_nothing_is_redirected_for_a_real_account():
    assert not any(name.startswith(("AWS_", "CDK_")) for name in environment_for(None))


def test_reading_outputs_before_deploying_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(deployment, "OUTPUTS", tmp_path / "outputs.json")
    with pytest.raises(DeploymentError, match="Run `recovery deploy` first"):
        deployment.outputs()


def test_a_failing_step_shows_what_it_printed():
    lines: list[str] = []
    with pytest.raises(DeploymentError, match="no such thing"):
        deployment._run(["sh", "-c", "echo no such thing; exit 3"], {}, lines.append)
    assert lines == ["no such thing"]


def test_a_newly_launched_process_is_alive_and_can_be_stopped(home):
    command = [sys.executable, "-c", "import time; time.sleep(60)  # ministack"]
    pid = launch(command, settings={}, folder=home, log=home / "log")
    assert is_alive(pid)
    assert end(pid)
    assert not is_alive(pid)


def test_a_process_that_exits_at_once_is_not_waited_for(home):
    began = time.monotonic()
    pid = launch([sys.executable, "-c", "0"], settings={}, folder=home, log=home / "log")
    assert not is_alive(pid)
    assert time.monotonic() - began < 4
