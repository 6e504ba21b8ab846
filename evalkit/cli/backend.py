"""Which backend `-a` means, and what is said about it."""

import os
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from evalkit.accelerate import backend_of, dropped_keys
from evalkit.cli.accelerator import Accelerator
from evalkit.cli.engines import HUGGING_FACE, best_engine
from evalkit.cli.terminal import say, show_table
from evalkit.config import hide_secrets, load_config
from evalkit.errors import ConfigError
from evalkit.runners.devices import visible_gpus
from evalkit.store import Workspace
from evalkit.summarizers.render import Table

if TYPE_CHECKING:
    from evalkit.cli.fleet import Fleet

WIDEST = 160
"""Characters of a value that `--dry-run` shows."""


def make_fleet(arguments: Namespace) -> 'Fleet | None':
    """Return what plans the servers of a run with `--serve`."""
    if arguments.serve is None:
        return None
    if arguments.accelerator != 'openai' or arguments.api_base or arguments.api_model:
        raise ConfigError('--serve goes with -a openai, without --api-base and --api-model')
    from evalkit.cli.fleet import Fleet

    return Fleet(arguments)


def make_accelerator(
    arguments: Namespace, resumed: Workspace | None, fleet: 'Fleet | None' = None
) -> Accelerator | None:
    """Return what `-a` converts the models with; None where they stay on Hugging Face.

    `resumed` is the run that goes on: `-a auto` keeps to what was chosen for it.
    """
    if fleet is None:
        check_server(arguments, '-a openai', is_asked=arguments.accelerator == 'openai')
    num_gpus = len(visible_gpus(os.environ))
    backend = arguments.accelerator
    if backend == 'auto':
        backend = choose(num_gpus, resumed)
    if backend in (None, HUGGING_FACE):
        return None
    return Accelerator(
        backend,
        api_base=arguments.api_base,
        api_model=arguments.api_model,
        has_gpus=num_gpus > 0,
        find_server=fleet.find if fleet else None,
    )


def check_server(arguments: Namespace, flag: str, *, is_asked: bool) -> None:
    """Refuse an address without a server that is asked, and a server without an address."""
    for name in ('api_base', 'api_model'):
        if getattr(arguments, name) is not None and not is_asked:
            raise ConfigError(f'--{name.replace("_", "-")} goes with {flag}')
    if is_asked and not (arguments.api_base or os.environ.get('OPENAI_BASE_URL')):
        raise ConfigError(
            f'{flag} needs the address of the server: --api-base http://HOST:PORT/v1, '
            'or the environment variable OPENAI_BASE_URL'
        )


def choose(num_gpus: int, resumed: Workspace | None) -> str:
    """Return the backend that `-a auto` means, and say it."""
    recorded = None if resumed is None else recorded_backend(resumed)
    if recorded is not None:
        say(f'-a auto: {recorded}, as this run began')
        return recorded
    choice = best_engine(num_gpus)
    say(f'-a auto: {choice.reason}')
    return choice.backend


def recorded_backend(workspace: Workspace) -> str | None:
    """Return the backend of the last config that a run has saved; None if it has saved none."""
    saved = sorted(workspace.configs.glob('*.py'))
    if not saved:
        return None
    backends = [backend_of(model) for model in load_config(saved[-1])['models']]
    return next(filter(None, backends), HUGGING_FACE)


def say_forgotten(
    models: Iterable[Mapping[str, Any]], arguments: Namespace, workspace: Workspace
) -> None:
    """Say with which `-a` a run was made whose answers are looked for without it."""
    if arguments.accelerator is not None or arguments.mode not in ('eval', 'viz'):
        return
    if any(workspace.engine(model['abbr']).exists() for model in models):
        return
    backend = recorded_backend(workspace)
    if backend not in (None, HUGGING_FACE):
        say(
            f'this run has no answers of these models: it was made with -a {backend}, '
            'which -m eval and -m viz need, too'
        )


def say_conversions(accelerator: Accelerator | None) -> None:
    """Say in a line for each model as what it runs, and what of its config means nothing there."""
    if accelerator is None:
        return
    for before, after in accelerator.pairs:
        dropped = ', '.join(dropped_keys(before))
        more = f' (without {dropped})' if dropped else ''
        say(f'-a {accelerator.backend}: {before["abbr"]} runs as {after["abbr"]}{more}')
    for model in accelerator.left:
        say(f'-a {accelerator.backend}: {model["abbr"]} stays as it is')


def show_conversions(accelerator: Accelerator | None) -> None:
    """Print each converted config beside the original."""
    if accelerator is None:
        return
    for before, after in accelerator.pairs:
        shown = Table(
            f'{before["abbr"]} -> {after["abbr"]}',
            ['key', 'config', f'-a {accelerator.backend}'],
            list(rows(hide_secrets(before)[0], hide_secrets(after)[0], accelerator.backend)),
            num_names=3,
        )
        show_table(shown)


def rows(before: Mapping[str, Any], after: Mapping[str, Any], backend: str) -> Iterator[list[str]]:
    """Yield a line for each key that either config has."""
    old, new = dict(flat(before)), dict(flat(after))
    reasons = dropped_keys(before)
    for key in dict.fromkeys([*old, *new]):
        gone = absence(key, reasons, backend) if key in old else ''
        yield [key, old.get(key, ''), new.get(key, gone)]


def absence(key: str, reasons: Mapping[str, str], backend: str) -> str:
    """Say why a key of the original is not in the converted config."""
    # A dict that is dropped as a whole has the reason, not its parts.
    found = next((why for name, why in reasons.items() if f'{key}.'.startswith(f'{name}.')), None)
    if found is not None:
        return f'dropped: {found}'
    is_loading = key.startswith(('model_kwargs.', 'tokenizer_', 'peft_', 'adapter'))
    return 'as it is served' if backend == 'openai' and is_loading else 'under another name'


def flat(cfg: Mapping[str, Any], prefix: str = '') -> Iterator[tuple[str, str]]:
    """Yield the full name of each key and its value as a text."""
    for key, value in cfg.items():
        if isinstance(value, Mapping) and value:
            yield from flat(value, f'{prefix}{key}.')
        else:
            yield f'{prefix}{key}', clipped(str(value))


def clipped(text: str) -> str:
    """Return a text without its middle where it is long, as a chat template is."""
    return text if len(text) <= WIDEST else f'{text[: WIDEST // 2]} ... {text[-WIDEST // 2 :]}'
