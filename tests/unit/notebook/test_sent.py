"""Which files a script will send is read from its text, or left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.notebook.sent import files_sent

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.yaml", "b.yml", "with blank.yaml", "words.txt"):
        (tmp_path / name).write_text(POD)
    return tmp_path


def sent(script: str, folder: Path) -> list[str]:
    return [file.name for file in files_sent(script, {"WORK": str(folder)}, folder)]


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ("kubectl apply -f a.yaml", ["a.yaml"]),
        ("kubectl apply -fa.yaml", ["a.yaml"]),
        ("kubectl apply --filename=a.yaml", ["a.yaml"]),
        (
            "kubectl --request-timeout=5s apply --server-side -f a.yaml -f b.yml",
            ["a.yaml", "b.yml"],
        ),
        ("kubectl create -f a.yaml,b.yml", ["a.yaml", "b.yml"]),
        ("kubectl replace --force -f ./a.yaml", ["a.yaml"]),
        ('kubectl apply -f "$WORK/with blank.yaml"', ["with blank.yaml"]),
        ("kubectl apply -f ${WORK}/a.yaml # and not b.yml", ["a.yaml"]),
        ("kubectl apply -f $WORK", ["a.yaml", "b.yml", "with blank.yaml"]),
        ("kubectl apply -f '*.yaml'", ["a.yaml", "with blank.yaml"]),
        ("kubectl delete pod a; kubectl apply \\\n  -f a.yaml && kubectl get pods", ["a.yaml"]),
        ("kubectl apply -f a.yaml > /dev/null 2>&1", ["a.yaml"]),
        ("kubectl delete -f a.yaml", []),
        ("kubectl get -f a.yaml", []),
        ("kubectl apply -f absent.yaml", []),
        ("kubectl apply -f -", []),
        ("kubectl apply -f https://example.com/a.yaml", []),
        ("for f in a b; do kubectl apply -f $f.yaml; done", []),
        ("cat > a.yaml << END\nx\nEND\nkubectl apply -f a.yaml", []),
        ("sed -i s/x/y/ a.yaml; kubectl apply -f a.yaml", []),
        ("kubectl apply -f 'a.yaml", []),
        ("echo hello", []),
    ],
)
def test_files_are_found_as_kubectl_will_find_them(
    script: str, names: list[str], folder: Path
) -> None:
    assert sent(script, folder) == names
