"""What `verbinder bench` measures on the machine that it runs on: figures to compare within one run, never a test."""
