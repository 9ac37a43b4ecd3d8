"""What lessons count on in the image nginx, tried on containers of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.engine

Start = Callable[..., Any]


@pytest.fixture
def nginx(start: Start) -> Callable[..., Any]:
    """An nginx that serves."""

    def run(*options: str) -> Any:
        container = start("nginx", options=options)
        container.wait_for("start worker process ")
        return container

    return run


def test_nginx_serves_its_page_and_logs_the_request_to_standard_output(nginx: Start) -> None:
    container = nginx()
    assert "Welcome to nginx" in container.says("curl", "-sf", "http://127.0.0.1/")
    container.wait_for('"GET / HTTP/1.1" 200 ', "stdout")


def test_nginx_serves_what_is_mounted_at_its_document_root(nginx: Start, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    tmp_path.chmod(0o755)
    container = nginx("-v", f"{tmp_path}:/usr/share/nginx/html:ro")
    assert container.says("curl", "-sf", "http://127.0.0.1/") == "mine"


def test_nginx_takes_a_server_from_a_mounted_folder_of_configuration(
    nginx: Start, tmp_path: Path
) -> None:
    (tmp_path / "other.conf").write_text("server { listen 81; return 200 other; }\n")
    tmp_path.chmod(0o755)
    container = nginx("-v", f"{tmp_path}:/etc/nginx/conf.d:ro")
    assert container.says("curl", "-sf", "http://127.0.0.1:81/") == "other"


def test_nginx_listens_on_ipv6_where_the_kernel_has_it(nginx: Start) -> None:
    container = nginx()
    listens = "[::]:80" in container.says("cat", "/etc/nginx/conf.d/default.conf")
    assert listens == (container.exec("test", "-f", "/proc/net/if_inet6").returncode == 0)


def test_nginx_fills_the_environment_into_templates_and_leaves_its_own_variables(
    nginx: Start, tmp_path: Path
) -> None:
    template = "server { listen 82; return 200 '${GREETING} $host'; }\n"
    (tmp_path / "greeting.conf.template").write_text(template, encoding="utf-8")
    tmp_path.chmod(0o755)
    container = nginx("-v", f"{tmp_path}:/etc/nginx/templates:ro", "-e", "GREETING=hello")
    assert container.says("curl", "-sf", "http://127.0.0.1:82/") == "hello 127.0.0.1"


def test_nginx_is_root_and_its_workers_are_not(nginx: Start) -> None:
    container = nginx()
    assert container.status("Uid").split()[0] == "0"
    count = "cat /proc/[0-9]*/status | grep -c '^Uid:.101'"
    assert int(container.says("sh", "-c", count)) > 0
