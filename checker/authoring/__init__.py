"""Notebooks from sources: build, lint, run, and the skeleton of a new lesson.

For authors and CI; no learner calls it. Only `run` starts kernels; nothing here talks to a cluster.
"""
