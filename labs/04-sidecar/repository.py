"""The repository `site`: commits pushed into it, taken back, and the whole of it taken away.

All is done in the Pod of the Git server that the lab brings along. A commit is taken back by
another commit and not by rewriting the branch: a helper that only ever pulls must stay right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from checker.observe import Bench, CouldNotLook, Pod, Ran, Refusal, Step
from checker.texts import Text

GIT, GIT_SERVER = "git", "git-server"
STARTS = 45.0
# A new version of the page carries the token first: only the beginning of an answer is kept.
MARK = "<!-- podlab {token} -->\n"
OUR_MARK = re.compile(r"\A(<!-- podlab \w+ -->\n)*")
FOLDER = "/srv/git/site.git"
URL = "http://localhost:8080/site.git"
SHOW = ("git", "-C", FOLDER, "show", "main:index.html")
BLOB = ("git", "-C", FOLDER, "rev-parse", "main:index.html")
PUT = ("git-put", URL, "index.html")
RESTORE = f"""
cd {FOLDER} || exit
[ "$(git rev-parse main:index.html)" = "$1" ] ||
    git cat-file blob "$1" | git-put {URL} index.html "Undo what a check pushed"
"""
TAKE_AWAY = "mv /srv/git/site.git /srv/git/site.away"
# A server that was restarted meanwhile has made an empty repository in the old one's place.
BRING_BACK = """
cd /srv/git || exit
[ ! -d site.away ] || { rm -rf site.git; mv site.away site.git; }
"""
PUSH_SECONDS = 20.0

NO_SERVER = Text(
    "实验自带的 Git 服务器没有照办（{why}）。",
    "The Git server that comes with the lab did not do as asked ({why}).",
)
APPLY_IT = Text(
    "再应用一次实验文件夹里的 git.yaml，然后再检查。",
    "Apply git.yaml from the lab's folder once more, then check again.",
)


@dataclass
class Repository:
    """The repository `site`, by way of the Pod that serves it."""

    bench: Bench
    server: Pod
    _pushed: bool = field(default=False, init=False)

    @classmethod
    def of(cls, bench: Bench) -> Repository:
        """The one of this workspace, once its server is Ready.

        The server is given: one that does not come up is not the learner's doing.
        """
        try:
            return cls(bench, bench.pod_of_service(GIT, STARTS))
        except Refusal as no:
            if no.message_id != "not-ready":
                raise
            raise CouldNotLook(NO_SERVER.format(why=no.params["detail"]), APPLY_IT) from no

    def page(self) -> str:
        """The newest version of the page."""
        return self._must(self.bench.exec(self.server, SHOW, GIT_SERVER)).stdout

    def push(self) -> str:
        """Commit a version that carries a fresh token; returns the token.

        The first version that a check replaces is what its end brings back.
        """
        bench, token = self.bench, self.bench.token()
        page = OUR_MARK.sub("", self.page())
        if not self._pushed:
            blob = self._must(bench.exec(self.server, BLOB, GIT_SERVER)).stdout.strip()
            self._later("sh", "-c", RESTORE, "sh", blob)
            self._pushed = True
        content = (MARK.format(token=token) + page).encode()
        words = (*PUT, f"Check {token}")
        self._must(bench.exec(self.server, words, GIT_SERVER, content, PUSH_SECONDS))
        return token

    def take_away(self) -> None:
        """From now on the server says that there is no such repository."""
        self._later("sh", "-c", BRING_BACK)
        self._must(self.bench.exec(self.server, ("sh", "-c", TAKE_AWAY), GIT_SERVER))

    def bring_back(self) -> None:
        """As if it had never been away."""
        self._must(self.bench.exec(self.server, ("sh", "-c", BRING_BACK), GIT_SERVER))

    def _later(self, *argv: str) -> None:
        self.bench.later(Step.exec(self.server.name, argv, GIT_SERVER, self.server.uid))

    def _must(self, ran: Ran) -> Ran:
        if not ran.ok:
            why = ran.stderr.strip()[:200] or f"{ran.end}, exit code {ran.code}"
            raise CouldNotLook(NO_SERVER.format(why=why), APPLY_IT)
        return ran
