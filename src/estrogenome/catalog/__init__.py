"""The only door to ``knowledge/``: schemas, loading, lint, and the closed grammar of readout formulas."""
