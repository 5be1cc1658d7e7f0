"""A cohort against peers, in one run: people per CPU-second, as ratios.

Usage: ``python benchmarks/cohort.py [FILE.vcf.gz] [--pypgx PYTHON] [--people N]``. Without a file, the bundled panel of 2,504 people
at the catalog's sites. ``bcftools`` must be on the path (it extracts the same sites as text: once streamed, ``-T``, once by index,
``-R``); ``--pypgx`` names a Python that has PyPGx (allele prediction on the first N people of the same phased file; it needs pandas
below 3). A peer that is not there is said to be missing, never assumed. Last comes the peak memory by number of people: the records
at our sites for one person, for everybody, and for everybody ten times over.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from estrogenome.catalog.load import load_catalog

ROOT = Path(__file__).resolve().parent.parent
PANEL = ROOT / "derive" / "data" / "panel_GRCh38.vcf.gz"
START = "from estrogenome import pipeline; from estrogenome.catalog.load import load_catalog; load_catalog()"
SHARED_GENES = ("CYP1A1", "CYP1A2", "CYP1B1", "CYP3A5", "COMT")


def cpu_of(command: list[str], output: Path) -> tuple[float, int]:
    """Return CPU seconds (user and system) and peak memory (kB) of a command, its output going to a file."""
    with output.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream)
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} failed with status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def call(path: Path) -> list[str]:
    """Return the command that calls everybody."""
    return [sys.executable, "-m", "estrogenome.cli.main", "call", str(path), "--format", "tsv"]


def repeated(source: Path, target: Path, places: set[tuple[str, int]], times: int) -> int:
    """Write the records at our places with everybody ``times`` over, or with the first person alone (0); return how many people."""
    count = 0
    with gzip.open(source, "rt", encoding="utf-8") as lines, gzip.open(target, "wt", encoding="utf-8", compresslevel=1) as out:
        for line in lines:
            if line.startswith("##"):
                out.write(line)
                continue
            fields = line.rstrip("\n").split("\t")
            people = fields[9:] if times else fields[9:10]
            if line.startswith("#"):
                people = [f"{name}_{i}" for i in range(max(times, 1)) for name in people]
                count = len(people)
            elif (fields[0], int(fields[1])) in places:
                people *= max(times, 1)
            else:
                continue
            out.write("\t".join([*fields[:9], *people]) + "\n")
    return count


def sites(path: Path, chromosome_prefix: str) -> set[tuple[str, int]]:
    """Write the catalog's sites of GRCh38 as a bcftools regions file; return them as well."""
    genes = load_catalog().genes.values()
    found = {(g.chromosome, s.placements["GRCh38"].position) for g in genes for s in g.sites if "GRCh38" in s.placements}
    named = {(f"{chromosome_prefix}{c}", p) for c, p in found}
    path.write_text("".join(f"{c}\t{p}\n" for c, p in sorted(named)), encoding="utf-8")
    return named


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=PANEL)
    parser.add_argument("--pypgx", metavar="PYTHON")
    parser.add_argument("--people", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out, regions = Path(folder) / "out", Path(folder) / "sites.tsv"
        ours, memory = cpu_of(call(options.file), out)
        rows = out.read_text(encoding="utf-8").splitlines()[1:]
        people, calls = len({r.split("\t")[0] for r in rows}), len(rows)
        start, _ = cpu_of([sys.executable, "-c", START], out)
        print(f"ours      {people} people, {calls} calls: {ours:.2f} CPU s, {start:.2f} of them start-up; {memory / 1024:.0f} MB")
        with gzip.open(options.file, "rt", encoding="utf-8") as stream:
            first = next(line for line in stream if not line.startswith("#"))
        places = sites(regions, "chr" if first.startswith("chr") else "")
        if bcftools := shutil.which("bcftools"):
            copy = Path(folder) / "indexed.vcf.gz"
            shutil.copyfile(options.file, copy)
            subprocess.run([bcftools, "index", "--tbi", str(copy)], check=True)
            query = [bcftools, "query", "-f", "%CHROM\t%POS\t%REF\t%ALT[\t%GT]\n", str(copy)]
            indexed, _ = cpu_of(call(copy), out)
            for how, option, own in (("streamed (-T)", "-T", ours), ("by index (-R)", "-R", indexed)):
                peer, _ = cpu_of([*query, option, str(regions)], out)
                print(f"bcftools  the same sites as text, {how}: {peer:.2f} CPU s; ours takes {own / peer:.1f} × as long")
        else:
            print("bcftools  missing")
        if options.pypgx:
            peer_script = str(Path(__file__).with_name("peer_pypgx.py"))
            command = [options.pypgx, peer_script, str(options.file), str(options.people), "GRCh38", *SHARED_GENES]
            answer = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
            theirs = answer["people"] * len(answer["seconds"]) / sum(answer["seconds"].values())
            size = f"{answer['people']} people, {len(answer['seconds'])} genes"
            print(f"PyPGx     {size}: {theirs:.1f} calls per CPU s; ours {calls / ours / theirs:.0f} × as many")
        else:
            print("PyPGx     missing (--pypgx PYTHON)")
        grown = []
        for times in (0, 1, 10):
            made = Path(folder) / "made.vcf.gz"
            people = repeated(options.file, made, places, times)
            seconds, memory = cpu_of(call(made), out)
            grown.append((people, memory))
            print(f"memory    {people} people: {memory / 1024:.1f} MB, {seconds:.2f} CPU s")
        (few, least), (many, most) = grown[0], grown[-1]
        print(f"memory    {1024 * (most - least) / (many - few):.0f} bytes a person")


if __name__ == "__main__":
    main()
