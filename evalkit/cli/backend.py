"""Which backend `-a` means, and what is said about it."""

import os
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from evalkit.accelerate import dropped_keys
from evalkit.cli.accelerator import Accelerator
from evalkit.cli.engines import ENGINES, HUGGING_FACE, best_engine
from evalkit.cli.terminal import say, show_table
from evalkit.config import hide_secrets
from evalkit.errors import ConfigError
from evalkit.runners.devices import visible_gpus
from evalkit.store import Workspace
from evalkit.summarizers.render import Table

if TYPE_CHECKING:
    from evalkit.cli.fleet import Fleet

WIDEST = 160
"""Characters of a value that `--dry-run` shows."""

OTHER_ARGS: Mapping[str | None, str] = {
    None: '; Hugging Face takes model_kwargs, in the config or with --hf-path',
    HUGGING_FACE: ', and -a auto takes Hugging Face here',
    'openai': '; a server that --serve starts takes --server-args',
}
"""What is said of `--engine-args` where there is no engine."""

RECORD = '# backend: '
"""How a saved config begins; the backend follows, `hf` where nothing was converted."""


def make_fleet(arguments: Namespace) -> 'Fleet | None':
    """Return what plans the servers of a run with `--serve`."""
    if arguments.serve is None:
        return None
    if arguments.accelerator != 'openai' or arguments.api_base or arguments.api_model:
        raise ConfigError('--serve goes with -a openai, without --api-base and --api-model')
    from evalkit.cli.fleet import Fleet

    return Fleet(arguments)


def make_accelerator(
    arguments: Namespace,
    resumed: Workspace | None,
    fleet: 'Fleet | None' = None,
    *,
    is_elsewhere: bool = False,
) -> Accelerator | None:
    """Return what `-a` converts the models with; None where they stay on Hugging Face.

    `resumed` is the run that goes on: `-a auto` keeps to what was chosen for it. What runs on other
    machines (`is_elsewhere`) it cannot choose for.
    """
    if fleet is None:
        check_server(arguments, '-a openai', is_asked=arguments.accelerator == 'openai')
    num_gpus = len(visible_gpus(os.environ))
    backend = arguments.accelerator
    if backend == 'auto':
        backend = choose(num_gpus, resumed, is_elsewhere=is_elsewhere)
    if arguments.engine_args and backend not in ENGINES:
        raise ConfigError(
            f'--engine-args goes with -a vllm, sglang or lmdeploy{OTHER_ARGS[backend]}'
        )
    if backend in (None, HUGGING_FACE):
        return None
    return Accelerator(
        backend,
        api_base=arguments.api_base,
        api_model=arguments.api_model,
        has_gpus=num_gpus > 0,
        find_server=fleet.find if fleet else None,
        engine_args=arguments.engine_args,
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


def choose(num_gpus: int, resumed: Workspace | None, *, is_elsewhere: bool) -> str:
    """Return the backend that `-a auto` means, and say it."""
    recorded = () if resumed is None else recorded_backends(resumed)
    begun = next((backend for backend in recorded if backend in (*ENGINES, HUGGING_FACE)), None)
    if begun is not None:
        say(f'-a auto: {begun}, as this run began')
        return begun
    if is_elsewhere:
        raise ConfigError(
            '-a auto looks at the engines and GPUs of this machine, and these models run on '
            'others: name the engine, for instance -a vllm'
        )
    choice = best_engine(num_gpus)
    say(f'-a auto: {choice.reason}')
    return choice.backend


def record_of(accelerator: Accelerator | None) -> str:
    """Return the line of a saved config that says to what its models were converted."""
    return f'{RECORD}{accelerator.backend if accelerator else HUGGING_FACE}\n'


def recorded_backends(workspace: Workspace) -> list[str]:
    """Return to what models were converted when a run began and each time that it went on.

    The models alone do not tell: a config may have some for a service or an engine of its own.
    """
    paths = sorted(workspace.configs.glob('*.py'))
    lines = [path.read_text(encoding='utf-8').partition('\n')[0] for path in paths]
    return [line.removeprefix(RECORD) for line in lines if line.startswith(RECORD)]


def say_forgotten(
    models: Iterable[Mapping[str, Any]], arguments: Namespace, workspace: Workspace
) -> None:
    """Say with which `-a` a run was made whose answers are looked for without it."""
    if arguments.accelerator is not None or arguments.mode not in ('eval', 'viz'):
        return
    if any(workspace.engine(model['abbr']).exists() for model in models):
        return
    backends = [name for name in recorded_backends(workspace) if name != HUGGING_FACE]
    if backends:
        say(
            f'this run has no answers of these models: it was made with -a {backends[-1]}, '
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
    is_loading = key.startswith(('model_kwargs.', 'tokenizer_', 'peft_', 'adapter', 'run_cfg.'))
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
