"""The vocabulary of checks: what a check function can see and do in a workspace."""
