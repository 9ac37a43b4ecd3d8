"""What the cells of a lesson call: shell and manifest magics, checks, predictions, pictures."""
