"""Rows 1 to 4 and 9 to 11 of docs/faults.md, by `run.py` and a real server that misbehaves."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.models.openai.fault_server import Act, Asked, FaultServer, error, say
from tests.runs import evaluate, records, run_folder, scores, write_config, write_words

PLACE = ('words', 'api')
KEY = 'sk-canary-0123456789'


def api(**keys: Any) -> dict[str, Any]:
    """Return the config of a model behind an API, as OpenCompass writes it."""
    meta_template = {
        'round': [
            {'role': 'HUMAN', 'api_role': 'HUMAN'},
            {'role': 'BOT', 'api_role': 'BOT', 'generate': True},
        ]
    }
    return {
        'type': 'evalkit.models.OpenAISDK',
        'abbr': 'api',
        'path': 'm',
        'key': KEY,
        'meta_template': meta_template,
        'query_per_second': 1000,
        'batch_size': 8,
        'retry': 2,
        'backoff_seconds': 0.05,
        **keys,
    }


def well(asked: Asked) -> Act:
    """Answer `Say word7.` rightly."""
    return say(asked.text.split()[-1].rstrip('.'))


def run(folder: Path, server: FaultServer, *arguments: str) -> tuple[int, str]:
    """Evaluate and return the exit code and all that was said."""
    done = evaluate(folder, 'words.py', *arguments, OPENAI_BASE_URL=server.base)
    return done.returncode, done.stdout + done.stderr


def prepare(folder: Path, **keys: Any) -> None:
    write_words(folder)
    write_config(folder, [api(**keys)])


def but(word: str, act: Act) -> Callable[[Asked], Act]:
    """Do something else for one question."""
    return lambda asked: act if f'{word}.' in asked.text else well(asked)


def test_a_429_only_costs_time(tmp_path: Path) -> None:
    prepare(tmp_path, max_workers=2)
    late = error(429, 'slow down', {'Retry-After': '1'})
    with FaultServer(lambda asked: late if asked.number == 4 else well(asked)) as server:
        code, said = run(tmp_path, server)
    assert code == 0, said
    assert scores(run_folder(tmp_path)) == {PLACE: 100.0}
    assert len(server.asked) == 11


def test_a_dead_endpoint_leaves_a_run_that_asks_only_the_rest(tmp_path: Path) -> None:
    prepare(tmp_path, max_workers=1)
    dead = error(503, 'overloaded')
    with FaultServer(lambda asked: well(asked) if asked.number <= 4 else dead) as server:
        code, said = run(tmp_path, server)
    assert code == 4, said
    kept = [record for record in records(run_folder(tmp_path)) if record['error'] is None]
    assert len(kept) == 4
    with FaultServer(well) as server:
        code, said = run(tmp_path, server, '-r')
    assert code == 0, said
    assert len(server.asked) == 6
    assert scores(run_folder(tmp_path)) == {PLACE: 100.0}


def test_a_wrong_key_costs_one_request_and_is_a_mistake_of_the_config(tmp_path: Path) -> None:
    prepare(tmp_path)
    with FaultServer(lambda _: error(401, 'Incorrect API key provided')) as server:
        code, said = run(tmp_path, server)
    assert code == 2, said
    assert '401 AuthenticationError: Incorrect API key provided' in said
    assert len(server.asked) == 1


def test_a_poisoned_prompt_is_missing_from_the_score_and_said_to_be(tmp_path: Path) -> None:
    prepare(tmp_path)
    with FaultServer(but('word7', error(400, 'poison'))) as server:
        code, said = run(tmp_path, server)
    assert code == 3, said
    assert '(9/10)' in said
    assert len(server.asked) == 10
    [failed] = [record for record in records(run_folder(tmp_path)) if record['error']]
    assert failed['error'] == 'bad_request: 400 BadRequestError: poison'


def test_empty_truncated_and_filtered_answers_are_counted_apart(tmp_path: Path) -> None:
    prepare(tmp_path)
    odd = {
        'word1.': say(None),
        'word2.': say('word2', 'length'),
        'word3.': say('', 'content_filter'),
    }

    def script(asked: Asked) -> Act:
        return odd.get(asked.text.split()[-1]) or well(asked)

    with FaultServer(script) as server:
        code, said = run(tmp_path, server)
    assert code == 0, said
    for text in ('1 empty', '1 truncated', '1 filtered'):
        assert text in said
    assert len(server.asked) == 10
    [empty] = [record for record in records(run_folder(tmp_path)) if record['index'] == 1]
    assert '"content": null' in empty['extra']['raw']


def test_what_the_api_counted_is_written_beside_the_answers(tmp_path: Path) -> None:
    prepare(tmp_path, prices={'prompt': 1.0, 'output': 2.0})
    with FaultServer(well) as server:
        run(tmp_path, server)
    [path] = run_folder(tmp_path).rglob('engine.json')
    engine = json.loads(path.read_text())
    assert (engine['requests'], engine['served_model']) == (10, 'served-model')
    assert engine['cost'] == 10 * (7 * 1.0 + 3 * 2.0) / 1_000_000


def test_the_key_is_in_no_file_and_in_no_output(tmp_path: Path) -> None:
    prepare(tmp_path)
    with FaultServer(but('word7', error(500, 'broken'))) as server:
        _, said = run(tmp_path, server)
        assert server.asked[0].headers['authorization'] == f'Bearer {KEY}'
    assert KEY not in said
    for path in (tmp_path / 'outputs').rglob('*'):
        assert not path.is_file() or KEY.encode() not in path.read_bytes(), path
