from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fakeclass import PROBE, ClassApi
from kubernetes.client import ApiException

from checker.catalogue import Lab, load_lab
from checker.classroom import Building, Made, Pupil, create
from checker.cluster import ClusterError, Connection, Workspace
from checker.texts import Text
from checker.trouble import Trouble

PUPILS = tuple(Pupil(f"s{n}", f"学员 {n}", "zh") for n in range(5))
Run = Callable[..., dict[str, Made]]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def run(connection: Connection, lively: ClassApi, lab: Lab, toy_course: Path, out: Path) -> Run:
    """Make a class for these pupils; what became of each."""

    def make(pupils: tuple[Pupil, ...] = PUPILS, at_once: int = 3) -> dict[str, Made]:
        building = Building(connection, {lab.name: lab}, [lab.name], out, 90)
        made: dict[str, Made] = {}
        building.furnish()
        building.seat_all(pupils, lambda pupil, result: made.update({pupil.id: result}), at_once)
        return made

    return make


def test_every_learner_gets_his_places_and_his_folder(run: Run, out: Path) -> None:
    made = run()
    assert made.keys() == {pupil.id for pupil in PUPILS}
    assert all(each.wrote and each.ends and not each.trouble for each in made.values())
    assert {folder.name for folder in out.iterdir()} == made.keys()
    assert (out / "s0" / "01-toy" / "TASKS.md").is_file()


def test_second_run_changes_nothing_and_says_so(
    run: Run, writes: Callable[[], list[tuple[str, str]]], out: Path
) -> None:
    run()
    before = {file: file.read_bytes() for file in out.rglob("*") if file.is_file()}
    writes()
    assert all(each.wrote == 0 and each.ends for each in run().values())
    assert writes() == []
    assert {file: file.read_bytes() for file in out.rglob("*") if file.is_file()} == before


def test_a_longer_roster_adds_the_new_names_only(run: Run) -> None:
    run(PUPILS[:3])
    made = run(PUPILS)
    assert [made[pupil.id].wrote > 0 for pupil in PUPILS] == [False] * 3 + [True] * 2


def test_learners_of_another_roster_are_named(
    run: Run, connection: Connection, lab: Lab, out: Path
) -> None:
    run(PUPILS[:3])
    building = Building(connection, {lab.name: lab}, [lab.name], out, 90)
    assert building.seat_all(PUPILS[1:2], lambda *_: None, 1) == {"s0", "s2"}


def test_trouble_with_one_learner_keeps_no_other_waiting(run: Run, api: ClassApi) -> None:
    api.put("/api/v1/namespaces/lab-01-toy-s1", {"metadata": {"labels": {"team": "shop"}}})
    made = run()
    assert [pupil for pupil, each in made.items() if each.trouble] == ["s1"]
    assert sum(1 for each in made.values() if each.ends) == 4


def test_a_server_that_is_too_busy_for_one_is_his_trouble_and_the_next_run_goes_on(
    run: Run, api: ClassApi
) -> None:
    api.trouble = lambda method, path: 429 if "s2/" in path and method == "PATCH" else None
    made = run()
    trouble = made["s2"].trouble
    assert trouble
    assert "too busy" in trouble.render("en")
    api.trouble = lambda method, path: None
    assert run()["s2"].trouble is None


def test_account_without_a_token_is_told(run: Run, api: ClassApi) -> None:
    api.trouble = lambda method, path: 403 if path.endswith("/token") else None
    made = run(PUPILS[:1])
    assert isinstance(made["s0"].trouble, ClusterError)


def test_an_interruption_is_gone_on_from_where_it_was(
    run: Run, connection: Connection, lab: Lab, out: Path
) -> None:
    run(PUPILS[:1])
    building = Building(connection, {lab.name: lab}, [lab.name], out, 90)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        building.seat_all(PUPILS, interrupt, 1)
    made = run()
    assert made["s0"].wrote == 0
    assert all(each.ends and not each.trouble for each in made.values())


def test_a_cluster_that_says_no_to_furniture_is_told_before_any_learner_is_made(
    run: Run, api: ClassApi
) -> None:
    body = '{"reason": "Forbidden", "message": "User \\"x\\" cannot create resource"}'
    refusal = ApiException(status=403)
    refusal.body = body
    api.trouble = lambda method, path: refusal if method == "POST" else None
    with pytest.raises(ClusterError) as caught:
        run()
    assert "cluster-admin" in caught.value.todo.en
    assert PROBE not in api.store


def test_labs_of_an_earlier_run_stay_in_the_key(run: Run, api: ClassApi, out: Path) -> None:
    run(PUPILS[:1])
    labels = {"podlab/class": "true", "podlab/learner": "s0", "podlab/lesson": "09-gone"}
    api.put(
        "/api/v1/namespaces/lab-09-gone-s0",
        {"metadata": {"labels": labels | {"podlab/part": "lab"}}},
    )
    made = run(PUPILS[:1])
    assert made["s0"].wrote == 0, "a lesson that the course has no more does no harm"
    assert "lab-01-toy-s0" in (out / "s0" / "kubeconfig").read_text()


def test_a_folder_that_cannot_be_written_is_told_as_such(run: Run, out: Path) -> None:
    out.write_text("a file where the folder should be")
    trouble = run(PUPILS[:1])["s0"].trouble
    assert trouble
    assert str(out) in trouble.render("en")
    assert "API server" not in trouble.render("en")


def test_images_that_are_not_there_harm_no_probe_pod_that_works(
    run: Run, api: ClassApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(PUPILS[:1])
    uid = api.store[PROBE]["metadata"]["uid"]
    monkeypatch.setenv("PODLAB_IMAGES", "nowhere.example/x")
    monkeypatch.setattr(create, "must_be_pulled", refuse)
    with pytest.raises(ClusterError, match="not there"):
        run()
    assert api.store[PROBE]["metadata"]["uid"] == uid


def refuse(*_: object) -> None:
    raise ClusterError(Text.same("not there"), Text.same(""), Text.same(""))


@pytest.mark.parametrize(("failures", "good"), [(0, True), (2, True), (3, False)])
def test_what_a_lab_gives_is_tried_three_times(
    run: Run,
    lab_folder: Path,
    course: Path,
    connection: Connection,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    failures: int,
    good: bool,
) -> None:
    calls: list[str] = []

    def give(space: Workspace, *_: object) -> None:
        calls.append(space.part)
        if calls.count(space.part) <= failures:
            raise Trouble(Text.same("late"), Text.same(""))

    checks = lab_folder / "checks.py"
    checks.write_text(
        checks.read_text()
        + "\n\nfrom checker.catalogue import given\n\n@given\ndef g(bench): pass\n"
    )
    monkeypatch.setattr(create, "give", give)
    monkeypatch.setattr(create, "GIVE_PAUSE", 0.0)
    lab = load_lab("01-toy")
    building = Building(connection, {lab.name: lab}, [lab.name], out, 90)
    made: list[Made] = []
    building.seat_all(PUPILS[:1], lambda _, result: made.append(result), 1)
    assert (made[0].trouble is None) is good
    if good:
        assert set(calls) == {"lab", "demo"}
