"""The API's own description, served by a function that may read nothing."""

from aws_cdk.aws_apigateway import AuthorizationType
from constructs import Construct

from infra.shared.acknowledgements import acknowledge
from infra.shared.foundation import Foundation
from infra.shared.python_function import PythonFunction
from infra.shared.signed_api import SignedApi

DESCRIPTIONS = ("openapi.json", "reference", "problems/{code}")
_ONE_CPU_MB = 1769  # the document takes a second of it, once


class ApiDescription(Construct):
    """Open, for it holds no data: what it says is in the source of this product."""

    def __init__(
        self, scope: Construct, id: str, *, foundation: Foundation, api: SignedApi
    ) -> None:
        super().__init__(scope, id)
        self.function = PythonFunction(
            self,
            "DescribeApi",
            runtime=foundation.runtime,
            file="describe_api.py",
            documents=True,
            description="Describes the API, for programs and people",
            memory_size=_ONE_CPU_MB,
        )
        routes = [("GET", path) for path in DESCRIPTIONS]
        api.serve(self.function, *routes, authorization=AuthorizationType.NONE)
        for path in DESCRIPTIONS:
            acknowledge(
                api.root.resource_for_path(path),
                "AwsSolutions-APIG4",
                because=(
                    "The description holds no data, its function may read none, and it has a"
                    " throttle of its own."
                ),
            )
