"""The vocabulary of checks: what a check function can see and do in a workspace.

A new verb is one file with one class, one line among the bases of `Bench`, and one test file.
"""

from checker.cluster import Step
from checker.observe.base import Base
from checker.observe.change import Change
from checker.observe.clean import clean
from checker.observe.control import Control
from checker.observe.converge import Converge
from checker.observe.distribution import Login, PrivateRegistry
from checker.observe.exec import Exec
from checker.observe.facts import Fact
from checker.observe.files import Files
from checker.observe.http import Http, HttpAnswer
from checker.observe.load import Answer, Load, LoadTest
from checker.observe.objects import GetObjects
from checker.observe.outcome import CouldNotLook, Outcome, Refusal
from checker.observe.pod import Container, Ended, Pod, slowest, until_restart
from checker.observe.pods import Pods
from checker.observe.probe import Probe
from checker.observe.record import Record, Recorder
from checker.observe.registry import Registry
from checker.observe.replace import Replace
from checker.observe.restart import Before, Restart
from checker.observe.rollout import Rolling, Rollout
from checker.observe.steady import Steady
from checker.observe.tcp import KUBE_PROXY, Reached, Tcp, TcpAnswer
from checker.observe.team import Team
from checker.observe.token import Token
from checker.observe.transport import End, Ran
from checker.observe.verdicts import Verdicts


class Bench(
    Change,
    Control,
    Files,
    Http,
    LoadTest,
    Registry,
    Replace,
    Restart,
    Rollout,
    Steady,
    Team,
    Token,
    Verdicts,
):
    """What a check function is given: one workspace, seen through the verbs of this room."""


__all__ = [
    "KUBE_PROXY",
    "Answer",
    "Base",
    "Before",
    "Bench",
    "Container",
    "Converge",
    "CouldNotLook",
    "End",
    "Ended",
    "Exec",
    "Fact",
    "GetObjects",
    "HttpAnswer",
    "Load",
    "Login",
    "Outcome",
    "Pod",
    "Pods",
    "PrivateRegistry",
    "Probe",
    "Ran",
    "Reached",
    "Record",
    "Recorder",
    "Refusal",
    "Rolling",
    "Step",
    "Tcp",
    "TcpAnswer",
    "clean",
    "slowest",
    "until_restart",
]
