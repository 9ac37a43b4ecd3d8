"""podlab: a Jupyter course about Pods in production, graded on a live cluster."""
