"""One dashboard: what the business sees first, then what waits for people, then machines."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk.aws_cloudwatch import (
    Dashboard,
    GraphWidget,
    IMetric,
    Metric,
)
from aws_cdk.aws_lambda import IFunction
from constructs import Construct

from infra.accounting.payments_api import PaymentsApi
from infra.agreements.agreements import Agreements
from infra.alarms import Alarms, Waiting
from infra.audit.audit import Audit
from infra.cases.recovery_case import RecoveryCase
from infra.cases.tasks_api import TasksApi
from infra.contact.feedback import Feedback
from infra.contact.messages import Messages
from infra.contact.replies import Replies
from infra.intake.portfolio_import import PortfolioImport
from infra.loan_changes import LoanChanges
from infra.monitoring.daily_review import DailyReview
from infra.people.contacts_api import ContactsApi
from infra.people.erasures import Erasures
from infra.people.notes_api import NotesApi
from infra.shared.alerts import iterator_age
from infra.shared.dead_letter_queue import DeadLetterQueue
from infra.shared.foundation import Foundation
from infra.shared.python_function import METRICS_NAMESPACE, SERVICE, counted
from recovery.domain.cases.stages import Stage

_PERIOD = Duration.minutes(5)
_STAGES = tuple(Stage)
_REPLIES = ("RepliesHeard", "RepliesFromUnknown")
_UNOWNED = "OldestUnownedTaskDays"


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """The constructs that operators monitor."""

    api: PaymentsApi
    notes: NotesApi
    erasures: Erasures
    tasks: TasksApi
    contacts: ContactsApi
    feedback: Feedback
    imports: PortfolioImport
    review: DailyReview
    case: RecoveryCase
    changes: LoanChanges
    messages: Messages
    replies: Replies
    audit: Audit
    agreements: Agreements

    @property
    def dead_letter_queues(self) -> list[DeadLetterQueue]:
        """Every queue whose messages need a person."""
        return [
            self.imports.failed,
            self.erasures.failed,
            self.changes.failed_reviews,
            self.changes.failed_routes,
            self.messages.failed,
            self.replies.failed,
            self.agreements.failed,
            self.feedback.news.failed,
            self.review.failed_reviews,
            self.review.failed_starts,
        ]

    @property
    def queues(self) -> list[Waiting]:
        """Every queue that a function empties."""
        messages, letters, news = self.messages, self.agreements, self.feedback.news
        return [
            Waiting(queue=messages.queue, function=messages.function, of="Messages to borrowers"),
            Waiting(queue=self.replies.queue, function=self.replies.function, of="Replies"),
            Waiting(queue=news.queue, function=news.function, of="News of what was delivered"),
            Waiting(
                queue=letters.queue,
                function=letters.function,
                of="Agreements whose letters are to be written",
                waits_for_mornings=True,
            ),
        ]


class Operations(Construct):
    """The operators' dashboard."""

    def __init__(
        self, scope: Construct, id: str, *, watched: Capabilities, foundation: Foundation
    ) -> None:
        super().__init__(scope, id)
        self.dead_letter_queues = watched.dead_letter_queues
        self.functions = foundation.runtime.functions
        Alarms(
            self,
            "Alarms",
            alerts=foundation.alerts,
            functions=self.functions,
            queues=watched.queues,
        )
        self.dashboard = Dashboard(self, "Dashboard", default_interval=Duration.days(1))
        rows = (
            _business_row(),
            _people_row(),
            _failure_row(watched),
            _load_row(watched, self.functions),
        )
        for row in rows:
            self.dashboard.add_widgets(*row)

    @property
    def queue_urls(self) -> dict[str, str]:
        """Where each dead-letter queue is, by the name of the output."""
        return {f"{each.node.id}QueueUrl": each.queue_url for each in self.dead_letter_queues}


def _business_row() -> list[GraphWidget]:
    return [
        _graph("Payments received", *_business("PaymentsTaken", "PaymentsReversed")),
        _graph("Loans reviewed", *_business("LoansReviewed", "ReviewsFailed")),
        _graph("Cases entering a stage", *_entered_stages()),
        _graph(
            "Messages",
            *_business("MessagesSent", "MessagesWithheld", "MessagesReturned", *_REPLIES),
        ),
    ]


def _people_row() -> list[GraphWidget]:
    """What waits for people; the daily review measures it once a day."""
    return [
        _graph("Promises due today", *_business("PromisesDueToday")),
        _graph("Disputes and complaints to answer within two working days", _worst("AnswersDue")),
        _graph("Days that the oldest has waited", *map(_worst, ("OldestApprovalDays", _UNOWNED))),
        _graph("Tasks escalated", *_business("TasksEscalated")),
    ]


def _failure_row(watched: Capabilities) -> list[GraphWidget]:
    api, changes = watched.api.api, watched.changes
    machines = [watched.case.state_machine, watched.review.state_machine]
    return [
        _graph(
            "Dead-letter queues (each message needs a person)",
            *(
                queue.metric_approximate_number_of_messages_visible(label=queue.node.id)
                for queue in watched.dead_letter_queues
            ),
        ),
        _graph("Age of unprocessed changes", *map(iterator_age, (changes.review, changes.route))),
        _graph(
            "Failed executions",
            *(machine.metric_failed(period=_PERIOD) for machine in machines),
            *(machine.metric_timed_out(period=_PERIOD) for machine in machines),
        ),
        _graph(
            "API",
            api.metric_count(period=_PERIOD),
            api.metric_client_error(period=_PERIOD),
            api.metric_server_error(period=_PERIOD),
            right=[api.metric_latency(period=_PERIOD, statistic="p99")],
        ),
    ]


def _load_row(watched: Capabilities, functions: Sequence[IFunction]) -> list[GraphWidget]:
    queue = watched.messages.queue
    return [
        _graph("Function errors", *(f.metric_errors(period=_PERIOD) for f in functions)),
        _graph("Function throttles", *(f.metric_throttles(period=_PERIOD) for f in functions)),
        _graph(
            "Function duration (p95)",
            *(f.metric_duration(period=_PERIOD, statistic="p95") for f in functions),
        ),
        _graph(
            "Messages waiting",
            queue.metric_approximate_number_of_messages_visible(period=_PERIOD),
            queue.metric_approximate_age_of_oldest_message(period=_PERIOD),
        ),
    ]


def _graph(title: str, *left: IMetric, right: list[IMetric] | None = None) -> GraphWidget:
    return GraphWidget(title=title, left=[*left], right=right or [], width=6)


def _business(*names: str) -> list[Metric]:
    return [_metric(name, {}) for name in names]


def _worst(name: str) -> Metric:
    """Return what the institution with the most has."""
    return counted(name, statistic="Maximum", period=_PERIOD)


def _entered_stages() -> list[Metric]:
    return [_metric("StagesEntered", {"stage": stage.value}) for stage in _STAGES]


def _metric(name: str, dimensions: dict[str, str]) -> Metric:
    """Return a count that the functions publish through Powertools."""
    return Metric(
        namespace=METRICS_NAMESPACE,
        metric_name=name,
        dimensions_map={"service": SERVICE, **dimensions},
        statistic="Sum",
        period=_PERIOD,
        label=dimensions.get("stage", name),
    )
