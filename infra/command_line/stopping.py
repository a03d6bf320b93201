"""What a command says when it cannot go on: one line with the reason and the remedy."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass

from infra.deployment.deploy import DeploymentError
from infra.deployment.target import TargetError
from infra.embedded.aws import EmbeddedAwsError
from infra.layers.platform import LayerBuildError

REFUSED, FAULT = 1, 3
EXIT_CODES = (
    "0 done; 1 stopped, the reason and the remedy are on standard error; 2 wrong usage;"
    " 3 a fault of the program; 130 interrupted."
)
_OWN_WORDS = (DeploymentError, EmbeddedAwsError, LayerBuildError, TargetError)

_CREDENTIALS = "Run `aws configure`, `aws sso login`, or set AWS_PROFILE; then run it again."
_BY_CLASS: Mapping[str, tuple[str, str]] = {
    "NoCredentialsError": ("there are no AWS credentials", _CREDENTIALS),
    "PartialCredentialsError": ("the AWS credentials are incomplete", _CREDENTIALS),
    "ProfileNotFound": ("the AWS profile is not known", "Set AWS_PROFILE to one of your own."),
    "NoRegionError": ("no AWS region is set", "Set AWS_REGION, such as eu-west-1."),
    "SSOTokenLoadError": ("the sign-in has ended", _CREDENTIALS),
    "UnauthorizedSSOTokenError": ("the sign-in has ended", _CREDENTIALS),
}
_BY_CODE: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("ExpiredToken", "ExpiredTokenException", "RequestExpired"),
        ("the AWS credentials have expired", _CREDENTIALS),
    ),
    **dict.fromkeys(
        ("InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch"),
        ("AWS does not accept these credentials", _CREDENTIALS),
    ),
    **dict.fromkeys(
        ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation"),
        ("these credentials may not do this", "Ask for the permission, or use other credentials."),
    ),
    **dict.fromkeys(
        ("ThrottlingException", "Throttling", "ProvisionedThroughputExceededException"),
        ("AWS asks to go slower", "Wait a minute and run it again; what was done is kept."),
    ),
    "ResourceNotFoundException": (
        "what was deployed from here is no longer there",
        "Run `recovery deploy` with the same account and region.",
    ),
}


@dataclass(frozen=True, slots=True)
class Stop:
    """One line to print, and the exit code."""

    text: str
    code: int = REFUSED


def stop_of(error: Exception) -> Stop:
    """Return what to say of an error: of ours, of AWS, of this machine, or a fault."""
    if isinstance(error, _OWN_WORDS):
        return Stop(str(error))
    if found := _of_aws(error):
        reason, remedy = found
        return Stop(f"{reason} ({_where()}). {remedy}")
    if isinstance(error, OSError) and (found := _of_machine(error)):
        return Stop(f"{found[0]}. {found[1]}")
    return Stop(
        f"{type(error).__name__}: {error}. This is a fault of the program, not yours."
        " Run `recovery --verbose ...` for the whole of it, and report it.",
        FAULT,
    )


def _of_aws(error: BaseException) -> tuple[str, str] | None:
    for kind in type(error).__mro__:
        if found := _BY_CLASS.get(kind.__name__):
            return found
    response = getattr(error, "response", None)
    # pynamodb wraps what botocore raised
    cause = getattr(error, "cause", None)
    if not isinstance(response, Mapping):
        return _of_aws(cause) if isinstance(cause, BaseException) else _unreachable(error)
    code, message = response["Error"].get("Code", ""), response["Error"].get("Message", "")
    reason, remedy = _BY_CODE.get(code, (f"AWS refused: {message or code}", "Mend it and repeat."))
    operation = getattr(error, "operation_name", "")
    return (f"{reason}: {operation}" if operation else reason), remedy


def _unreachable(error: BaseException) -> tuple[str, str] | None:
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & {"EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError"}:
        return "AWS cannot be reached", "Look at the network and the region; then run it again."
    return None


def _of_machine(error: OSError) -> tuple[str, str] | None:
    name = error.filename or "a file"
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "the disk is full", "Free some space and run it again."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return (
                f"{name} may not be read or written",
                "Change its permissions, or choose another.",
            )
        case errno.ENOENT:
            return f"{name} does not exist", "Check the path."
        case errno.EISDIR | errno.ENOTDIR:
            return f"{name} is not what was expected: a file, or a folder", "Check the path."
    return None


def _where() -> str:
    """Return account and region, as far as they can be learned."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    account, region = "unknown", None
    try:
        session = boto3.Session()
        region = session.region_name
        quick = Config(connect_timeout=2, read_timeout=2, retries={"max_attempts": 0})
        asked = session.client("sts", region_name=region or "us-east-1", config=quick)
        account = asked.get_caller_identity()["Account"]
    except (BotoCoreError, ClientError):
        pass  # without credentials, or without a network, there is no account to name
    return f"account {account}, region {region or 'not set'}"
