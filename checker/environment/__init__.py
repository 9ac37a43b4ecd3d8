"""Makes the cluster that everything else stands on. Knows nothing of labs or grading."""
