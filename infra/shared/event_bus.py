"""The event bus that publishes facts to other systems."""

from aws_cdk import Duration
from aws_cdk.aws_events import EventBus, EventPattern
from constructs import Construct

SOURCE = "recovery"


class RecoveryEvents(EventBus):
    """Carries facts such as PaymentPosted and StageChanged; archived for a year for replay."""

    def __init__(self, scope: Construct, id: str, *, archived: bool) -> None:
        super().__init__(scope, id)
        if archived:
            self.archive(
                "Archive",
                description="Every fact of the last year, for replay",
                event_pattern=EventPattern(source=[SOURCE]),
                retention=Duration.days(365),
            )
