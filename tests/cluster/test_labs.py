"""Every case of every lab, on the live cluster. One lab: `--lab 01`; one case: `-k no-volume`.

Cases that want a quiet machine are marked `exclusive`; the gate runs them one by one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from checker.catalogue import Case, Lab, cases, lab_names, load_lab
from checker.cluster import Connection
from tests.cluster.labgate import exclusive, judge, leftovers

RUN = f"gate{os.environ.get('PYTEST_XDIST_WORKER', '')}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """All cases of the labs that are asked for; a lab that is not asked for may be half done."""
    labs = [load_lab(name) for name in metafunc.config.getoption("--lab") or lab_names()]
    every = [
        pytest.param(
            lab, case, id=case.id, marks=[pytest.mark.exclusive] if exclusive(lab, case) else []
        )
        for lab in labs
        for case in cases(lab)
    ]
    metafunc.parametrize(("lab", "case"), every)


@pytest.fixture(scope="session", autouse=True)
def clean_cluster(connection: Connection) -> Iterator[None]:
    """Namespaces of the cases go away beside the cases that follow; in the end all are gone."""
    yield
    assert leftovers(connection, RUN) == []


@pytest.mark.timeout(900)
def test_case_gets_the_verdicts_it_is_written_for(
    lab: Lab, case: Case, connection: Connection, request: pytest.FixtureRequest
) -> None:
    all_tasks = bool(request.config.getoption("--all-tasks"))
    assert judge(case, lab, connection, RUN, all_tasks=all_tasks) == []
