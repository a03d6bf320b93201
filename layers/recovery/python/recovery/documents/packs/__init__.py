"""Packs: a country's dated rules, read from ``recovery/packs/<country>/<section>.toml``."""
