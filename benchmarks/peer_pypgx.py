"""Run by ``cohort.py`` with a Python that has PyPGx: predict alleles of phased genotypes, print people per CPU-second.

Usage: ``peer_pypgx.py FILE.vcf.gz PEOPLE ASSEMBLY GENE...``. PyPGx's own panels are not needed: the input is phased, and allele
prediction is all that is timed.
"""

from __future__ import annotations

import json
import sys
import time


def main() -> None:
    """Print JSON: gene → CPU seconds of allele prediction, and the number of people."""
    from fuc import pyvcf
    from pypgx import Archive
    from pypgx.api import core, utils

    path, people, assembly, *genes = sys.argv[1:]
    whole = pyvcf.VcfFrame.from_file(path)
    whole = whole.subset(whole.samples[: int(people)])
    seconds: dict[str, float] = {}
    for gene in genes:
        region = core.get_region(gene, assembly=assembly)
        frame = whole.slice(region if whole.has_chr_prefix is False else f"chr{region.removeprefix('chr')}").update_chr_prefix(
            mode="remove"
        )
        metadata = {"Platform": "WGS", "Gene": gene, "Assembly": assembly, "SemanticType": "VcfFrame[Consolidated]", "Program": "Phased"}
        started = time.process_time()
        utils.predict_alleles(Archive(metadata, frame))
        seconds[gene] = time.process_time() - started
    print(json.dumps({"people": len(whole.samples), "seconds": seconds}))


if __name__ == "__main__":
    main()
