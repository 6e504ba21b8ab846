"""What a prompt may be: it fits the model's context, or its request fails with the numbers."""

from collections.abc import Callable

from evalkit.errors import ConfigError
from evalkit.models.request_error import RequestError

REMEDY = ": lower max_out_len, or let mode='mid' of the model cut long prompts"

MIN_ROOM = 2  # tokens of a truncated prompt; fewer would ask nothing


def _without_middle(ids: list[int], room: int) -> list[int]:
    tail = room // 2
    return ids[: room - tail] + ids[len(ids) - tail :]


TRUNCATIONS: dict[str, Callable[[list[int], int], list[int]]] = {
    'front': lambda ids, room: ids[len(ids) - room :],
    'mid': _without_middle,
    'rear': lambda ids, room: ids[:room],
}
"""The policies of the config key `mode`; each is named after the part of the prompt it drops."""


def check_mode(mode: str) -> None:
    """Refuse a truncation policy that does not exist."""
    if mode not in ('none', *TRUNCATIONS):
        raise ConfigError(f"mode='{mode}' is unknown: use 'none', 'front', 'mid' or 'rear'")


def fit_context(
    ids: list[int],
    max_out_len: int,
    max_seq_len: int | None,
    mode: str = 'none',
    bos_token_id: int | None = None,
) -> list[int]:
    """Return the prompt's token ids such that they and `max_out_len` more fit `max_seq_len`.

    With `mode='none'` a prompt that is too long raises `RequestError('context_length')`; the other
    modes drop the named part of it, but never a leading BOS.
    """
    if max_seq_len is None or len(ids) + max_out_len <= max_seq_len:
        return ids
    room = max_seq_len - max_out_len
    if mode == 'none' or room < MIN_ROOM:
        raise RequestError(
            'context_length',
            f'the prompt has {len(ids)} tokens and max_out_len is {max_out_len}, '
            f'but the context holds {max_seq_len} tokens{REMEDY}',
        )
    if ids[0] == bos_token_id:
        return ids[:1] + TRUNCATIONS[mode](ids[1:], room - 1)
    return TRUNCATIONS[mode](ids, room)
