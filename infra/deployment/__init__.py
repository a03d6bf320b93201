"""Deploys, finds and operates a deployment."""
