"""Alarms for the people who operate the system."""

import re
from dataclasses import dataclass

from aws_cdk import Aws, Duration
from aws_cdk.aws_cloudwatch import Alarm, ComparisonOperator, IMetric, TreatMissingData
from aws_cdk.aws_cloudwatch_actions import SnsAction
from aws_cdk.aws_iam import PolicyStatement, ServicePrincipal
from aws_cdk.aws_lambda import IFunction
from aws_cdk.aws_sns import Topic
from aws_cdk.aws_sqs import IQueue
from constructs import Construct

from infra.shared.data_key import DataKey

_COMMAND = re.compile(r"`(recovery [^`]+)`")


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What an alarm tells: what happened, which command shows it, and which mends it.

    Each text is one or more sentences with commands in backticks; what is to be filled in is in
    upper case, such as LOAN. Tests run every command.
    """

    happened: str
    shows: str
    mends: str

    def text(self, *, embedded: bool) -> str:
        """Return the description, with commands as they are typed for this target."""
        said = f"{self.happened} See: {self.shows} Mend: {self.mends}"
        return said if embedded else _COMMAND.sub(r"`\1 --aws`", said)


class Alerts(Construct):
    """One encrypted topic for every alarm; operators subscribe to it."""

    def __init__(
        self, scope: Construct, id: str, *, key: DataKey, tls_only: bool, embedded: bool
    ) -> None:
        super().__init__(scope, id)
        self._embedded = embedded
        self.topic = Topic(
            self, "Topic", display_name="Portfolio Recovery", master_key=key, enforce_ssl=tls_only
        )
        # Any policy of ours replaces the one by which SNS lets this account's alarms publish.
        self.topic.add_to_resource_policy(
            PolicyStatement(
                sid="AlarmsOfThisAccount",
                principals=[ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )

    def when(
        self,
        scope: Construct,
        id: str,
        *,
        metric: IMetric,
        reaches: float,
        means: Meaning,
        periods: int = 1,
        missing: TreatMissingData = TreatMissingData.NOT_BREACHING,
    ) -> Alarm:
        """Raise an alarm when the metric reaches the threshold; missing data is fine."""
        alarm = Alarm(
            scope,
            id,
            metric=metric,
            threshold=reaches,
            evaluation_periods=periods,
            comparison_operator=ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=missing,
            alarm_description=means.text(embedded=self._embedded),
        )
        alarm.add_alarm_action(SnsAction(self.topic))
        return alarm

    def when_late(self, scope: Construct, id: str, *, metric: IMetric, means: Meaning) -> Alarm:
        """Raise an alarm when the metric counts anything; not being counted is a failure too."""
        missing = TreatMissingData.BREACHING
        return self.when(scope, id, metric=metric, reaches=1, means=means, missing=missing)

    def when_stream_falls_behind(self, scope: Construct, id: str, *, function: IFunction) -> Alarm:
        """Raise an alarm when changes wait for more than ten minutes."""
        file = function.node.id
        return self.when(
            scope,
            id,
            metric=iterator_age(function),
            reaches=Duration.minutes(10).to_milliseconds(),
            means=Meaning(
                happened=(
                    f"{file} is behind: changes of loans have waited over ten minutes; the stream"
                    " drops them after a day."
                ),
                shows=f"`recovery logs {file}` for what stops it.",
                mends=(
                    "fix that; it catches up by itself. After a day, `recovery reconcile` makes up"
                    " for what was dropped."
                ),
            ),
            periods=2,
        )

    def when_queue_waits(
        self, scope: Construct, id: str, *, queue: IQueue, within: Duration, function: str, of: str
    ) -> Alarm:
        """Raise an alarm when the oldest message has waited this long to be taken up."""
        return self.when(
            scope,
            id,
            metric=queue.metric_approximate_age_of_oldest_message(period=Duration.minutes(5)),
            reaches=within.to_seconds(),
            means=Meaning(
                happened=f"{of} have waited for {_in_words(within)} or more.",
                shows=f"`recovery logs {function}` and `recovery failures`.",
                mends=(
                    f"fix what stops {function}, or wait if it is only slow: it goes on by itself."
                    " What it gives up comes to a dead-letter queue, for `recovery redrive QUEUE`."
                ),
            ),
            periods=2,
        )

    def watch_function(self, function: IFunction) -> None:
        """Raise an alarm when the function fails again and again, or is throttled for long.

        Each of its callers tries again; three errors in a quarter of an hour are no hiccup.
        """
        name, lasting = function.node.id, Duration.minutes(15)
        self.when(
            function,
            "ErrorsAlarm",
            metric=function.metric_errors(period=lasting, statistic="Sum"),
            reaches=3,
            means=Meaning(
                happened=f"The function {name} failed three times or more in 15 minutes.",
                shows=f"`recovery logs {name}` shows the errors, by loan or institution.",
                mends=(
                    "fix what the log names. Then `recovery failures` lists what was given up"
                    " meanwhile, and which command takes it up again."
                ),
            ),
        )
        self.when(
            function,
            "ThrottlesAlarm",
            metric=function.metric_throttles(period=Duration.minutes(5), statistic="Sum"),
            reaches=1,
            means=Meaning(
                happened=f"The function {name} was throttled for 15 minutes on end.",
                shows="`recovery doctor` shows how many calls the account may run at once.",
                mends=(
                    "ask Service Quotas for more of Lambda's concurrent executions; callers try"
                    f" again by themselves. `recovery logs {name}` says whether calls still fail."
                ),
            ),
            periods=3,
        )


def _in_words(time: Duration) -> str:
    hours = int(time.to_hours())
    return "an hour" if hours == 1 else f"{hours} hours"


def iterator_age(function: IFunction) -> IMetric:
    """Return how long the oldest change has waited, in milliseconds."""
    return function.metric("IteratorAge", statistic="Maximum", period=Duration.minutes(5))
