"""What the last words of a failed program mean for the person who reads them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from checker.texts import Text
from checker.trouble import NOT_CHECKED, Trouble

TAIL_CHARACTERS = 1500

NO_SPACE = re.compile(r"no space left on device|disk quota exceeded", re.I)
NO_NETWORK = re.compile(
    r"could not resolve|no such host|temporary failure (in name resolution|resolving)"
    r"|network is unreachable|connection (refused|reset|timed out)|i/o timeout"
    r"|tls handshake timeout|failed to fetch|unexpected eof|could not connect",
    re.I,
)
NOT_ALLOWED = re.compile(r"permission denied|operation not permitted|are you root", re.I)
PORT_TAKEN = re.compile(r"address already in use|port is already allocated", re.I)

CAUSES: tuple[tuple[re.Pattern[str], Text, Text], ...] = (
    (
        NO_SPACE,
        Text("磁盘满了。", "The disk is full."),
        Text(
            "腾出空间后再运行同一条命令，它会接着做；"
            "podlab purge 会删除 podlab 放在这台机器上的一切。",
            "Free some space and run the same command again, it goes on where it stopped. "
            "podlab purge removes all that podlab ever put on this machine.",
        ),
    ),
    (
        PORT_TAKEN,
        Text("端口已被别的程序占用。", "Another program uses the port."),
        Text("停掉那个程序，然后再试一次。", "Stop that program, then try once more."),
    ),
    (
        NO_NETWORK,
        Text("网络不通，或者下载中断了。", "The network is down, or a download broke off."),
        Text(
            "检查网络后再运行同一条命令；已经做好的部分会保留。",
            "Check the network and run the same command again: what is finished is kept.",
        ),
    ),
    (
        NOT_ALLOWED,
        Text("权限不够。", "This user is not allowed to do that."),
        Text(
            "用 root 运行，或者让管理员安装 docker 并把你加入 docker 组。",
            "Run it as root, or ask for docker and for your user to be in the group docker.",
        ),
    ),
)


def explain(argv: Sequence[str], output: str) -> Trouble:
    """The Trouble for a program that failed with `output`."""
    tail = output.strip()[-TAIL_CHARACTERS:]
    command = shlex.join(argv[:4]) + (" …" if len(argv) > 4 else "")
    for pattern, what, todo in CAUSES:
        if pattern.search(tail):
            return Trouble(
                Text(f"{what.zh}（命令：{command}）", f"{what.en} (Command: {command})"),
                todo,
                tail,
                NOT_CHECKED,
            )
    return Trouble(
        Text(f"命令失败了：{command}", f"This command failed: {command}"),
        Text(
            "运行 podlab doctor 看看缺什么；修好后再运行同一条命令。",
            "Run podlab doctor to see what is missing, fix it and run the same command again.",
        ),
        tail,
        NOT_CHECKED,
    )
