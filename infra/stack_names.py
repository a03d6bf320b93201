"""The names of the two stacks. Upgrades depend on them: a new name is a new stack."""

STATE = "PortfolioRecovery"
SERVICES = "PortfolioRecoveryServices"
