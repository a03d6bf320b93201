"""Costs compared within one run, since ratios carry over between machines but times do not."""
