"""A real model as the judge: loaded, asked and resumed like any other."""

from pathlib import Path
from typing import Any

from tests.judges.runs import evaluator, judgements, result, write_judged
from tests.runs import CALC_MODEL, evaluate, run_folder, scores

PROMPT = '请计算：{answer} {prediction}'
"""The small model of the repository writes a JSON object whatever it is asked."""

VERDICTS = """
from evalkit.evaluators import VerdictError, Verdicts


class AnythingSaid(Verdicts):
    def read(self, judgement: str) -> str:
        if not judgement.strip():
            raise VerdictError('nothing was said')
        return 'A'
"""


def calc_judge(**keys: Any) -> dict[str, Any]:
    """Return the small model as a judge."""
    kind = 'evalkit.models.HuggingFacewithChatTemplate'
    path = str(CALC_MODEL)
    return {'type': kind, 'abbr': 'calc', 'path': path, 'max_out_len': 300, **keys}


def test_a_model_on_hugging_face_judges(tmp_path: Path) -> None:
    (tmp_path / 'own.py').write_text(VERDICTS)
    template = {'type': 'evalkit.prompts.PromptTemplate', 'template': PROMPT}
    scored = evaluator(
        judge_cfg=calc_judge(),
        prompt_template=template,
        dict_postprocessor={'type': 'own.AnythingSaid'},
    )
    write_judged(tmp_path, scored, number=2)
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 0, done.stderr
    records = judgements(tmp_path)
    assert sorted(record['index'] for record in records) == [0, 1]
    assert all(record['output'].startswith('```json') for record in records)
    counts = {key: result(tmp_path)['judge'][key] for key in ('model', 'needed', 'judged')}
    assert counts == {'model': 'calc', 'needed': 2, 'judged': 2}
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}
