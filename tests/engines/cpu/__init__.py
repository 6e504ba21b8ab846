"""What lets the real engines run without a GPU; this folder stands on PYTHONPATH."""
