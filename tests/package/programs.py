"""How the tests of the package run programs: uv in the checkout, what is installed far from it."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEARNER = "wheel"
PATIENCE = 280
KEPT = ("PODLAB_CACHE", "PODLAB_CLUSTER", "PODLAB_ENGINE")


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel in it, and how its programs are run."""

    folder: Path

    def run(
        self, program: str, *words: str, cwd: Path, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment as a learner would, in English unless told otherwise."""
        own = {
            key: value
            for key, value in os.environ.items()
            if key in KEPT or not key.startswith(("PODLAB_", "PYTEST_", "PYTHON", "VIRTUAL_"))
        }
        path = [place for place in own["PATH"].split(os.pathsep) if not place.startswith(str(ROOT))]
        own |= {"PATH": os.pathsep.join(path), "PODLAB_LANG": "en", "PODLAB_LEARNER": LEARNER}
        return subprocess.run(
            [self.folder / "bin" / program, *words],
            cwd=cwd,
            env=own | environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    def podlab(self, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        return self.run("podlab", *words, cwd=cwd)


def uv(*words: str) -> str:
    """Run uv, from the PATH or where `make` puts it; what it prints."""
    program = shutil.which("uv") or ROOT / ".podlab" / "uv" / "bin" / "uv"
    done = subprocess.run(
        [program, *words], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
