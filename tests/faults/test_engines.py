"""Rows 22 and 23: an engine runs out of memory, dies, or never gets ready."""

from pathlib import Path
from typing import Any

from tests.runs import (
    acknowledged,
    dataset,
    evaluate,
    processes,
    records,
    run_folder,
    scores,
    values,
    write_config,
    write_words,
)
from tests.tiny_model import save_tiny_llama

NUM_SAMPLES = 40

OWN_ENGINE = """
import subprocess
import sys

import evalkit.models
from evalkit.errors import BackendError
from evalkit.models.engine import EngineModel
from evalkit.models.engine.startup import EngineLog, Launch, start
from evalkit.types import Completion

SERVER = '''
import sys, time
print('reading weights', flush=True)
time.sleep(600 * ('hang' in sys.argv))
print('ready', flush=True)
for number, line in enumerate(sys.stdin):
    if number == int(sys.argv[1]):
        sys.exit(3)
    print(line.split()[-1].rstrip('.'), flush=True)
'''

class Stub(EngineModel):
    TRANSPORT_KEYS = EngineModel.TRANSPORT_KEYS | {'lifetime', 'hangs'}

    def __init__(self, path, *, lifetime=1000, hangs=False, startup_timeout=None):
        self.command = [sys.executable, '-c', SERVER, str(lifetime), *(['hang'] * hangs)]
        self.engine = start(Launch('Stub', 'x', self.launch, startup_timeout), EngineLog())

    def launch(self):
        pipe = subprocess.PIPE
        engine = subprocess.Popen(self.command, stdin=pipe, stdout=pipe, text=True, bufsize=1)
        for line in engine.stdout:
            if line == 'ready\\n':
                return engine
            sys.stdout.write(line)
            sys.stdout.flush()
        raise RuntimeError(f'the process ended with {engine.wait()}')

    def generate(self, requests):
        for request in requests:
            try:
                self.engine.stdin.write(f'{request.prompt}\\n')
            except BrokenPipeError:
                pass
            answer = self.engine.stdout.readline()
            if not answer:
                raise BackendError(f'the engine process of Stub died: {self.engine.wait()}')
            yield Completion(request.key, answer.strip())

    def describe(self):
        return {'engine': 'stub'}

    def close(self):
        self.engine.kill()
        self.engine.communicate()


class Greedy(evalkit.models.HuggingFaceBaseModel):
    def decode_batch(self, rows):
        import torch

        if len(rows) > 8 or any('word7.' in row.request.prompt for row in rows):
            raise torch.OutOfMemoryError('CUDA out of memory. Tried to allocate 2.00 GiB')
        return super().decode_batch(rows)
"""


def stub(**keys: Any) -> dict[str, Any]:
    """Return the config of a model whose engine is a process of its own."""
    return {'type': 'own_engine.Stub', 'abbr': 'stub', 'path': 'stub', **keys}


def write(folder: Path, model: dict[str, Any]) -> None:
    """Write the engine, the questions and a config."""
    (folder / 'own_engine.py').write_text(OWN_ENGINE)
    write_words(folder, NUM_SAMPLES)
    write_config(folder, [model])


def test_an_engine_that_dies_is_started_again_and_nothing_is_lost(tmp_path: Path) -> None:
    write(tmp_path, stub(lifetime=15))
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 0, done.stderr
    found = run_folder(tmp_path)
    assert sorted(record['index'] for record in records(found)) == list(range(NUM_SAMPLES))
    assert scores(found) == {('words', 'stub'): 100.0}
    assert 'the engine process of Stub died: 3' in done.stderr


def test_an_engine_that_dies_too_often_leaves_its_questions_open(tmp_path: Path) -> None:
    write(tmp_path, stub(lifetime=15))
    done = evaluate(tmp_path, 'words.py', '--retry', 0)
    assert done.returncode == 4
    assert 'the engine process of Stub died: 3' in done.stdout
    found = run_folder(tmp_path)
    assert len(acknowledged(found)) == len(records(found)) == 15
    write(tmp_path, stub())
    again = evaluate(tmp_path, 'words.py', '-r')
    assert again.returncode == 0, again.stderr
    assert sorted(record['index'] for record in records(found)) == list(range(NUM_SAMPLES))


def test_an_engine_that_never_gets_ready_is_ended_and_tried_again(
    tmp_path: Path, mark: str
) -> None:
    write(tmp_path, stub(hangs=True, run_cfg={'startup_timeout': 2}))
    done = evaluate(tmp_path, 'words.py', '--retry', 1, mark=mark)
    assert done.returncode == 4
    reason = (
        'Stub was not ready after 2 s, so that it was ended; its log: reading weights; '
        'a model that needs longer takes run_cfg.startup_timeout (seconds)'
    )
    found = run_folder(tmp_path)
    assert reason in done.stdout
    assert next((found / 'logs' / 'infer').rglob('*.log')).read_text().count('--- attempt') == 2
    assert processes(mark) == []
    write(tmp_path, stub())
    assert evaluate(tmp_path, 'words.py', '-r').returncode == 0
    assert scores(found) == {('words', 'stub'): 100.0}


def test_a_batch_out_of_memory_is_halved_and_a_sample_out_of_memory_fails_alone(
    tmp_path: Path,
) -> None:
    model = {
        'type': 'own_engine.Greedy',
        'abbr': 'tiny',
        'path': str(save_tiny_llama(tmp_path / 'tiny')),
    }
    write(tmp_path, model)
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 3, done.stderr
    found = run_folder(tmp_path)
    [failed] = [record for record in records(found) if record['error'] is not None]
    assert failed['index'] == 7
    assert failed['error'].startswith('out_of_memory: CUDA out of memory.')
    assert values(found)['words', 'tiny']['n_ok'] == NUM_SAMPLES - 1
    whole = {**model, 'type': 'evalkit.models.HuggingFaceBaseModel'}
    write_config(tmp_path, [whole], [dataset()], name='whole.py')
    assert evaluate(tmp_path, 'whole.py').returncode == 0
    answers = {record['index']: record['output'] for record in records(found)}
    free = records(run_folder(tmp_path, 'outputs/whole'))
    assert answers == {**{record['index']: record['output'] for record in free}, 7: ''}
