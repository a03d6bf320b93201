"""E-mail by SES and text messages by SNS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError

from recovery.adapters import aws


class MessageRefusedError(Exception):
    """The provider refused the message; ``code`` says why. Never holds the address or the text."""

    def __init__(self, provider: str, code: str) -> None:
        super().__init__(f"{provider} refused the message: {code}")
        self.code = code


class AwsMessenger:
    """The Messenger. The configuration set reports bounces and complaints."""

    def __init__(self, sender_email: str, configuration_set: str | None = None) -> None:
        self._sender_email = sender_email
        self._configuration_set = configuration_set

    def send_email(self, address: str, subject: str, text: str, html: str) -> str:
        """The SES message id. Raises MessageRefusedError."""
        reporting = (
            {"ConfigurationSetName": self._configuration_set} if self._configuration_set else {}
        )
        with _without_personal_data("SES"):
            response = aws.client("sesv2").send_email(
                FromEmailAddress=self._sender_email,
                Destination={"ToAddresses": [address]},
                Content={
                    "Simple": {
                        "Subject": _utf8(subject),
                        "Body": {"Text": _utf8(text), "Html": _utf8(html)},
                    }
                },
                **reporting,
            )
        return str(response["MessageId"])

    def send_sms(self, phone: str, text: str) -> str:
        """The SNS message id. Transactional: what it says matters today. MessageRefusedError."""
        kind = {"DataType": "String", "StringValue": "Transactional"}
        with _without_personal_data("SNS"):
            response = aws.client("sns").publish(
                PhoneNumber=phone,
                Message=text,
                MessageAttributes={"AWS.SNS.SMS.SMSType": kind},
            )
        return str(response["MessageId"])


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


@contextmanager
def _without_personal_data(provider: str) -> Iterator[None]:
    """SES and SNS name the address in their errors, and errors end up in logs."""
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        raise MessageRefusedError(provider, code) from None
