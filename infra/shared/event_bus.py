"""What happened, told to other systems."""

from aws_cdk import Duration
from aws_cdk.aws_events import EventBus, EventPattern
from constructs import Construct

SOURCE = "recovery"


class RecoveryEvents(EventBus):
    """Facts such as PaymentPosted and StageChanged; kept for a year to be replayed."""

    def __init__(self, scope: Construct, id: str, *, archived: bool) -> None:
        super().__init__(scope, id)
        if archived:
            self.archive(
                "Archive",
                description="Every fact of the last year, to be replayed",
                event_pattern=EventPattern(source=[SOURCE]),
                retention=Duration.days(365),
            )
