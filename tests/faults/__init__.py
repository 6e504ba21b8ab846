"""Whole runs that are harmed; the rows are those of docs/faults.md."""
