"""Judges lab 06 by what happens when a program breaks, is busy, or misses its database.

The checker brings about each of these by the program's own means: a file that it heeds, a variable,
its database. What comes of it is read from restarts, from Ready, from endpoints and from requests
counted by Pod. A probe's form is free; where nothing happened, the checker makes the learner's
probe itself, as the kubelet would, to say why.
"""

from __future__ import annotations

from .broken import alive
from .busy import busy
from .cart import cart
from .shop import shop
from .slow import slow

__all__ = ["alive", "busy", "cart", "shop", "slow"]
