"""Whatever stops a command is said in one line, with a remedy and an exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from pynamodb.exceptions import GetError

from infra.command_line import app, main, stopping
from infra.command_line.stopping import FAULT, REFUSED, stop_of
from infra.deployment.target import TargetError

ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-c", "from infra.command_line import main; main()"]


@pytest.fixture(autouse=True)
def no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_where", lambda: "account 111122223333, region eu-west-1")


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "said by AWS"}}, "DescribeTable")


@pytest.mark.parametrize(
    ("error", "reason", "remedy"),
    [
        (NoCredentialsError(), "there are no AWS credentials", "aws configure"),
        (refused("ExpiredTokenException"), "have expired: DescribeTable", "aws sso login"),
        (refused("AccessDeniedException"), "may not do this: DescribeTable", "permission"),
        (refused("ResourceNotFoundException"), "no longer there", "recovery deploy"),
        (refused("SomethingElse"), "AWS refused: said by AWS", "repeat"),
        (EndpointConnectionError(endpoint_url="x"), "cannot be reached", "network"),
        (GetError("no", cause=refused("ThrottlingException")), "go slower", "Wait a minute"),
    ],
)
def test_what_aws_refuses_names_account_region_and_remedy(error, reason: str, remedy: str) -> None:
    stop = stop_of(error)
    assert reason in stop.text and remedy in stop.text
    assert "(account 111122223333, region eu-west-1)" in stop.text
    assert "\n" not in stop.text
    assert stop.code == REFUSED


def test_what_this_machine_refuses_names_the_file() -> None:
    with pytest.raises(FileNotFoundError) as missing:
        Path("nowhere/at-all").read_text()
    assert stop_of(missing.value).text == "nowhere/at-all does not exist. Check the path."
    denied = PermissionError(13, "no", "policy.json")
    assert "policy.json may not be read or written" in stop_of(denied).text


def test_a_fault_of_the_program_is_owned_up_to() -> None:
    stop = stop_of(KeyError("shard"))
    assert stop.code == FAULT
    assert "KeyError" in stop.text and "--verbose" in stop.text


def test_only_verbose_shows_a_traceback(monkeypatch, capsys) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a [bold]fault[/]")

    monkeypatch.setattr("infra.command_line.deploy.embedded_aws.stop", fail)
    monkeypatch.setattr(sys, "argv", ["recovery", "down"])
    with pytest.raises(SystemExit) as left:
        main()
    said = capsys.readouterr().err
    assert left.value.code == FAULT
    assert "RuntimeError: a [bold]fault[/]." in said and "Traceback" not in said
    monkeypatch.setattr(sys, "argv", ["recovery", "--verbose", "down"])
    try:
        with pytest.raises(RuntimeError):
            main()
    finally:
        app.pretty_exceptions_enable = False


def test_a_refusal_of_ours_is_said_as_it_is() -> None:
    assert stop_of(TargetError("No embedded AWS is running.")).text == "No embedded AWS is running."


@pytest.mark.slow
def test_a_full_disk_a_closed_pipe_and_the_version() -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "evaluate", "--example"],
            cwd=ROOT,
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == REFUSED
    assert done.stderr.strip() == "Stopped: the disk is full. Free some space and run it again."
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, "policy", "schema"],
        cwd=ROOT,
        env=environment,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert done.stderr.strip() == ""
    shown = subprocess.run(
        [*COMMAND, "--version"], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert shown.stdout.strip()[:1].isdigit()
