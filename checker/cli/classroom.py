"""The commands for a teacher: a class's workspaces and results."""

from __future__ import annotations

import typer

from checker.cli.class_create import create
from checker.cli.class_grade import grade
from checker.cli.class_report import report

class_app = typer.Typer(
    name="class",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="For teachers: many learners on one cluster. 供教师使用：一个集群上的许多学员。",
)
for command in (create, grade, report):
    class_app.command()(command)
