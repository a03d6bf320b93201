"""Deploys the stacks with the CDK CLI, to the embedded AWS or to a real account."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from infra.embedded.aws import ACCOUNT, HOME, LOG, OUTPUTS, REGION, EmbeddedAws, Progress
from infra.layers.platform import ROOT
from infra.stack_names import SERVICES, STATE

OUTPUTS_OF_ACCOUNT = HOME / "outputs-account.json"
_EXPORTS = "ExportsOutput"  # what the CDK names an output that only a stack reads
_CLI = ROOT / "infra" / "node_modules" / ".bin" / "cdk"


class DeploymentError(RuntimeError):
    """A step failed; the text holds the end of its output, and what to do."""


def environment_for(embedded: EmbeddedAws | None) -> dict[str, str]:
    """Return the variables that direct every AWS call to this target."""
    quiet = {"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20", "NODE_NO_WARNINGS": "1"}
    if embedded is None:
        return quiet
    return quiet | {
        "AWS_ENDPOINT_URL": embedded.url,
        "AWS_ENDPOINT_URL_S3": embedded.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "CDK_DEFAULT_ACCOUNT": ACCOUNT,
        "CDK_DEFAULT_REGION": REGION,
        "CDK_VALIDATION": "false",  # saves seven seconds; tests and real deployments validate
    }


def deploy(
    *,
    embedded: EmbeddedAws | None = None,
    context: Mapping[str, object] | None = None,
    progress: Progress = lambda line: None,
) -> dict[str, str]:
    """Deploy both stacks and return their outputs by name."""
    _install_cli(progress)
    if embedded:
        _make_asset_bucket(embedded)
    else:
        _bootstrap(progress)
    file = OUTPUTS if embedded else OUTPUTS_OF_ACCOUNT
    file.parent.mkdir(exist_ok=True)
    file.unlink(missing_ok=True)
    chosen = {**(context or {}), "embedded": embedded is not None}
    _cdk(
        ["deploy", "--all", "--require-approval=never", "--method=direct", "--progress=events"]
        + [f"--app={shlex.quote(sys.executable)} -m infra.app", f"--output={HOME / 'cdk.out'}"]
        + [f"--outputs-file={file}"]
        + [f"--context={name}={_as_text(value)}" for name, value in chosen.items()],
        embedded,
        progress,
    )
    return outputs(embedded=embedded is not None)


def outputs(*, embedded: bool = True) -> dict[str, str]:
    """Return the outputs, by name, of the last deployment to the embedded AWS or an account."""
    try:
        found = json.loads((OUTPUTS if embedded else OUTPUTS_OF_ACCOUNT).read_text())
        both = found[STATE] | found[SERVICES]
    except (OSError, KeyError):
        raise DeploymentError(
            "Nothing has been deployed from here yet. Run `recovery deploy` first."
        ) from None
    return {name: value for name, value in both.items() if not name.startswith(_EXPORTS)}


def _install_cli(progress: Progress) -> None:
    if _CLI.exists():
        return
    npm = shutil.which("npm")
    if not npm:
        raise DeploymentError("npm was not found. Install Node.js: https://nodejs.org/")
    progress("Installing the CDK command line")
    _run([npm, "ci", f"--prefix={_CLI.parents[2]}", "--no-audit", "--no-fund"], {}, progress)


def _make_asset_bucket(embedded: EmbeddedAws) -> None:
    """Create the asset bucket, the only part of a CDK bootstrap the embedded AWS needs."""
    _client("s3", environment_for(embedded)).create_bucket(
        Bucket=f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
    )


def _bootstrap(progress: Progress) -> None:
    """Bootstrap the credentials' account and region for the CDK, once."""
    formation = _client("cloudformation", {})
    try:
        formation.describe_stacks(StackName="CDKToolkit")
    except formation.exceptions.ClientError:
        account = _client("sts", {}).get_caller_identity()["Account"]
        target = f"aws://{account}/{formation.meta.region_name}"
        _cdk(["bootstrap", target, f"--app={shlex.quote(sys.executable)} -V"], None, progress)


def _client(service: str, environment: Mapping[str, str]):
    import boto3  # imported late: the command line starts faster without it

    return boto3.client(
        service,
        endpoint_url=environment.get("AWS_ENDPOINT_URL"),
        region_name=environment.get("AWS_REGION"),
        aws_access_key_id=environment.get("AWS_ACCESS_KEY_ID"),
        aws_secret_access_key=environment.get("AWS_SECRET_ACCESS_KEY"),
    )


def _cdk(arguments: list[str], embedded: EmbeddedAws | None, progress: Progress) -> None:
    command = [str(_CLI), *arguments, "--no-notices", "--no-color", "--ci"]
    try:
        _run(command, environment_for(embedded), progress)
    except DeploymentError as error:
        where = f"\nLog of the embedded AWS: {LOG}" if embedded else ""
        raise DeploymentError(f"{error}{where}") from None


def _run(command: list[str], environment: Mapping[str, str], progress: Progress) -> None:
    """Run the command from the project folder; each line it prints is progress."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    last: deque[str] = deque(maxlen=60)
    for line in process.stdout or ():
        last.append(line.rstrip())
        progress(line.rstrip())
    if process.wait() != 0:
        raise DeploymentError("\n".join([f"{Path(command[0]).name} {command[1]} failed:", *last]))


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
