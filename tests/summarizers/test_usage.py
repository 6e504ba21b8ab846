"""What services were asked, added up over the processes; judges on lines of their own."""

from pathlib import Path

import pytest

from tests.judges.runs import evaluator, judged
from tests.models.openai.fault_server import Act, Asked, FaultServer, error, say
from tests.runs import evaluate, run_folder, summary, write_config, write_words
from tests.served_words import NUM_WORDS, Words, check_usage, served


@pytest.mark.parametrize(
    'flags', [(), ('--num-replicas', '2'), ('--runner', 'ray', '--num-replicas', '2')]
)
def test_all_processes_of_a_model_are_added_up(tmp_path: Path, flags: tuple[str, ...]) -> None:
    write_words(tmp_path, NUM_WORDS)
    with FaultServer(Words()) as server:
        write_config(tmp_path, [served(server)])
        done = evaluate(tmp_path, 'words.py', *flags)
        assert done.returncode == 0, done.stderr
        assert len(server.asked) == NUM_WORDS + 1
    check_usage(tmp_path)
    assert 'judge_usage' not in summary(run_folder(tmp_path))


def test_a_resumed_run_adds_what_it_asks(tmp_path: Path) -> None:
    write_words(tmp_path, NUM_WORDS)
    words = Words()

    def moody(asked: Asked) -> Act:
        return error(400, 'not now') if 'word7.' in asked.text else words(asked)

    for script, code in ((moody, 3), (words, 0)):
        with FaultServer(script) as server:
            write_config(tmp_path, [served(server)])
            done = evaluate(tmp_path, 'words.py', *(('-r',) if code == 0 else ()))
            assert done.returncode == code, done.stderr
    usage = summary(run_folder(tmp_path))['usage']['served']
    assert usage['answers'] == NUM_WORDS
    assert usage['prompt_tokens'] == 7 * NUM_WORDS


def test_a_judge_has_a_line_of_its_own_even_under_the_name_of_the_model(tmp_path: Path) -> None:
    write_words(tmp_path, NUM_WORDS)
    words = Words()

    def script(asked: Asked) -> Act:
        return say('A') if 'A or B?' in asked.text else words(asked)

    with FaultServer(script) as server:
        judge = served(server, prices={'output': 1_000_000})
        dataset = judged(evaluator(judge_cfg=judge))
        write_config(tmp_path, [served(server)], [dataset])
        done = evaluate(tmp_path, 'words.py')
        assert done.returncode == 0, done.stderr
    found = summary(run_folder(tmp_path))
    usages = found['usage']['served'], found['judge_usage']['served']
    assert [usage['answers'] for usage in usages] == [NUM_WORDS, NUM_WORDS]
    assert usages[1]['cost'] == pytest.approx(3 * NUM_WORDS)
    lines = (run_folder(tmp_path) / 'summary' / 'summary.txt').read_text().splitlines()
    assert [line.split(':')[0] for line in lines if 'requests' in line] == [
        'served',
        'judge served',
    ]
