"""What comes back of messages: the providers' news, and the link that ends e-mail."""

from aws_cdk import Aws
from aws_cdk.aws_iam import PolicyStatement, ServicePrincipal
from aws_cdk.aws_sns import Topic
from constructs import Construct

from infra.contact.delivery_news import DeliveryNews
from infra.contact.messages import Messages
from infra.contact.unsubscribe_api import LinkKey, UnsubscribeApi
from infra.settings import StackSettings
from infra.shared.data_key import DataKey
from infra.shared.foundation import Foundation
from infra.shared.signed_api import SignedApi


class FeedbackState(Construct):
    """The key of the links in messages that were sent, and the topic that providers are told of:
    both outlive every upgrade."""

    def __init__(self, scope: Construct, id: str, *, key: DataKey, settings: StackSettings) -> None:
        super().__init__(scope, id)
        self.link_key = LinkKey(self, "LinkKey", removal_policy=settings.removal_policy)
        self.topic = Topic(self, "News", master_key=key, enforce_ssl=settings.tls_only)
        self.topic.add_to_resource_policy(
            PolicyStatement(
                sid="ProvidersOfThisAccount",
                principals=[
                    ServicePrincipal("ses.amazonaws.com"),
                    ServicePrincipal("sms-voice.amazonaws.com"),
                ],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )

    @property
    def exported(self) -> tuple[str, ...]:
        """The ARNs another stack may use."""
        return self.link_key.key_arn, self.topic.topic_arn


class Feedback(Construct):
    """Each with a function of its own: strangers reach one, providers the other."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
        on: FeedbackState,
        api: SignedApi,
        messages: Messages,
    ) -> None:
        super().__init__(scope, id)
        self.unsubscribe = UnsubscribeApi(
            self,
            "UnsubscribeApi",
            foundation=foundation,
            api=api,
            key=on.link_key,
            messages=messages,
        )
        self.news = DeliveryNews(
            self,
            "DeliveryNews",
            foundation=foundation,
            topic=on.topic,
            configuration_set=messages.configuration_set,
        )
