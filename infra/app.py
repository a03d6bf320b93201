"""Entry point for the CDK CLI: `python -m infra.app` synthesizes the stack."""

from aws_cdk import App, CliCredentialsStackSynthesizer, Environment, Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from infra.settings import StackSettings
from infra.stack import RecoveryStack

STACK = "PortfolioRecovery"


def build(app: App, settings: StackSettings) -> RecoveryStack:
    """Add the stack to the app."""
    return RecoveryStack(
        app,
        STACK,
        settings=settings,
        description="Portfolio Recovery: fair, considerate credit recovery for microfinance",
        env=Environment(account=settings.account, region=settings.region),
        # The embedded AWS refuses the bootstrap roles, so publish with the caller's credentials.
        synthesizer=CliCredentialsStackSynthesizer() if settings.embedded else None,
        termination_protection=not settings.embedded,
    )


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
