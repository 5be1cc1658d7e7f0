"""The program measured on made-up people whose truth is known.

made.py (haplotypes and files made of them) ─▶ calls.py (read, call, judge) ─▶ page.py (the table)
"""

from estrogenome.validate.calls import Case, selftest
from estrogenome.validate.page import page

__all__ = ["Case", "page", "selftest"]
