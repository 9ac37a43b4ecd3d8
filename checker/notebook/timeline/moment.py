"""When something really happened, as far as it can be known.

Kubernetes writes its times in whole seconds, cut off: a container that ended at 11.8 says 11, which
is before what ended it. The true moment is at most a second later and never after it was heard of,
so the earlier of these two bounds is taken, and causes stay before effects.
"""

from __future__ import annotations

from datetime import datetime, timedelta

CUT_OFF = timedelta(seconds=1)
"""What Kubernetes' times may lack."""


def moment(began: datetime, at: datetime, heard: datetime) -> float:
    """Seconds since `began` of what the cluster dates `at` and was heard of at `heard`."""
    return max(0.0, (min(at + CUT_OFF, heard) - began).total_seconds())
