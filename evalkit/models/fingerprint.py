"""What tells one folder of weights from another, without reading the weights."""

import json
import os
import struct
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

WEIGHTS = ('.safetensors', '.bin', '.gguf', '.pt', '.pth')
TEXTS = ('.jinja', '.model', '.py', '.tiktoken')
NAMED_TEXTS = frozenset(
    {
        'adapter_config.json',
        'added_tokens.json',
        'chat_template.json',
        'config.json',
        'merges.txt',
        'special_tokens_map.json',
        'tokenizer.json',
        'tokenizer_config.json',
        'vocab.json',
        'vocab.txt',
    }
)
OF_TRAINING = ('training_args', 'optimizer', 'scheduler', 'rng_state')
NUM_SAMPLES = 512  # places of a weights file that are read
SAMPLE_SIZE = 64  # bytes at each
MAX_HEADER = 100_000_000  # bytes; safetensors' own limit
STORED_DTYPES = {'BF16': 'bfloat16', 'F16': 'float16', 'F32': 'float32'}
"""What safetensors calls torch's dtypes; with several in a file the first of these counts."""


def folder_fingerprint(folder: Path) -> str:
    """Return a hash of what a model's folder answers with: the same after it is copied.

    Of each weights file it takes the size, a safetensors header, and a few bytes of the middle of
    each tensor; configs, tokenizers, templates and code whole; of `generation_config.json` the
    tokens that end an answer. Files of the training do not count.
    """
    parts = dict(_parts(folder))
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def stored_dtype(path: str) -> str | None:
    """Return torch's name of the dtype in the first safetensors file of a folder, if it has one."""
    for file in sorted(Path(path).expanduser().glob('*.safetensors')):
        with file.open('rb') as opened:
            header = _header(opened.fileno(), file.stat().st_size)
        kinds = {entry.get('dtype') for entry in _tensors(header).values()}
        return next((name for kind, name in STORED_DTYPES.items() if kind in kinds), None)
    return None


def _parts(folder: Path) -> Iterator[tuple[str, Any]]:
    templates = folder / 'additional_chat_templates'
    for path in sorted([*folder.iterdir(), *templates.glob('*.jinja')]):
        if path.is_dir() or path.name.startswith(OF_TRAINING):
            continue
        name = path.relative_to(folder).as_posix()
        if path.suffix in WEIGHTS:
            yield name, _weights_hash(path)
        elif path.suffix in TEXTS or path.name in NAMED_TEXTS:
            yield name, sha256(path.read_bytes()).hexdigest()
        elif path.name == 'generation_config.json':
            yield name, _eos_ids(path)


def _eos_ids(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes()).get('eos_token_id')
    except (ValueError, AttributeError):
        return sha256(path.read_bytes()).hexdigest()


def _weights_hash(path: Path) -> str:
    size = path.stat().st_size
    digest = sha256(str(size).encode())
    with path.open('rb') as file:
        header = _header(file.fileno(), size) if path.suffix == '.safetensors' else b''
        digest.update(header)
        for place in _places(header, size):
            digest.update(os.pread(file.fileno(), SAMPLE_SIZE, place))
    return digest.hexdigest()


def _header(file: int, size: int) -> bytes:
    start = os.pread(file, 8, 0)
    if len(start) < 8:  # noqa: PLR2004 - the header's length is 8 bytes
        return b''
    (length,) = struct.unpack('<Q', start)
    return os.pread(file, length, 8) if length <= min(size, MAX_HEADER) else b''


def _places(header: bytes, size: int) -> list[int]:
    """Return where to read: the middle of each tensor, or evenly where they are not known."""
    tensors = _tensors(header)
    data = 8 + len(header)
    spans = [entry['data_offsets'] for entry in tensors.values() if 'data_offsets' in entry]
    places = sorted(data + (start + end) // 2 for start, end in spans)
    if not places:
        return [size * number // NUM_SAMPLES for number in range(NUM_SAMPLES)]
    return places[:: -(-len(places) // NUM_SAMPLES)]


def _tensors(header: bytes) -> dict[str, Any]:
    """Return what a safetensors header says of each tensor; nothing where it cannot be read."""
    try:
        tensors: dict[str, Any] = json.loads(header or b'{}')
    except ValueError:
        return {}
    return tensors
