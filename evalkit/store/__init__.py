"""Where artefacts live and how they survive: keys, records, manifests, files and locks."""

from evalkit.store.files import preflight, read_json, write_atomic, write_json
from evalkit.store.keys import answer_key, content_hash
from evalkit.store.lock import RunLock
from evalkit.store.manifest import is_done, write_manifest
from evalkit.store.names import safe_name
from evalkit.store.reader import read_latest, read_predictions, scan_answers
from evalkit.store.results import read_result, write_result
from evalkit.store.workspace import Workspace, find_run, new_run
from evalkit.store.writer import PredictionWriter

__all__ = [
    'PredictionWriter',
    'RunLock',
    'Workspace',
    'answer_key',
    'content_hash',
    'find_run',
    'is_done',
    'new_run',
    'preflight',
    'read_json',
    'read_latest',
    'read_predictions',
    'read_result',
    'safe_name',
    'scan_answers',
    'write_atomic',
    'write_json',
    'write_manifest',
    'write_result',
]
