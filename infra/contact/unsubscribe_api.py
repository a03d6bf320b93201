"""The open link that ends e-mail: a key that makes and checks its codes, and who may do which."""

from aws_cdk import Fn, RemovalPolicy
from aws_cdk.aws_apigateway import AuthorizationType
from aws_cdk.aws_kms import Key, KeySpec, KeyUsage
from constructs import Construct

from infra.contact.messages import Messages
from infra.shared.acknowledgements import acknowledge
from infra.shared.foundation import Foundation
from infra.shared.python_function import PythonFunction
from infra.shared.signed_api import SignedApi
from recovery.adapters.dynamodb import keys

PATH = "unsubscribe"
_LINK = f"{PATH}/{{token}}"


class LinkKey(Key):
    """Makes and checks the codes of links. It never rotates: links in old messages stay right."""

    def __init__(self, scope: Construct, id: str, *, removal_policy: RemovalPolicy) -> None:
        super().__init__(
            scope,
            id,
            description="Portfolio Recovery: codes of the links in messages",
            key_spec=KeySpec.HMAC_256,
            key_usage=KeyUsage.GENERATE_VERIFY_MAC,
            removal_policy=removal_policy,
        )


class UnsubscribeApi(Construct):
    """The sender may only make a code, the open function only check it."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
        api: SignedApi,
        key: Key,
        messages: Messages,
    ) -> None:
        super().__init__(scope, id)
        self.function = PythonFunction(
            self,
            "Unsubscribe",
            runtime=foundation.runtime,
            file="unsubscribe_api.py",
            documents=True,
            description="Ends e-mail for whoever opens the link in one",
            environment={"LINK_KEY_ARN": key.key_arn},
        )
        foundation.table.allow(
            self.function,
            "dynamodb:BatchGetItem",
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            kinds=(keys.CONTACT, keys.PERSON),
            reads=(keys.INSTITUTION,),
        )
        key.grant(self.function, "kms:VerifyMac")
        key.grant(messages.function, "kms:GenerateMac")
        messages.function.add_environment("LINK_KEY_ARN", key.key_arn)
        messages.function.add_environment("UNSUBSCRIBE_URL", self._url(foundation, api))
        api.serve(
            self.function, ("GET", _LINK), ("POST", _LINK), authorization=AuthorizationType.NONE
        )
        acknowledge(
            api.root.get_resource(PATH),
            "AwsSolutions-APIG4",
            because=(
                "Mail providers post to it unsigned (RFC 8058); the link's code says whom it is"
                " about, it can only stop e-mail, and it has a throttle of its own."
            ),
        )

    def _url(self, foundation: Foundation, api: SignedApi) -> str:
        if not foundation.settings.embedded:
            return api.url_for_path(f"/{PATH}")
        stage = api.deployment_stage.stage_name
        return Fn.join(
            "", ["http://localhost:4566/_aws/execute-api/", api.rest_api_id, f"/{stage}/{PATH}"]
        )
