"""A kernel as JupyterLab starts one for a lesson's notebook, driven over its own protocol."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

START_SECONDS = 120
CELL_SECONDS = 240
LOOK_SECONDS = 0.2


class Cell:
    """A cell that runs or has run: what it showed, and the error it ended with."""

    def __init__(self, client: BlockingKernelClient, code: str) -> None:
        self._client = client
        self._id = client.execute(code)
        self._ended = False
        self._shown: dict[str, str] = {}
        self.printed: dict[str, str] = {"stdout": "", "stderr": ""}
        self.error = ""

    @property
    def shown(self) -> list[str]:
        """The displays that stand below the cell now, as text."""
        return list(self._shown.values())

    @property
    def text(self) -> str:
        """All that can be read below the cell."""
        return "\n".join([*self.printed.values(), *self.shown, self.error])

    def wait_for(self, words: str, seconds: float = CELL_SECONDS) -> Cell:
        """Return when these words can be read. Fails when the cell ends without them."""
        ends = time.monotonic() + seconds
        while words not in self.text:
            assert not self._ended, f"ended without {words!r}:\n{self.text}"
            assert time.monotonic() < ends, f"no {words!r} in {seconds} s:\n{self.text}"
            self._hear()
        return self

    def end(self, seconds: float = CELL_SECONDS) -> Cell:
        """Return when the cell has ended."""
        ends = time.monotonic() + seconds
        while not self._ended:
            assert time.monotonic() < ends, f"still running after {seconds} s:\n{self.text}"
            self._hear()
        return self

    def _hear(self) -> None:
        try:
            message = self._client.get_iopub_msg(timeout=LOOK_SECONDS)
        except Empty:
            assert self._client.is_alive(), f"the kernel died:\n{self.text}"
            return
        if message["parent_header"].get("msg_id") == self._id:
            self._take(message["msg_type"], message["content"])

    def _take(self, kind: str, content: dict[str, Any]) -> None:
        if kind == "stream":
            self.printed[content["name"]] += content["text"]
        elif kind in ("display_data", "update_display_data", "execute_result"):
            place = content.get("transient", {}).get("display_id") or str(len(self._shown))
            self._shown[place] = content["data"].get("text/plain", "")
        elif kind == "error":
            self.error = "\n".join(content["traceback"])
        elif kind == "status":
            self._ended = content["execution_state"] == "idle"


class Kernel:
    """One kernel, and all that a person does to it."""

    def __init__(self, manager: KernelManager) -> None:
        self._manager = manager
        self._client: BlockingKernelClient = manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=START_SECONDS)

    def start(self, code: str) -> Cell:
        """Begin to run a cell."""
        return Cell(self._client, code)

    def run(self, code: str, seconds: float = CELL_SECONDS) -> Cell:
        """Run a cell to its end, which must be no error."""
        cell = self.start(code).end(seconds)
        assert not cell.error, cell.text
        return cell

    def interrupt(self) -> None:
        """The button with the square."""
        self._manager.interrupt_kernel()

    def restart(self) -> None:
        """The button with the arrow."""
        self._manager.restart_kernel()
        self._client.wait_for_ready(timeout=START_SECONDS)

    def close(self) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel()


@contextmanager
def kernel(folder: str, environ: dict[str, str]) -> Iterator[Kernel]:
    """A kernel that works in `folder`; ended at the end."""
    manager = KernelManager(kernel_name="python3", transport_encryption="auto")
    manager.start_kernel(cwd=folder, env=environ)
    started = Kernel(manager)
    try:
        yield started
    finally:
        started.close()
