"""Alarms for the people who operate the system."""

from aws_cdk import Aws, Duration
from aws_cdk.aws_cloudwatch import Alarm, ComparisonOperator, IMetric, TreatMissingData
from aws_cdk.aws_cloudwatch_actions import SnsAction
from aws_cdk.aws_iam import PolicyStatement, ServicePrincipal
from aws_cdk.aws_lambda import IFunction
from aws_cdk.aws_sns import Topic
from constructs import Construct

from infra.shared.data_key import DataKey


class Alerts(Construct):
    """One encrypted topic for every alarm; operators subscribe to it."""

    def __init__(self, scope: Construct, id: str, *, key: DataKey, tls_only: bool) -> None:
        super().__init__(scope, id)
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
        means: str,
        periods: int = 1,
    ) -> Alarm:
        """Raise an alarm when the metric reaches the threshold; missing data is fine."""
        alarm = Alarm(
            scope,
            id,
            metric=metric,
            threshold=reaches,
            evaluation_periods=periods,
            comparison_operator=ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            alarm_description=means,
        )
        alarm.add_alarm_action(SnsAction(self.topic))
        return alarm

    def when_late(self, scope: Construct, id: str, *, metric: IMetric, means: str) -> Alarm:
        """Raise an alarm when the metric counts anything; not being counted is a failure too."""
        alarm = Alarm(
            scope,
            id,
            metric=metric,
            threshold=1,
            evaluation_periods=1,
            comparison_operator=ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=TreatMissingData.BREACHING,
            alarm_description=means,
        )
        alarm.add_alarm_action(SnsAction(self.topic))
        return alarm

    def when_stream_falls_behind(self, scope: Construct, id: str, *, function: IFunction) -> Alarm:
        """Raise an alarm when changes wait for more than ten minutes."""
        return self.when(
            scope,
            id,
            metric=iterator_age(function),
            reaches=Duration.minutes(10).to_milliseconds(),
            means=f"{id}: loan changes have waited over ten minutes; they expire after a day.",
            periods=2,
        )


def iterator_age(function: IFunction) -> IMetric:
    """Return how long the oldest change has waited, in milliseconds."""
    return function.metric("IteratorAge", statistic="Maximum", period=Duration.minutes(5))
