"""A manifest is looked at, written and applied; whatever stops it is said in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.notebook.magics import CourseMagics
from checker.notebook.plain import CommandError, ManifestError, NotReadyError, UsageError
from checker.notebook.session import Place, Session

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n"


@pytest.fixture
def magics(session: Session) -> CourseMagics:
    return CourseMagics(session)


@pytest.fixture
def lab(root: Path) -> Path:
    return root / "work" / "01-toy" / "lab"


def test_a_manifest_is_written_and_applied_in_the_lab(magics, kubectl, lab, root, capsys) -> None:
    kubectl.answers(0, "pod/a created\n")
    magics.manifest("a.yaml", POD)
    assert (lab / "a.yaml").read_text() == POD
    assert kubectl.asked == [f"{root}/lab.kubeconfig apply -f {lab}/a.yaml"]
    assert capsys.readouterr().out == "pod/a created\n"


@pytest.mark.parametrize("line", ["a.yaml --demo", "--demo a.yaml", " --timeout 5 --demo a.yaml"])
def test_with_demo_it_goes_to_the_demo(magics, kubectl, root, lab, line: str) -> None:
    magics.manifest(line, POD)
    assert kubectl.asked == [f"{root}/demo.kubeconfig apply -f {lab.parent}/demo/a.yaml"]


def test_broken_yaml_is_neither_written_nor_sent(magics, kubectl, lab) -> None:
    with pytest.raises(ManifestError, match=r"Line 4, column 8(?s:.*)Nothing was written"):
        magics.manifest("a.yaml", POD.replace("name: a", "name:a"))
    assert kubectl.asked == []
    assert list(lab.iterdir()) == []


def test_a_manifest_for_another_namespace_is_explained_and_not_sent(magics, kubectl, lab) -> None:
    with pytest.raises(ManifestError, match=r"Line 5(?s:.*)default(?s:.*)lab-01-toy"):
        magics.manifest("a.yaml", POD + "  namespace: default\n")
    assert kubectl.asked == []
    assert list(lab.iterdir()) == []


def test_a_manifest_that_names_its_own_namespace_is_fine(magics, kubectl) -> None:
    magics.manifest("a.yaml", POD + "  namespace: lab-01-toy\n")
    assert len(kubectl.asked) == 1


def test_a_different_text_that_was_there_is_kept_beside_it(magics, kubectl, lab) -> None:
    (lab / "a.yaml").write_text("# mine\n")
    magics.manifest("a.yaml", POD)
    assert (lab / ".earlier" / "a.yaml").read_text() == "# mine\n"
    magics.manifest("a.yaml", POD)
    assert (lab / ".earlier" / "a.yaml").read_text() == "# mine\n"


def test_no_text_of_the_learners_is_ever_lost_and_he_is_told_where_it_is(
    magics, kubectl, lab, capsys
) -> None:
    (lab / "a.yaml").write_text("# an hour of work\n")
    magics.manifest("a.yaml", POD)
    assert f"kept in {lab}/.earlier/a.yaml" in capsys.readouterr().out
    (lab / "a.yaml").write_text("# another hour\n")
    magics.manifest("a.yaml", POD)
    kept = {file.name: file.read_text() for file in (lab / ".earlier").iterdir()}
    assert kept == {"a.yaml": "# an hour of work\n", "a-2.yaml": "# another hour\n"}


def test_what_cells_wrote_themselves_needs_no_copy(magics, kubectl, lab) -> None:
    magics.manifest("a.yaml", POD)
    magics.manifest("a.yaml", POD + "  # edited in the cell\n")
    assert not (lab / ".earlier").exists()


def test_a_manifest_of_the_team_goes_to_the_second_namespace(
    magics, kubectl, root, session
) -> None:
    session.places["team"] = Place("team-01-toy", root / "team", root / "team.kubeconfig")
    magics.manifest("team/limits.yaml", POD + "  namespace: team-01-toy\n")
    assert kubectl.asked == [f"{root}/team.kubeconfig apply -f {root}/team/limits.yaml"]


def test_a_lab_without_a_second_namespace_says_so(magics, kubectl) -> None:
    with pytest.raises(NotReadyError, match="no second namespace"):
        magics.manifest("team/limits.yaml", POD)
    with pytest.raises(NotReadyError, match="no second namespace"):
        magics.shell_line("--team kubectl get pods")
    assert kubectl.asked == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a",
        "a.txt",
        "../a.yaml",
        "/tmp/a.yaml",
        "a b.yaml",
        "a.yaml b.yaml",
        ".yaml",
        "team/",
        "other/a.yaml",
    ],
)
def test_a_name_that_is_no_manifests_name_is_refused(magics, kubectl, name: str) -> None:
    with pytest.raises(UsageError, match=r"redis\.yaml"):
        magics.manifest(name, POD)
    assert kubectl.asked == []


REFUSALS = [
    (
        'Error from server (BadRequest): error when creating "a.yaml": Pod in version "v1" cannot '
        'be handled as a Pod: strict decoding error: unknown field "spec.container"',
        "no field `spec.container`",
    ),
    (
        'error: resource mapping not found for name: "a" namespace: "" from "a.yaml": no '
        'matches for kind "Deployment" in version "v1"\nensure CRDs are installed first',
        "no `Deployment` in `v1`",
    ),
    (
        'Error from server (BadRequest): error when creating "a.yaml": Pod in version "v1" cannot '
        "be handled as a Pod: json: cannot unmarshal number into Go struct field EnvVar.spec."
        "containers.env.value of type string",
        "`spec.containers.env.value` is of the wrong type. Text is needed",
    ),
    (
        'The Deployment "a" is invalid: spec.template.metadata.labels: Invalid value: '
        '{"app":"b"}: `selector` does not match template `labels`',
        "labels in selector",
    ),
    (
        'The Pod "a" is invalid: spec.containers[0].image: Required value',
        "`spec.containers[0].image` must be there",
    ),
    (
        'The Pod "A" is invalid: metadata.name: Invalid value: "A": a lowercase RFC 1123 subdomain '
        "must consist of lower case alphanumeric characters",
        "small letters",
    ),
    (
        'The Deployment "a" is invalid: spec.selector: Invalid value: {}: field is immutable',
        "delete the object",
    ),
    (
        'Error from server (Forbidden): error when creating "a.yaml": pods "a" is forbidden: '
        "exceeded quota: course, requested: pods=1, used: pods=20, limited: pods=20",
        "too many objects",
    ),
    (
        'Error from server (Forbidden): error when creating "a.yaml": pods "a" is forbidden: '
        'violates PodSecurity "baseline:latest": hostPath volumes',
        "baseline",
    ),
    (
        'Error from server (BadRequest): error when creating "a.yaml": Pod in version "v1" cannot '
        "be handled as a Pod: json: cannot unmarshal string into Go struct field ContainerPort."
        "spec.containers.ports.containerPort of type int32",
        "A number is needed",
    ),
    (
        'Error from server (BadRequest): error when creating "a.yaml": Pod in version "v1" cannot '
        "be handled as a Pod: json: cannot unmarshal object into Go struct field PodSpec.spec."
        "containers of type []v1.Container",
        "A list is needed",
    ),
    (
        'Error from server (BadRequest): error when creating "a.yaml": Pod in version "v1" cannot '
        "be handled as a Pod: json: cannot unmarshal array into Go struct field PodSpec.spec."
        "securityContext of type v1.PodSecurityContext",
        "A `key: value` is needed",
    ),
    (
        'Error from server (BadRequest): error when creating "a.yaml": Pod in version "v1" cannot '
        "be handled as a Pod: json: cannot unmarshal string into Go struct field PodSpec.spec."
        "hostNetwork of type bool",
        "true or false",
    ),
    ("Something nobody has thought of", "Fix the manifest as this line says"),
]


@pytest.mark.parametrize(("words", "todo"), REFUSALS)
def test_a_refusal_keeps_the_servers_first_line_and_says_what_to_do(
    magics, kubectl, words: str, todo: str
) -> None:
    kubectl.answers(1, "Warning: something else\n" + words + "\n")
    with pytest.raises(ManifestError) as caught:
        magics.manifest("a.yaml", POD)
    shown = str(caught.value)
    assert words.splitlines()[0] in shown
    assert todo in shown
    assert "Warning" not in shown


def test_what_was_accepted_beside_a_refusal_is_shown(magics, kubectl, capsys) -> None:
    kubectl.answers(1, 'service/b created\nThe Pod "a" is invalid: spec: Required value\n')
    with pytest.raises(ManifestError):
        magics.manifest("a.yaml", POD)
    assert capsys.readouterr().out == "service/b created\n"


def test_a_planned_refusal_is_shown_and_called_planned(magics, kubectl, capsys) -> None:
    kubectl.answers(1, "Error from server (Forbidden): no\n")
    magics.manifest("a.yaml --fails", POD)
    said = capsys.readouterr().out
    assert "Error from server (Forbidden): no\n" in said
    assert "As planned" in said


def test_a_planned_refusal_that_was_accepted_raises(magics, kubectl) -> None:
    with pytest.raises(CommandError, match="it succeeded"):
        magics.manifest("a.yaml --fails", POD)


PATCH = 'The request is invalid: patch: Invalid value: "map[metadata:map[a:b] spec:map[]]": {why}\n'


@pytest.mark.parametrize(
    ("why", "todo"),
    [
        ("unrecognized type: int32", "A number is needed"),
        ("unrecognized type: string", "Text is needed"),
        ("cannot convert int64 to string", "Text is needed"),
        ("cannot restore slice from map", "A list is needed"),
        ('strict decoding error: unknown field "spec.containers[0].imagee"', "no field `spec."),
    ],
)
def test_a_refusal_of_a_change_is_put_into_words_without_its_dump(
    magics, kubectl, why: str, todo: str
) -> None:
    kubectl.answers(1, PATCH.format(why=why))
    with pytest.raises(ManifestError) as caught:
        magics.manifest("a.yaml", POD)
    assert todo in str(caught.value)
    assert f"Invalid value: …: {why}" in str(caught.value)


def test_a_reason_that_stands_lines_below_its_beginning_is_found(magics, kubectl) -> None:
    kubectl.answers(
        1,
        "error: error when retrieving current configuration of:\nResource: pods\n"
        'from server for: "a.yaml": i/o timeout\n',
    )
    with pytest.raises(ManifestError, match=r"configuration of: i/o timeout(?s:.*)podlab status"):
        magics.manifest("a.yaml", POD)


def test_of_several_reasons_the_first_decides_what_to_do(magics, kubectl) -> None:
    kubectl.answers(
        1,
        'The Pod "a" is invalid: \n* spec.containers[0].image: Required value\n'
        "* spec: Forbidden: pod updates may not change fields\n",
    )
    with pytest.raises(ManifestError, match=r"`spec.containers\[0\].image` must be there"):
        magics.manifest("a.yaml", POD)


CONTAINER = POD + "spec:\n  containers:\n  - name: c\n    imagee: redis:8\n"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ('error: unknown field "spec.containers[0].imagee"', "   8 |     imagee: redis:8"),
        ('The Pod "a" is invalid: spec.containers[0].image: Required value', "   7 |   - name: c"),
        ("error: cannot unmarshal string into Go struct field A.spec.containers.name of type x",
         "   7 |   - name: c"),
    ],
)  # fmt: skip
def test_the_line_that_a_refusal_means_is_shown(magics, kubectl, words: str, line: str) -> None:
    kubectl.answers(1, words + "\n")
    with pytest.raises(ManifestError) as caught:
        magics.manifest("a.yaml", CONTAINER)
    assert f"  {line}" in str(caught.value).splitlines()


def test_of_two_objects_the_one_that_the_server_names_is_shown(magics, kubectl) -> None:
    second = CONTAINER.replace("name: a", "name: b")
    kubectl.answers(1, 'The Pod "b" is invalid: spec.containers[0].name: Invalid value\n')
    with pytest.raises(ManifestError, match="Line 16"):
        magics.manifest("a.yaml", CONTAINER + "---\n" + second)


def test_a_field_that_stands_nowhere_gets_no_line(magics, kubectl) -> None:
    kubectl.answers(1, 'The Pod "a" is invalid: status.x.y: Invalid value\n')
    with pytest.raises(ManifestError) as caught:
        magics.manifest("a.yaml", CONTAINER)
    assert "Line" not in str(caught.value)


def test_a_file_from_the_editor_is_applied_as_it_stands(magics, kubectl, lab, root) -> None:
    (lab / "a.yaml").write_text(POD)
    magics.manifest_file("a.yaml")
    assert kubectl.asked == [f"{root}/lab.kubeconfig apply -f {lab}/a.yaml"]
    assert (lab / "a.yaml").read_text() == POD


def test_a_broken_file_is_not_sent_and_stays(magics, kubectl, lab) -> None:
    (lab / "a.yaml").write_text("kind:Pod\n")
    with pytest.raises(ManifestError, match=r"Line 1(?s:.*)Nothing was sent\."):
        magics.manifest_file("a.yaml")
    assert kubectl.asked == []


def test_a_file_that_is_no_text_is_not_sent(magics, kubectl, lab) -> None:
    (lab / "a.yaml").write_bytes(POD.encode("utf-16"))
    with pytest.raises(ManifestError, match="UTF-8"):
        magics.manifest_file("a.yaml")
    assert kubectl.asked == []


def test_a_file_that_is_not_there_is_named_with_those_that_are(magics, kubectl, lab) -> None:
    (lab / "b.yaml").write_text(POD)
    with pytest.raises(UsageError, match=r"no file (?s:.*)a\.yaml(?s:.*)b\.yaml"):
        magics.manifest_file("a.yaml")


@pytest.mark.parametrize("line", ["--lab kubectl apply -f {file}", "--lab kubectl apply -f $WORK"])
def test_a_shell_line_sends_no_broken_manifest(magics, kubectl, lab, line: str) -> None:
    (lab / "a.yaml").write_text(POD.replace("name: a", "name:a"))
    with pytest.raises(
        ManifestError, match=r"01-toy/lab/a\.yaml\n(?s:.*)Line 4, column 8"
    ) as error:
        magics.shell_line(line.format(file="work/01-toy/lab/a.yaml"))
    assert "Nothing was sent." in str(error.value)
    assert kubectl.asked == []


def test_a_shell_line_sends_nothing_to_another_namespace(magics, kubectl, lab) -> None:
    (lab / "a.yaml").write_text(POD + "  namespace: default\n")
    with pytest.raises(ManifestError, match="your namespace is lab-01-toy"):
        magics.shell_line('--lab kubectl apply -f "$WORK/a.yaml"')
    assert kubectl.asked == []


def test_a_sound_manifest_goes_through_and_the_courses_own_may_name_a_namespace(
    magics, kubectl, root
) -> None:
    file = root / "manifests" / "a.yaml"
    file.parent.mkdir()
    file.write_text(POD + "  namespace: podlab-registry\n")
    magics.shell_line("kubectl apply -f manifests/a.yaml")
    assert len(kubectl.asked) == 1


def test_a_failure_that_is_planned_is_kubectls_to_tell(magics, kubectl, lab) -> None:
    (lab / "a.yaml").write_text("kind:Pod\n")
    kubectl.answers(1, "error: no\n")
    magics.shell_line("--fails --lab kubectl apply -f $WORK/a.yaml")
    assert len(kubectl.asked) == 1
