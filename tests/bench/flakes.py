"""How often each case of a lab gets the verdicts it is written for, in many runs in a row.

    python -m tests.bench.flakes LAB [RUNS]

Not a test: it prints counts, and every run that went another way with what was said. The cluster
must be up.
"""

from __future__ import annotations

import sys

from checker.catalogue import cases, load_lab
from checker.cluster import connect
from tests.cluster.labgate import judge, leftovers

RUN = "flakes"


def main(name: str, runs: int) -> None:
    """Run every case of the lab `runs` times and print a line for each."""
    lab, connection = load_lab(name), connect()
    for case in cases(lab):
        found = [judge(case, lab, connection, f"{RUN}{number}") for number in range(runs)]
        print(f"{found.count([]):3} of {runs}  {case.id}", flush=True)
        for fault in (fault for faults in found for fault in faults):
            print(f"      {fault}")
    for number in range(runs):
        leftovers(connection, f"{RUN}{number}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10)
