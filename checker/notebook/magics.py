"""`%shell`, `%%shell`, `%manifest` and `%%manifest`: what IPython calls, and nothing else.

IPython would put Python values into `$name` and `{name}`; in a shell line these are bash's and
kubectl's, so the line magic asks to be left alone.
"""

from __future__ import annotations

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import no_var_expand

from checker.cluster import Part
from checker.notebook.manifest import TEAM, apply_file, apply_manifest, look_at_sent, manifest_name
from checker.notebook.options import Options, read_options
from checker.notebook.plain import UsageError, plainly
from checker.notebook.session import Session
from checker.notebook.shell import run_shell
from checker.texts import Text

PLACES = ("fails", "lab", "team")


class CourseMagics:
    """The course's magics, on one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def register(self, shell: InteractiveShell) -> None:
        """Give the magics to IPython."""
        give = shell.magics_manager.register_function
        give(no_var_expand(plainly(self.shell_line)), magic_kind="line", magic_name="shell")
        give(no_var_expand(plainly(self.shell_cell)), magic_kind="cell", magic_name="shell")
        give(no_var_expand(plainly(self.manifest)), magic_kind="cell", magic_name="manifest")
        give(no_var_expand(plainly(self.manifest_file)), magic_kind="line", magic_name="manifest")

    def shell_line(self, line: str) -> None:
        """%shell [--timeout SECONDS] [--fails] [--lab | --team] COMMAND: run one line of bash."""
        options = read_options("%shell", line, PLACES)
        self._run(options.rest, options)

    def shell_cell(self, line: str, cell: str) -> None:
        """%%shell [--timeout SECONDS] [--fails] [--lab | --team]: run the cell as one script."""
        options = read_options("%%shell", line, PLACES)
        if options.rest:
            raise UsageError(
                Text(
                    "%%shell 这一行只能写选项。",
                    "The line of %%shell holds options and nothing else.",
                ),
                Text("把命令写在下面的行里。", "Write the commands on the lines below it."),
            )
        self._run(cell, options)

    def manifest(self, line: str, cell: str) -> None:
        """%%manifest NAME.yaml [--demo] [--fails] [--timeout SECONDS]: write and apply the cell.

        `team/NAME.yaml` goes to the lab's second namespace.
        """
        name, options, part = _what_manifest("%%manifest", line)
        place, env = self._session.place(part), self._session.environment(part)
        apply_manifest(name, cell, place, options, env)

    def manifest_file(self, line: str) -> None:
        """%manifest NAME.yaml [--demo] [--fails] [--timeout SECONDS]: apply the file as it stands.

        For files that were changed in the editor.
        """
        name, options, part = _what_manifest("%manifest", line)
        apply_file(name, self._session.place(part), options, self._session.environment(part))

    def _run(self, script: str, options: Options) -> None:
        if not script.strip():
            raise UsageError(
                Text("没有要运行的命令。", "There is no command to run."),
                Text.same("%shell kubectl get pods"),
            )
        place, env = self._session.place(options.part), self._session.environment(options.part)
        if not options.fails:
            look_at_sent(script, place, env)
        run_shell(script, options, env)


def _what_manifest(magic: str, line: str) -> tuple[str, Options, Part]:
    """Name of the file, options, and the workspace that is meant."""
    name, _, rest = line.strip().partition(" ")
    if name.startswith("--"):
        name, rest = "", line
    options = read_options(magic, rest, ["demo", "fails"])
    name = manifest_name(" ".join(word for word in (name, options.rest) if word))
    if name.startswith(TEAM):
        return name.removeprefix(TEAM), options, "team"
    return name, options, "demo" if "demo" in options.flags else "lab"
