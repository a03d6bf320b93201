"""Money, dates and errors: what every rule stands on."""
