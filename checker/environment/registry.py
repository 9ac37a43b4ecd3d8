"""Whether images can be pulled here, found out quickly and once for each registry."""

from __future__ import annotations

from checker.environment.engine import Engine
from checker.environment.run import succeeds
from checker.texts import Text
from checker.trouble import NOT_CHECKED, Trouble

ANSWER_SECONDS = 8.0
PULL_SECONDS = 1800.0


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
        if host in self._silent:
            return False
        if not self._has(image):
            # podman and docker say the same for "no answer" and "no such image": ask again for
            # another image only if this one was missing from a registry that is there.
            self._silent.add(host)
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

    def _has(self, image: str) -> bool:
        # Asking for the manifest costs one small answer; `pull` itself retries for minutes.
        return succeeds(
            [self.engine.name, "manifest", "inspect", image],
            env=self.engine.environ,
            timeout=ANSWER_SECONDS,
        )
