"""How often each case of a lab gets the verdicts it is written for, in many runs.

    python -m tests.bench.flakes LAB [--runs 10] [--only TEXT] [--at-once 4]

Not a test: it prints counts, and every run that went another way with what was said. `--only` takes
the cases whose id holds TEXT, such as `solution` or `near_misses/`. The cluster must be up.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ThreadPoolExecutor

from checker.catalogue import Case, Lab, cases, load_lab
from checker.cluster import Connection, connect
from checker.trouble import Trouble
from tests.cluster.labgate import judge, leftovers

RUN = "flakes"


def main(name: str, runs: int, only: str, at_once: int) -> None:
    """Run the cases of the lab `runs` times and print a line for each."""
    lab, connection = load_lab(name), connect()
    pool = ThreadPoolExecutor(at_once)
    try:
        for case in (each for each in cases(lab) if only in each.id):
            jobs = [
                pool.submit(judged, case, lab, connection, f"{RUN}{number}")
                for number in range(runs)
            ]
            found = [job.result() for job in jobs]
            print(f"{found.count([]):3} of {runs}  {case.id}", flush=True)
            for fault in (fault for faults in found for fault in faults):
                print(f"      {fault}")
    finally:
        pool.shutdown(cancel_futures=True)  # after Ctrl-C, no more runs than those under way
    for number in range(runs):
        leftovers(connection, f"{RUN}{number}")


def judged(case: Case, lab: Lab, connection: Connection, run: str) -> list[str]:
    """What went another way; files that were not applied are that, and no end of the count."""
    try:
        return judge(case, lab, connection, run)
    except Trouble as trouble:
        return [f"{trouble.what.en} {trouble.detail}"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("lab")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--only", default="", metavar="TEXT")
    parser.add_argument("--at-once", type=int, default=4)
    words = parser.parse_args()
    main(words.lab, words.runs, words.only, words.at_once)
