from __future__ import annotations

import threading
from pathlib import Path

import pytest

from checker.environment.cache import kept, key_of, make_once


def write(folder: Path) -> None:
    (folder / "thing").write_text("whole")


def test_a_thing_is_made_once(cache: Path) -> None:
    made = []

    def make(folder: Path) -> None:
        made.append(folder)
        write(folder)

    first = make_once("tools", "hammer", "k1", make)
    assert make_once("tools", "hammer", "k1", make) == first
    assert len(made) == 1
    assert (first / "thing").read_text() == "whole"


def test_another_key_is_another_thing(cache: Path) -> None:
    assert make_once("tools", "hammer", "k1", write) != make_once("tools", "hammer", "k2", write)


def test_a_failed_making_leaves_nothing(cache: Path) -> None:
    def fail(folder: Path) -> None:
        write(folder)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_once("tools", "hammer", "k1", fail)
    assert list((cache / "tools").iterdir()) == []


def test_what_a_killed_run_left_half_written_is_made_anew(cache: Path) -> None:
    place = kept("tools", "hammer", "k1")
    half = place.with_name(place.name + ".partial")
    half.mkdir(parents=True)
    (half / "thing").write_text("ha")
    assert (make_once("tools", "hammer", "k1", write) / "thing").read_text() == "whole"


def test_two_at_once_make_it_once(cache: Path) -> None:
    made = []
    started = threading.Event()

    def make(folder: Path) -> None:
        made.append(folder)
        started.wait(0.2)
        write(folder)

    threads = [
        threading.Thread(target=make_once, args=("tools", "hammer", "k1", make)) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    started.set()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_a_key_follows_content_name_and_execute_bit(tmp_path: Path) -> None:
    file = tmp_path / "recipe" / "run"
    file.parent.mkdir()
    file.write_text("a")
    keys = {key_of(file.parent)}
    file.write_text("b")
    keys.add(key_of(file.parent))
    file.chmod(0o755)
    keys.add(key_of(file.parent))
    file.rename(file.with_name("walk"))
    keys.add(key_of(file.parent))
    keys.add(key_of(file.parent, "v2"))
    assert len(keys) == 5
