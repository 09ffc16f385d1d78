"""What the house earned: daily entries, per-person results, benchmarks and imports."""
