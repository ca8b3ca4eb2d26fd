"""What is measured, and never asserted: `benchmarks/README.md` says how to run it."""
