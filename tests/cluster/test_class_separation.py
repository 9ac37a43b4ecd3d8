"""Two learners of a class: what one may do with his key, and what of the other he may not."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from checker.catalogue import lab_names, load_lab, solution
from checker.classroom import Building, Clearing, Made, Pupil
from checker.classroom.plan import HOME, account_name
from checker.cluster import (
    API_ERRORS,
    Connection,
    Glance,
    Objects,
    SystemClock,
    Workspace,
    connect,
    meaning,
    wait,
)
from checker.environment.wait import wait_until
from checker.grading import grade
from checker.grading.apply import Ground, apply_case
from checker.grading.files import lay_out
from checker.model import LabReport
from checker.observe import Pod
from checker.observe.pod import view
from tests.cluster.class_attempts import ATTEMPTS, Answer, Attempt, attempt, kubectl
from tests.cluster.class_flood import FLOOD, OBJECTS, POD

RUN = f"class-{secrets.token_hex(2)}"
ANN, BO = Pupil(f"{RUN}-ann", "Ann Lee", "en"), Pupil(f"{RUN}-bo", "王小明", "zh")
LABS = ["02-secrets", "03-registry"]
Key = Callable[[Pupil, str], Path]


@pytest.fixture(scope="module")
def keys(connection: Connection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Key]:
    """A class of two. Afterwards nothing of it is left, and its keys are worth nothing."""
    out = tmp_path_factory.mktemp("class")
    labs = {name: load_lab(name) for name in lab_names()}
    building = Building(connection, labs, LABS, out, days=1)
    made: dict[Pupil, Made] = {}
    try:
        building.furnish()
        building.seat_all((ANN, BO), made.__setitem__, at_once=2)
        assert [each.trouble for each in made.values()] == [None, None]
        yield lambda pupil, part: at(out / pupil.id / "kubeconfig", part)
        old = at(out / ANN.id / "kubeconfig", "lab-02-secrets")
    finally:
        gone = {}
        Clearing(connection, labs, None, out).clear_all((ANN, BO), gone.__setitem__, at_once=2)
    assert [each.trouble for each in gone.values()] == [None, None]
    assert not (out / ANN.id / "kubeconfig").exists()
    # The API server knows a token for ten seconds after it has looked at it.
    assert wait_until(lambda: "Unauthorized" in kubectl(old, ["get", "pods"]).said, 30)
    spaces = Objects(connection, "").everywhere("Namespace", "podlab/learner")
    assert not [space for space in spaces if space.metadata.name.endswith((ANN.id, BO.id))]


def at(key: Path, context: str) -> Path:
    """The key with another context chosen, as `kubectl config use-context` does."""
    copy = key.parent.parent / f"{key.parent.name}-{context}"
    if key.exists():
        config = yaml.safe_load(key.read_text()) | {"current-context": context}
        copy.write_text(yaml.safe_dump(config))
    return copy


@pytest.fixture(scope="module")
def solved(keys: Key, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Bo has solved lab 02, with his own key and nothing else."""
    folder = tmp_path_factory.mktemp("bo")
    case = solution(load_lab("02"))
    lay_out(case, folder, datetime.now(UTC))
    apply_case(case, Ground(folder, keys(BO, "lab-02-secrets")))


@pytest.fixture(scope="module")
def node(connection: Connection) -> str:
    return str(Objects(connection, "").list("Node")[0].metadata.name)


@pytest.fixture(scope="module")
def answers(keys: Key, solved: None, node: str) -> dict[Attempt, Answer]:
    """All that Ann tries, side by side."""
    key = keys(ANN, "lab-02-secrets")
    with ThreadPoolExecutor(4) as pool:
        said = pool.map(
            lambda tried: attempt(key, tried, me=ANN.id, other=BO.id, node=node), ATTEMPTS
        )
        return dict(zip(ATTEMPTS, said, strict=True))


@pytest.mark.parametrize("tried", ATTEMPTS, ids=lambda tried: tried.about.replace(" ", "-"))
def test_learner_is_refused(answers: dict[Attempt, Answer], tried: Attempt) -> None:
    assert answers[tried].code != 0
    assert tried.answer in answers[tried].said


@pytest.mark.parametrize(
    ("namespace", "kind", "name"),
    [
        (f"lab-02-secrets-{BO.id}", "Secret", "mysecret"),
        (f"lab-02-secrets-{BO.id}", "ConfigMap", "kube-root-ca.crt"),
        (f"lab-02-secrets-{BO.id}", "Deployment", "reader"),
        (f"lab-03-registry-{BO.id}", "Secret", "registry-login"),
        (HOME, "ServiceAccount", account_name(BO.id)),
        ("podlab-system", "Pod", "probe"),
        ("podlab-system", "ConfigMap", "class"),
        ("podlab-registry", "Deployment", "registry"),
        (f"lab-02-secrets-{ANN.id}", "ResourceQuota", "podlab"),
    ],
)
def test_what_was_refused_is_there_to_be_had(
    connection: Connection, solved: None, namespace: str, kind: str, name: str
) -> None:
    assert Objects(connection, namespace).read(kind, name)


