"""Draws timelines with Altair: pure, and without a network. `chart` puts it together."""
