"""Servers that evalkit starts, with a stand-in for the engines, which are in tests/engines."""
