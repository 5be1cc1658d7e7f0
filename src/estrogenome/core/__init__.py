"""What every stage shares: records, quantities, errors, units, random streams, provenance. Imports nothing of ours."""
