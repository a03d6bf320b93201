"""Deploying, finding a deployment, and operating it."""
