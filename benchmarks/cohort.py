"""A cohort against peers, in one run: people per CPU-second, as ratios.

Usage: ``python benchmarks/cohort.py [FILE.vcf.gz] [--pypgx PYTHON] [--people N]``. Without a file, the bundled panel of 2,504 people
at the catalog's sites. ``bcftools`` must be on the path (it extracts the same sites as text); ``--pypgx`` names a Python that has PyPGx
(allele prediction on the first N people of the same phased file; it needs pandas below 3). A peer that is not there is said to be
missing, never assumed.
"""

from __future__ import annotations

import argparse
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
SHARED_GENES = ("CYP1A1", "CYP1A2", "CYP1B1", "CYP3A5", "COMT")


def cpu_of(command: list[str], output: Path) -> tuple[float, int]:
    """Return CPU seconds (user and system) and peak memory (kB) of a command, its output going to a file."""
    with output.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream)
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} failed with status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def sites(path: Path, chromosome_prefix: str) -> None:
    """Write the catalog's sites of GRCh38 as a bcftools regions file."""
    genes = load_catalog().genes.values()
    found = {(g.chromosome, s.placements["GRCh38"].position) for g in genes for s in g.sites if "GRCh38" in s.placements}
    path.write_text("".join(f"{chromosome_prefix}{c}\t{p}\n" for c, p in sorted(found)), encoding="utf-8")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=PANEL)
    parser.add_argument("--pypgx", metavar="PYTHON")
    parser.add_argument("--people", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out, regions = Path(folder) / "out", Path(folder) / "sites.tsv"
        ours, memory = cpu_of([sys.executable, "-m", "estrogenome.cli.main", "call", str(options.file), "--format", "tsv"], out)
        rows = out.read_text(encoding="utf-8").splitlines()[1:]
        people, calls = len({r.split("\t")[0] for r in rows}), len(rows)
        print(f"ours      {people} people, {calls} calls: {ours:.2f} CPU s with start-up, {memory / 1024:.0f} MB")
        if bcftools := shutil.which("bcftools"):
            first = subprocess.run([bcftools, "query", "-f", "%CHROM\n", str(options.file)], capture_output=True, text=True, check=True)
            sites(regions, "chr" if first.stdout.startswith("chr") else "")
            query = [bcftools, "query", "-T", str(regions), "-f", "%CHROM\t%POS\t%REF\t%ALT[\t%GT]\n", str(options.file)]
            peer, _ = cpu_of(query, out)
            print(f"bcftools  the same sites as text, streamed: {peer:.2f} CPU s; ours takes {ours / peer:.1f} × as long")
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


if __name__ == "__main__":
    main()
