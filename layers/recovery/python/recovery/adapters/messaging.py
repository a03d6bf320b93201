"""Send e-mail through SES and text messages through SNS."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from email.utils import formataddr
from typing import Any

from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError

from recovery.adapters import aws
from recovery.ports.contact import (
    MailAttachment,
    SendingFailedError,
    SentMessage,
    UndeliverableError,
)

# Retrying cannot help: the fault is in this address or this message.
_FINAL = frozenset(
    ["BadRequestException", "MessageRejected", "InvalidParameter", "ParameterValueInvalid"]
)


class AwsMessenger:
    """Messenger on AWS. The configuration set enforces TLS and counts bounces and complaints."""

    def __init__(self, sender_email: str, configuration_set: str | None = None) -> None:
        self._sender_email = sender_email
        self._configuration_set = configuration_set

    def send_email(
        self,
        address: str,
        subject: str,
        text: str,
        html: str,
        sender: str = "",
        *,
        reply_to: str = "",
        sent: SentMessage | None = None,
        unsubscribe_url: str = "",
        attachments: Sequence[MailAttachment] = (),
    ) -> str:
        """Send, from ``sender`` if named, and return the SES message id.

        Raises UndeliverableError, SendingFailedError.
        """
        simple: dict[str, Any] = {
            "Subject": _utf8(subject),
            "Body": {"Text": _utf8(text), "Html": _utf8(html)},
        }
        if unsubscribe_url:
            simple["Headers"] = _one_click(unsubscribe_url)
        if attachments:
            simple["Attachments"] = [_attached(each) for each in attachments]
        more: dict[str, Any] = {}
        if self._configuration_set:
            more["ConfigurationSetName"] = self._configuration_set
        if reply_to:
            more["ReplyToAddresses"] = [reply_to]
        if sent:
            more["EmailTags"] = tags_of(sent)
        with self._without_personal_data("SES"):
            response = aws.client("sesv2").send_email(
                FromEmailAddress=formataddr((sender, self._sender_email)),
                Destination={"ToAddresses": [address]},
                Content={"Simple": simple},
                **more,
            )
        return str(response["MessageId"])

    def send_sms(self, phone: str, text: str, *, sender: str = "") -> str:
        """Send and return the SNS message id. Raises UndeliverableError, SendingFailedError.

        Transactional rather than promotional, because it is time-critical. From ``sender``, a
        number of the account that can receive replies, if named.
        """
        kind = {"DataType": "String", "StringValue": "Transactional"}
        origin = (
            {"AWS.MM.SMS.OriginationNumber": {"DataType": "String", "StringValue": sender}}
            if sender
            else {}
        )
        with self._without_personal_data("SNS"):
            response = aws.client("sns").publish(
                PhoneNumber=phone,
                Message=text,
                MessageAttributes={"AWS.SNS.SMS.SMSType": kind, **origin},
            )
        return str(response["MessageId"])

    @contextmanager
    def _without_personal_data(self, provider: str) -> Iterator[None]:
        """Keep addresses out of logs: SES and SNS include them in their errors."""
        try:
            yield
        except ClientError as error:
            code, text = (error.response["Error"].get(name, "") for name in ("Code", "Message"))
            # An unverified sender is our mistake, and can be fixed; the address is not at fault.
            final = code in _FINAL and self._sender_email not in text
            raise (UndeliverableError if final else SendingFailedError)(
                f"{provider}: {code}"
            ) from None
        except (EndpointConnectionError, ConnectTimeoutError):
            # The request never reached the provider. A read timeout is not caught here: after one,
            # the message may have been sent.
            raise SendingFailedError(f"{provider}: not reached") from None


def _attached(attachment: MailAttachment) -> dict[str, Any]:
    return {
        "FileName": attachment.name,
        "RawContent": attachment.content,
        "ContentType": attachment.media_type,
        "ContentDisposition": "ATTACHMENT",
        "ContentTransferEncoding": "BASE64",
    }


def _one_click(url: str) -> list[dict[str, str]]:
    """Return the headers of RFC 8058; SES signs them with DKIM, as it demands."""
    return [
        {"Name": "List-Unsubscribe", "Value": f"<{url}>"},
        {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
    ]


def tags_of(sent: SentMessage) -> list[dict[str, str]]:
    """Return the tags by which news of an e-mail name what was sent: SES allows few characters."""
    return [{"Name": name, "Value": _tag(value)} for name, value in asdict(sent).items()]


def sent_of(tags: Mapping[str, Sequence[str]]) -> SentMessage | None:
    """Reverse ``tags_of``, from the tags in a piece of news; None if they are not ours."""
    names = [each.name for each in fields(SentMessage)]
    try:
        return SentMessage(*(_untag(tags[name][0]) for name in names))
    except (KeyError, IndexError, ValueError):
        return None


def _tag(value: str) -> str:
    return urlsafe_b64encode(value.encode()).decode().rstrip("=")


def _untag(value: str) -> str:
    return urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode()


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
