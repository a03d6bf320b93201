"""Promises, disputes and what else people answer."""
