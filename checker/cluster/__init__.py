"""The pinned connection and the workspaces on it."""
