"""Programs that make what the repository ships: the calc problems and the small model."""
