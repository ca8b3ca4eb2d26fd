"""A town's own thresholds: reading and writing their file, putting them in force, and fitting them to decisions."""
