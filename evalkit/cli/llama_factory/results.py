"""A prediction's result files, where LLaMA-Factory leaves them."""

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from evalkit.cli.llama_factory.predict import is_predict
from evalkit.cli.terminal import relative, say
from evalkit.exports.llamafactory import FILES, place_of
from evalkit.store import Workspace, write_atomic

FORMAT = 'llamafactory'


def wanted_exports(arguments: Namespace) -> list[str]:
    """Return the formats that are asked for; a YAML file of LLaMA-Factory's asks for its own."""
    own = [FORMAT] if is_predict(arguments.config) else []
    return list(dict.fromkeys([*arguments.export, *own]))


def publish(arguments: Namespace, cfg: Mapping[str, Any], workspace: Workspace) -> None:
    """Copy the files of the adapter, or of a model without one, to the output directory itself."""
    if not is_predict(arguments.config):
        return
    [dataset] = cfg['datasets']
    place = place_of(workspace.exports(FORMAT), cfg['models'][-1], dataset)
    if not all((place / name).is_file() for name in FILES):
        return  # why not was said
    folder = workspace.root.parent
    for name in FILES:
        write_atomic(folder / name, (place / name).read_text(encoding='utf-8'))
    say(f'{" and ".join(FILES)} of {cfg["models"][-1]["abbr"]}: {relative(folder)}')
