"""Entry point for the CDK CLI: `python -m infra.app` synthesizes the stacks."""

from typing import Any

from aws_cdk import App, CliCredentialsStackSynthesizer, Environment, Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from infra.settings import StackSettings
from infra.stack import ServicesStack, StateStack
from infra.stack_names import SERVICES, STATE


def build(app: App, settings: StackSettings) -> tuple[StateStack, ServicesStack]:
    """Add the two stacks to the app."""
    state = StateStack(
        app,
        STATE,
        description="Portfolio Recovery: loans, files, events and their key; outlives upgrades",
        **_common(settings),
    )
    services = ServicesStack(
        app,
        SERVICES,
        on=state,
        description="Portfolio Recovery: fair, considerate credit recovery for microfinance",
        **_common(settings),
    )
    return state, services


def _common(settings: StackSettings) -> dict[str, Any]:
    return {
        "settings": settings,
        "env": Environment(account=settings.account, region=settings.region),
        # The embedded AWS refuses the bootstrap roles, so publish with the caller's credentials.
        "synthesizer": CliCredentialsStackSynthesizer() if settings.embedded else None,
        # The services too: deleting them strands open cases and changes the API's address.
        "termination_protection": not settings.embedded,
    }


def check(app: App) -> None:
    """Make synthesis fail on any cdk-nag finding not acknowledged with a reason."""
    Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))


if __name__ == "__main__":
    application = App()
    settings = StackSettings.from_context(application.node)
    build(application, settings)
    if not settings.embedded:
        check(application)
    application.synth()
