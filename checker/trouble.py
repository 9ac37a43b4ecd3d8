"""An error that a person meets: what happened, and the one thing to do. In both languages."""

from __future__ import annotations

from checker.texts import Lang, Text

NOT_SO = 1
USAGE = 2
NOT_CHECKED = 3


class Trouble(Exception):
    """Something the reader can fix. The command line prints it and ends with `code`.

    `what` says what happened (and what was expected), `todo` what to do next, `detail` holds the
    last words of the tool that failed, shown as they are.
    """

    def __init__(self, what: Text, todo: Text, detail: str = "", code: int = NOT_SO) -> None:
        super().__init__(what.en + (f"\n{detail}" if detail else ""))
        self.what = what
        self.todo = todo
        self.detail = detail
        self.code = code

    def render(self, lang: Lang) -> str:
        """The whole message in `lang`, as plain lines."""
        lines = [self.what.pick(lang)]
        if self.detail:
            lines += [f"  {line}" for line in self.detail.strip().splitlines()]
        return "\n".join([*lines, "→ " + self.todo.pick(lang)])


def refused(error: OSError) -> Trouble:
    """The operating system refused something: a full disk, a folder of somebody else's."""
    return Trouble(
        Text(f"系统拒绝了：{error}", f"The system refused: {error}"),
        Text(
            "磁盘满了吗？文件夹是别的用户的吗？podlab doctor 会检查这两样。",
            "Is the disk full, or the folder another user's? podlab doctor looks at both.",
        ),
        code=NOT_CHECKED,
    )
