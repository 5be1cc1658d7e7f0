"""Renderers: a ``Report`` as a file. They lay out and add nothing."""

from estrogenome.reports.renderers.html import render as render_html
from estrogenome.reports.renderers.json import render as render_json

__all__ = ["render_html", "render_json"]
