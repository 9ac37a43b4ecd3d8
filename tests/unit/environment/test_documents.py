"""Versions, packages and commands are said in several places; here they are held together."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

from checker.environment.recipes import read_recipes
from checker.environment.versions import read_versions

ROOT = Path(__file__).resolve().parents[3]
CONDA_NAMES = {"kubernetes": "python-kubernetes"}
ONLY_CONDA = {"python", "pip", "kubernetes-client", "kubernetes-kind"}


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def conda() -> dict[str, str]:
    lines = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    split = [re.fullmatch(r"([\w-]+)(.*)", line) for line in lines if isinstance(line, str)]
    return {found[1]: found[2] for found in split if found}


def test_conda_gets_the_same_packages_as_pip() -> None:
    wanted = {}
    for line in project()["dependencies"]:
        name, bound = re.fullmatch(r"([\w-]+)(.*)", line).groups()
        wanted[CONDA_NAMES.get(name, name)] = bound
    assert wanted
    assert {k: v for k, v in conda().items() if k not in ONLY_CONDA} == wanted


def test_conda_gets_the_tools_by_their_right_names() -> None:
    assert set(conda()) >= ONLY_CONDA
    assert not {"kubernetes", "kind"} & set(conda())
    assert conda()["kubernetes-kind"] == "=" + read_versions().kind.removeprefix("v")
    assert conda()["python"] == project()["requires-python"]


def test_go_modules_ask_for_the_versions_in_the_one_file() -> None:
    versions = read_versions()
    wanted = {
        "node/go/kind": f"sigs.k8s.io/kind {versions.kind}",
        "node/go/kubernetes": f"k8s.io/kubernetes {versions.kubernetes}",
        "node/go/etcd": f"go.etcd.io/etcd/server/v3 {versions.etcd}",
        "node/go/coredns": f"github.com/coredns/coredns {versions.coredns}",
        "node/go/local-path-provisioner": (
            f"github.com/rancher/local-path-provisioner {versions.local_path_provisioner}"
        ),
        "registry/go": f"github.com/distribution/distribution/v3 {versions.registry}",
    }
    for folder, line in wanted.items():
        assert line in (ROOT / "images" / folder / "go.mod").read_text(), folder


def test_every_go_module_has_its_checksums() -> None:
    modules = [file.parent for file in (ROOT / "images").rglob("go.mod")]
    assert len(modules) >= 7
    without = {module.name for module in modules if not (module / "go.sum").exists()}
    assert without == {"pause"}, "only pause uses nothing but the standard library"


def test_every_recipe_names_an_image_with_a_tag() -> None:
    recipes = read_recipes()
    assert {recipe.name for recipe in recipes} >= {"redis", "nginx", "busybox", "registry"}
    for recipe in recipes:
        assert re.fullmatch(r"docker\.io/[a-z]+/[a-z-]+:[\d.]+", recipe.image), recipe.image


def test_the_readmes_name_the_same_commands() -> None:
    blocks = [
        re.findall(r"^```sh\n(.*?)^```", (ROOT / name).read_text(), re.S | re.M)
        for name in ("README.md", "README.zh.md")
    ]
    assert blocks[0]
    assert blocks[0] == blocks[1]


def test_every_command_in_the_readme_exists() -> None:
    text = (ROOT / "README.md").read_text()
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"\bmake ([a-z]+)", text)):
        assert re.search(rf"^{target}:", makefile, re.M), target