@pytest.mark.parametrize(
    "words",
    [
        "get all,configmaps,secrets,pvc,sa,events,endpointslices,roles,rolebindings,quota,limits",
        "get namespace lab-02-secrets-{me}",
        "create configmap c --from-literal=a=b",
        "create deployment d --image=busybox:1.37",
        "scale deployment d --replicas=0",
        "create job j --image=busybox:1.37 -- true",
        "create cronjob k --image=busybox:1.37 --schedule=@yearly -- true",
        "create poddisruptionbudget p --selector=app=d --min-available=1",
        "create service clusterip s --tcp=80",
        "create serviceaccount a",
        "create role r --verb=get --resource=configmaps",
        "create rolebinding b --role=r --serviceaccount=lab-02-secrets-{me}:a",
        "create rolebinding v --clusterrole=view --serviceaccount=lab-02-secrets-{me}:a",
        "create token a",
        "create quota team --hard=pods=5",
        "delete quota team",
        "auth can-i get configmaps --as=system:serviceaccount:lab-02-secrets-{me}:a",
        "registry-login",
    ],
)
def test_learner_can_do_in_his_namespace_what_the_labs_need(keys: Key, words: str) -> None:
    if words == "registry-login":
        answer = kubectl(keys(ANN, "lab-03-registry"), ["get", "secret", words])
    else:
        argv = words.format(me=ANN.id).split()
        answer = kubectl(keys(ANN, "lab-02-secrets"), argv)
    assert answer.code == 0, answer.said


def test_learner_looks_into_his_running_pods(
    keys: Key, solved: None, connection: Connection
) -> None:
    key = keys(BO, "lab-02-secrets")
    ready = "wait --for=condition=Available deployment/reader --timeout=60s"
    assert kubectl(key, ready.split(), seconds=90).code == 0
    assert kubectl(key, ["exec", "deploy/reader", "--", "id"]).said.startswith("uid=")
    assert kubectl(key, ["logs", "deploy/reader"]).code == 0
    can = [
        kubectl(key, f"auth can-i {what}".split()).said
        for what in ("create pods/portforward", "patch pods/resize", "create pods/eviction")
    ]
    assert can == ["yes"] * 3


@pytest.fixture(scope="module")
def reports(keys: Key, solved: None, connection: Connection) -> dict[str, LabReport]:
    """Both are graded at the same time, while Ann floods the cluster."""
    key, stop = keys(ANN, "lab-02-secrets"), threading.Event()
    assert kubectl(key, ["apply", "-f", "-"], FLOOD).code != 0, "her quota ends it"
    lab, done = load_lab("02"), {}

    def judge(pupil: Pupil) -> None:
        workspace = Workspace(lab.name, "lab", pupil.id)
        done[pupil.id] = grade(lab, workspace, connection=connection)

    def flood() -> None:
        # Her own computer would do this; here it takes the processors of the cluster.
        while not stop.wait(1):
            kubectl(key, ["get", "all,configmaps,events", "-o", "yaml"])

    flooding = threading.Thread(target=flood, daemon=True)
    judging = [threading.Thread(target=judge, args=(pupil,)) for pupil in (ANN, BO)]
    for thread in (flooding, *judging):
        thread.start()
    for thread in judging:
        thread.join()
    stop.set()
    flooding.join()
    return done


@pytest.mark.timeout(600)
def test_solution_that_was_applied_with_the_learners_key_passes_while_another_floods(
    reports: dict[str, LabReport],
) -> None:
    report = reports[BO.id]
    assert [(r.task, r.message.en) for r in report.results if r.verdict.value != "passed"] == []
    assert report.earned == report.possible


def test_quota_ends_the_flood_of_objects(reports: object, connection: Connection) -> None:
    held = Objects(connection, f"lab-02-secrets-{ANN.id}")
    assert len(held.list("ConfigMap")) == 40
    pods = [pod.status.phase for pod in held.list("Pod")]
    assert len([phase for phase in pods if phase in ("Pending", "Running")]) <= 30
    assert OBJECTS > 40


def test_flood_ends_in_verdicts_of_bounded_size(reports: dict[str, LabReport]) -> None:
    report = reports[ANN.id]
    assert report.earned == 0
    assert report.results
    for result in report.results:
        assert len(result.message.en) < 2000
        for each in result.evidence:
            assert len(each.found) < 2000
            assert "\x1b" not in each.found


def test_message_of_a_terminated_container_is_cut_by_the_kubelet(
    reports: object, connection: Connection
) -> None:
    objects = Objects(connection, f"lab-02-secrets-{ANN.id}")

    def look() -> Glance[Pod]:
        pod = view(objects.read("Pod", POD))
        return Glance(so=pod.container().ended is not None, value=pod)

    ended = wait(look, 120, SystemClock())
    assert ended.last
    assert ended.last.value
    last = ended.last.value.container().ended
    assert last, "it has written its logs and its message"
    assert 4000 < len(last.message.encode()) <= 4096


def test_key_is_good_with_the_courses_own_client_too(keys: Key) -> None:
    mine = connect(kubeconfig=keys(ANN, "lab-02-secrets"), context="lab-02-secrets")
    assert Objects(mine, f"lab-02-secrets-{ANN.id}").list("Secret") is not None
    with pytest.raises(API_ERRORS) as caught:
        Objects(mine, f"lab-02-secrets-{BO.id}").list("Secret")
    assert meaning(caught.value).code == 403
