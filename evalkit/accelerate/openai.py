"""A Hugging Face config as a client of a server that serves the same model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evalkit.accelerate.source import Source, given
from evalkit.errors import ConfigError
from evalkit.models.adapters import alone

SERVED = ('code_revision', 'revision')
OF_THE_SERVER = (
    'cache_dir',
    'token',
    'trust_remote_code',
    'local_files_only',
    'use_fast',
    'legacy',
)

PATIENCE = 40  # probes, each a minute at most after the last: large models take minutes to load


@dataclass(frozen=True)
class Served:
    """Where the model is served and under which name; None leaves it to the class and the config.

    Who gives the name says that what is served under it is this very model. `served_by` identifies
    what a server of this run's own has loaded; it is asked without a proxy, and waited for while it
    starts again.
    """

    api_base: str | None = None
    api_model: str | None = None
    served_by: str | None = None


def to_openai(source: Source, served: Served) -> dict[str, Any]:
    """Return the arguments of `OpenAISDK` and of `OpenAICompletions`.

    The dtype, the context's memory and the GPUs are the server's. What would make it another
    model (an adapter, a revision, quantised weights, another tokenizer) is refused unless the
    served model is named, since a client cannot ask for it.
    """
    if served.api_model is None:
        refuse_what_must_be_served(source)
    template = source.cfg.get('chat_template_kwargs')
    return given(
        {
            'path': served.api_model,
            'openai_api_base': served.api_base,
            'max_seq_len': source.cfg.get('max_seq_len'),
            'mode': source.cfg.get('mode'),
            'tokenizer_path': tokenizer_path(source),
            'extra_body': {'chat_template_kwargs': template} if template else None,
            **(own_server(served.served_by) if served.served_by else {}),
        }
    )


def as_served(model_cfg: Mapping[str, Any], served: Served) -> dict[str, Any]:
    """Return the config of what has a name of its own there: the base model, or one adapter."""
    if model_cfg.get('adapters') and served.api_model is None:
        raise ConfigError(
            f'{model_cfg.get("abbr") or model_cfg["path"]}: adapters: a server answers for each '
            'under a name of its own; choose one with --abbr and give its name with --api-model, '
            'start the servers with --serve, or run these models without -a'
        )
    return alone(model_cfg)


def own_server(served_by: str) -> dict[str, Any]:
    """Return the arguments for a server that was started for this run alone."""
    engine = served_by.partition(' ')[0]
    dialect = {'dialect': engine} if engine == 'llamafactory' else {}
    return {'served_by': served_by, 'openai_proxy_url': '', 'retry': PATIENCE, **dialect}


def refuse_what_must_be_served(source: Source) -> None:
    """Raise for the first key that decides which model answers."""
    own = [f'model_kwargs.{key}' for key in (*source.loading, *source.own_config)]
    deciding = [name for name in own if name.partition('.')[2] not in OF_THE_SERVER]
    if source.adapter:
        deciding.append('peft_path')
    if source.quantisation is not None:
        deciding.append(source.quantisation.key)
    if source.cfg.get('tokenizer_path') not in (None, source.cfg['path']):
        deciding.append('tokenizer_path')
    deciding += [
        f'tokenizer_kwargs.{key}'
        for key in source.tokenizer_kwargs
        if key not in (*OF_THE_SERVER, *source.loading)
    ]
    if deciding:
        source.refuse(
            deciding[0],
            'this is for the server to load; serve the model so, and name it with --api-model',
        )


def tokenizer_path(source: Source) -> str | None:
    """Return the tokenizer that counts tokens; needed only where prompts are cut."""
    if source.cfg.get('mode') in (None, 'none'):
        return None
    path: str = source.cfg.get('tokenizer_path') or source.cfg['path']
    return path
