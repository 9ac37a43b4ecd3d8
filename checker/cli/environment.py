"""The commands that make, show and remove the cluster."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from checker.cli.asking import confirm
from checker.cli.options import Yes
from checker.cli.screen import Screen, say
from checker.environment import purge as purging
from checker.environment import up as bringing
from checker.environment.doctor import Finding, examine
from checker.environment.status import Status, read_status
from checker.texts import Lang, Text, language
from checker.trouble import NOT_SO

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program. 输出 JSON。")]
SIGNS = {"good": "[green]✓[/green]", "bad": "[red]✗[/red]", "note": "[yellow]•[/yellow]"}


def up() -> None:
    """Make the cluster, or start it, or find it running. 建立或启动集群。

    Example: podlab up
    """
    lang = language()
    ready = bringing.up(Screen(lang))
    say(
        Text(
            f"集群 {ready.name} 已就绪。下一步：podlab lab（打开课程）"
            "或 podlab shell（打开终端）。",
            f"Cluster {ready.name} is ready. Next: podlab lab (the course) or podlab shell.",
        ),
        lang,
    )


def down() -> None:
    """Remove the cluster; your files and the caches stay. 删除集群，保留文件和缓存。

    Example: podlab down
    """
    lang = language()
    was_there = bringing.down(Screen(lang))
    gone = Text("集群已删除。", "The cluster is gone.")
    nothing = Text("没有集群要删除。", "There was no cluster to remove.")
    say(gone if was_there else nothing, lang)


def status(as_json: Json = False) -> None:
    """Tell whether the cluster runs, and what every image really is. 显示集群和镜像的真实情况。

    Example: podlab status --json
    """
    lang = language()
    found = read_status()
    if as_json:
        print(json.dumps(asdict(found), indent=2, ensure_ascii=False))
    else:
        _show_status(found, lang)
    raise typer.Exit(0 if found.state == "running" and found.answers else NOT_SO)


def doctor(as_json: Json = False) -> None:
    """List every requirement, what was found, and the command that fixes it. 检查运行条件。

    Example: podlab doctor
    """
    lang = language()
    findings = examine()
    if as_json:
        print(json.dumps([finding.to_dict(lang) for finding in findings], ensure_ascii=False))
    else:
        _show_findings(findings, lang)
    raise typer.Exit(NOT_SO if any(f.sign == "bad" for f in findings) else 0)


def purge(
    yes: Yes = False,
) -> None:
    """Remove all that podlab put on this machine, except your work. 删除除作业以外的一切。

    Example: podlab purge --yes
    """
    lang = language()
    plan = purging.plan()
    for line in plan.lines:
        say(line, lang)
    confirm(Text("全部删除？", "Remove all of it?"), yes, lang)
    purging.carry_out(plan, Screen(lang))
    say(Text("已全部删除。", "All of it is gone."), lang)


def _show_status(found: Status, lang: Lang) -> None:
    console = Console(highlight=False)
    console.print(found.sentence().pick(lang), soft_wrap=True, markup=False)
    if not found.images:
        return
    table = Table(box=None, pad_edge=False)
    for head in (
        Text("镜像", "image"),
        Text("版本", "version"),
        Text("来源", "origin"),
    ):
        table.add_column(head.pick(lang))
    origins = {
        "pulled": Text("拉取的官方镜像", "pulled, official"),
        "built": Text("在本机构建", "built on this machine"),
    }
    for image in found.images:
        table.add_row(image.image, image.version, origins[image.origin].pick(lang))
    console.print(table)


def _show_findings(findings: list[Finding], lang: Lang) -> None:
    console = Console(highlight=False)
    for finding in findings:
        found = escape(f"{finding.name.pick(lang)}: {finding.found.pick(lang)}")
        console.print(f"{SIGNS[finding.sign]} {found}", soft_wrap=True)
        if finding.mend and finding.sign != "good":
            console.print(f"    → {finding.mend.pick(lang)}", soft_wrap=True, markup=False)
