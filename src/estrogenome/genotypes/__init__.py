"""Genotypes: what a genome file says at each site of the catalog — observed, inferred or not assayed.

file ─▶ container.py, stream.py (is it whole, what is inside its wrapping?)
  a VCF or BCF ─▶ vcf.py (records at our positions, both builds: text.py, library.py, records.py)
     ─▶ build.py (which build do the positions fit?) ─▶ alleles.py (record alleles → catalog alleles)
     ─▶ observe.py (compatible allele pairs per person, thresholds.py); copies.py (numbers of gene
        copies); check.py (what breaks the specification)
  a table ─▶ sniff.py (which format of the catalog?) ─▶ delimited.py, words.py (rows at our positions or with our names)
     ─▶ places.py (which build, which rows are whose?) ─▶ strand.py (which strand?) ─▶ table.py (compatible allele pairs)
  ─▶ read.py (the record, with statements.py)
"""

from estrogenome.genotypes.copies import state_copies
from estrogenome.genotypes.read import read_genotypes

__all__ = ["read_genotypes", "state_copies"]
