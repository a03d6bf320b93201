"""Findings of cdk-nag that are meant to be so, each with its reason, beside its resource."""

from aws_cdk import Acknowledgment, Resource, Stack, Validations
from constructs import IConstruct

GRANT_OF_A_DEAD_LETTER_QUEUE = (
    "AwsSolutions-IAM5[Action::kms:GenerateDataKey*]",
    "AwsSolutions-IAM5[Action::kms:ReEncrypt*]",
)


def acknowledge(construct: IConstruct, *rules: str, because: str) -> None:
    """The rules do not hold for this construct and what is below it, for this reason."""
    Validations.of(construct).acknowledge(
        *(Acknowledgment(id=f"{_pack(rule)}::{rule}", reason=because) for rule in rules)
    )


def _pack(rule: str) -> str:
    return rule.partition("-")[0]


def logical_id(resource: Resource) -> str:
    """The name in the template, which findings about a resource's ARN contain."""
    return Stack.of(resource).get_logical_id(resource.node.default_child)
