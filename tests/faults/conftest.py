"""Disks that are small, for whole runs."""

from tests.store.conftest import mount, small_disk

__all__ = ['mount', 'small_disk']
