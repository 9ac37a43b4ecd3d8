"""Whether images can be pulled here, found out quickly and once for each registry."""

from __future__ import annotations

import re

from checker.environment.engine import Engine
from checker.texts import Text
from checker.trouble import NOT_CHECKED, Trouble

ANSWER_SECONDS = 8.0
PULL_SECONDS = 1800.0
# podman looks at lists of images only; a mirror often holds an image for one architecture.
SINGLE = re.compile(r"treating single images as manifest lists", re.I)
MISSING = re.compile(r"manifest unknown|no such manifest|not found|unauthorized|denied", re.I)


class Registries:
    """Pulls for one run of a command; a registry that did not answer is not asked again."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._silent: set[str] = set()

    def pull(self, image: str) -> bool:
        """Pull `image`; False where its registry does not answer, or does not have it.

        Raises Trouble for a pull that began well and then broke off.
        """
        host = image.split("/")[0]
        if host in self._silent or not self._has(image, host):
            return False
        try:
            self.engine.run("pull", image, timeout=PULL_SECONDS)
        except Trouble as broken:
            raise Trouble(
                Text(f"拉取镜像 {image} 时中断了。", f"Pulling the image {image} broke off."),
                Text(
                    "检查网络后再运行同一条命令；拉到的层会保留。",
                    "Check the network and run the same command again; pulled layers are kept.",
                ),
                broken.detail,
                NOT_CHECKED,
            ) from None
        return True

    def _has(self, image: str, host: str) -> bool:
        # Asking for the manifest costs one small answer; `pull` itself retries for minutes.
        try:
            self.engine.query("manifest", "inspect", image, timeout=ANSWER_SECONDS)
        except Trouble as no:
            if SINGLE.search(no.detail):
                return True
            if not MISSING.search(no.detail):
                self._silent.add(host)
            return False
        return True
