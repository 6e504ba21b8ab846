"""The models that the repository brings are found from any folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evalkit.models.identity import PATH_KEYS

REPOSITORY = Path(__file__).parents[2]


def with_shipped_paths(model_cfg: Mapping[str, Any]) -> dict[str, Any]:
    """Return a model config whose paths below `models/` are the repository's.

    What is there relative to the current folder stays as it is given, and so does a hub id.
    """
    found = {key: find_shipped(model_cfg[key]) for key in PATH_KEYS if key in model_cfg}
    if isinstance(model_cfg.get('adapters'), Mapping):
        paths = model_cfg['adapters'].items()
        found['adapters'] = {name: find_shipped(path) for name, path in paths}
    return {**model_cfg, **found}


def find_shipped(path: Any) -> Any:
    """Return the place of a folder of the repository's `models/`; any other path unchanged."""
    if not isinstance(path, str) or Path(path).parts[:1] != ('models',) or Path(path).exists():
        return path
    shipped = REPOSITORY / path
    return str(shipped) if shipped.is_dir() else path
