"""Send e-mail through SES and text messages through SNS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formataddr

from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError

from recovery.adapters import aws
from recovery.ports.contact import SendingFailedError, UndeliverableError

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
    ) -> str:
        """Send, from ``sender`` if named, and return the SES message id.

        Raises UndeliverableError, SendingFailedError.
        """
        reporting = (
            {"ConfigurationSetName": self._configuration_set} if self._configuration_set else {}
        )
        with self._without_personal_data("SES"):
            response = aws.client("sesv2").send_email(
                FromEmailAddress=formataddr((sender, self._sender_email)),
                Destination={"ToAddresses": [address]},
                Content={
                    "Simple": {
                        "Subject": _utf8(subject),
                        "Body": {"Text": _utf8(text), "Html": _utf8(html)},
                    }
                },
                **({"ReplyToAddresses": [reply_to]} if reply_to else {}),
                **reporting,
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


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
