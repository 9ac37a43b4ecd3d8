"""The pinned connection and the workspaces on it: namespaces, leases, journals, watches."""

from checker.cluster.changes import Change, Changes
from checker.cluster.clock import Clock, SystemClock
from checker.cluster.connection import Connection, connect, own_kubeconfig
from checker.cluster.errors import ClusterError
from checker.cluster.journal import Journal, Step
from checker.cluster.kinds import Objects
from checker.cluster.lease import SYSTEM, Busy, Lease
from checker.cluster.lifecycle import (
    ensure,
    must_be_there,
    remove,
    remove_learner,
    reset,
    system_uid,
    write_kubeconfig,
)
from checker.cluster.looking import ActsError, LookingConnection
from checker.cluster.meaning import API_ERRORS, Answer, Meaning, meaning
from checker.cluster.waiting import Glance, Waited, wait
from checker.cluster.workspace import Part, Workspace, learner_name

__all__ = [
    "API_ERRORS",
    "SYSTEM",
    "ActsError",
    "Answer",
    "Busy",
    "Change",
    "Changes",
    "Clock",
    "ClusterError",
    "Connection",
    "Glance",
    "Journal",
    "Lease",
    "LookingConnection",
    "Meaning",
    "Objects",
    "Part",
    "Step",
    "SystemClock",
    "Waited",
    "Workspace",
    "connect",
    "ensure",
    "learner_name",
    "meaning",
    "must_be_there",
    "own_kubeconfig",
    "remove",
    "remove_learner",
    "reset",
    "system_uid",
    "wait",
    "write_kubeconfig",
]
