"""Diplotypes: every pair of haplotypes that a person's genotype leaves open, with its weight.

genotypes ─▶ phase.py (which allele pairs go together, in which orders) ─▶ candidates.py (which haplotypes could be meant)
          ─▶ prior.py (how frequent they are) ─▶ call.py (posterior, status) with names from names.py
"""

from estrogenome.diplotypes.call import call_diplotypes

__all__ = ["call_diplotypes"]
