"""Genotypes: what a genome file says at each site of the catalog — observed, inferred or not assayed.

file ─▶ container.py (is it whole, is it a VCF?) ─▶ vcf.py (records at our positions, both builds: text.py, library.py, records.py)
     ─▶ build.py (which build do the positions fit?) ─▶ alleles.py (record alleles → catalog alleles)
     ─▶ observe.py (compatible allele pairs per person) ─▶ read.py (the record, with statements.py)
"""

from estrogenome.genotypes.read import read_genotypes

__all__ = ["read_genotypes"]
