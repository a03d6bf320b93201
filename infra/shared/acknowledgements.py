"""Acknowledges intended cdk-nag findings, each with a reason, beside its resource."""

from aws_cdk import Acknowledgment, Resource, Stack, Validations
from constructs import IConstruct

GRANT_OF_A_DEAD_LETTER_QUEUE = (
    "AwsSolutions-IAM5[Action::kms:GenerateDataKey*]",
    "AwsSolutions-IAM5[Action::kms:ReEncrypt*]",
)


def acknowledge(construct: IConstruct, *rules: str, because: str) -> None:
    """Acknowledge findings of these rules on this construct and its children."""
    Validations.of(construct).acknowledge(
        *(Acknowledgment(id=f"{_pack(rule)}::{rule}", reason=because) for rule in rules)
    )


def _pack(rule: str) -> str:
    return rule.partition("-")[0]


def logical_id(resource: Resource) -> str:
    """Return the name in the template, as used in findings about the resource's ARN."""
    return Stack.of(resource).get_logical_id(resource.node.default_child)


def export_name(resource: Resource, value: str) -> str:
    """Return the name by which another stack imports the value, as used in findings there."""
    stack = Stack.of(resource)
    return stack.resolve(stack.export_value(value))["Fn::ImportValue"]
