"""Read every file of a folder as a genome file: each is read or refused with one line, soon and in little memory.

``python benchmarks/corpora.py FOLDER [--list]`` prints one line per outcome, and each file with ``--list``. Exit status 1 when a file
ends in a traceback or a crash, takes longer than 5 s, or raises the memory of the process by more than 300 MB.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from estrogenome.catalog.load import load_catalog
from estrogenome.core.errors import InputError
from estrogenome.genotypes import read_genotypes

SECONDS = 5.0
MEGABYTES = 300.0


def outcome(path: Path) -> tuple[str, str, float, float]:
    """Return how reading ended, in which words, after how long, and how much memory it added."""
    catalog = load_catalog()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    try:
        found = read_genotypes(path, catalog)
        word, text = ("read with warnings", "; ".join(found.warnings)) if found.warnings else ("read", "")
    except InputError as error:
        word, text = "refused", str(error)
        if len(text.splitlines()) != 1:
            word = "more than one line"
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        word, text = "TRACEBACK", f"{type(error).__name__}: {error}"
    seconds = time.perf_counter() - start
    return word, text, seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def main() -> int:
    """Read all, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", action="store_true", help="print every file")
    wanted = parser.parse_args()
    paths = sorted(p for p in wanted.folder.rglob("*") if p.is_file())
    bad = 0
    counts: Counter[str] = Counter()
    slowest = largest = 0.0
    load_catalog()
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=50) as pool:
        for path in paths:
            try:
                word, text, seconds, added = pool.apply_async(outcome, (path,)).get(timeout=60)
            except multiprocessing.TimeoutError:
                print(f"{path}: crash or hang")
                return 1
            counts[word] += 1
            slowest, largest = max(slowest, seconds), max(largest, added)
            failed = word in {"TRACEBACK", "more than one line"} or seconds > SECONDS or added > MEGABYTES
            bad += failed
            if failed or wanted.list:
                print(f"{word}\t{path.relative_to(wanted.folder)}\t{seconds:.2f} s\t{added:.0f} MB\t{text}")
    for word, count in sorted(counts.items()):
        print(f"{count:5} {word}")
    print(f"{len(paths)} files, slowest {slowest:.2f} s, most memory added {largest:.0f} MB, {bad} outside the limits")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
