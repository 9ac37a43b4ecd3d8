"""A browser test that fails leaves a picture and a trace to look at; one that passes, nothing."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.browser.conftest import FAILURES, ROOT

TOYS = """
def test_toy_that_passes(page):
    page.set_content("good")

def test_toy_that_fails(page):
    page.set_content("bad")
    assert page.locator("p").count() == 1
"""


def test_a_failure_keeps_a_picture_and_a_trace(tmp_path: Path) -> None:
    file = tmp_path / "test_toys.py"
    file.write_text(TOYS)
    FAILURES.mkdir(parents=True, exist_ok=True)
    earlier = FAILURES / "test_toy_that_passes.png"
    earlier.touch()
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "tests.browser.conftest"]
    done = subprocess.run(
        [*argv, "-p", "no:cacheprovider", f"--rootdir={tmp_path}", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    kept = {each.name: each for each in FAILURES.glob("test_toy_*")}
    try:
        assert "1 failed, 1 passed" in done.stdout
        assert kept.keys() == {"test_toy_that_fails.png", "test_toy_that_fails.zip"}
        with zipfile.ZipFile(kept["test_toy_that_fails.zip"]) as trace:
            assert "trace.trace" in trace.namelist()
    finally:
        for each in kept.values():
            each.unlink()
