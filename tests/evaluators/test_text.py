import sys

import pytest

from evalkit.config import import_extra
from evalkit.errors import ConfigError
from evalkit.evaluators import (
    BleuEvaluator,
    JiebaRougeEvaluator,
    RougeEvaluator,
    Scores,
    Unscored,
)

OUTPUTS = ['hello there general kenobi', 'on our way to ankh morpork']
REFERENCES = [
    ['hello there general kenobi', 'hello there !'],
    ['goodbye ankh morpork', 'ankh morpork'],
]


def scored(found: Scores | Unscored) -> Scores:
    assert not isinstance(found, Unscored), found
    return found


def test_rouge_is_the_f1_of_shared_words_pairs_and_subsequences() -> None:
    # 2 of 3 words and 1 of 2 pairs are shared; the longest common subsequence has 2 words.
    scores = RougeEvaluator().score('the cat sat', 'The cat ran')
    expected = {'rouge1': 2 / 3, 'rouge2': 1 / 2, 'rougeL': 2 / 3, 'rougeLsum': 2 / 3}
    assert scores == pytest.approx(expected)
    assert list(scores) == list(expected)


def test_rouge_takes_the_best_of_several_references() -> None:
    assert RougeEvaluator().score('a dog', ['a cat', 'a dog'])['rouge1'] == 1.0


def test_an_empty_answer_has_a_rouge_of_0() -> None:
    assert set(RougeEvaluator().score('', 'a cat').values()) == {0.0}
    assert set(JiebaRougeEvaluator().score('', '一只猫').values()) == {0.0}


def test_rouge_of_a_reference_that_it_cannot_read_is_an_error_and_no_0() -> None:
    [found] = RougeEvaluator().score_all(['今天天气很好'], ['今天天气很好'])
    assert isinstance(found, Unscored)
    assert 'ROUGE knows no word of the reference; try JiebaRougeEvaluator' in found.error


def test_rouge_of_chinese_counts_the_words_of_jieba() -> None:
    # 我 喜欢 吃 苹果 and 我 喜欢 吃 香蕉
    scores = JiebaRougeEvaluator().score('我喜欢吃苹果', '我喜欢吃香蕉')
    assert scores == pytest.approx({'rouge1': 3 / 4, 'rouge2': 2 / 3, 'rougeL': 3 / 4}, abs=1e-6)


def test_rouge_of_chinese_reads_the_first_clause() -> None:
    assert JiebaRougeEvaluator().score('今天天气好.明天', '今天天气好')['rougeL'] == pytest.approx(
        1
    )


def test_bleu_is_that_of_the_corpus_and_not_the_mean_of_sentences() -> None:
    evaluator = BleuEvaluator()
    scores = [scored(found) for found in evaluator.score_all(OUTPUTS, REFERENCES)]
    assert scores[0] == {'score': pytest.approx(1.0)}
    metric = evaluator.aggregate(scores, [0, 1])['score']
    # 39.8 by the documentation of Hugging Face's `sacrebleu` metric.
    assert metric.value == pytest.approx(39.7635364)
    assert metric.value != pytest.approx(50 * sum(score['score'] for score in scores))
    sacrebleu = import_extra('sacrebleu', 'scoring')
    by_number = [list(column) for column in zip(*REFERENCES, strict=True)]
    assert metric.value == pytest.approx(sacrebleu.corpus_bleu(OUTPUTS, by_number).score)


def test_bleu_has_a_bootstrapped_error_of_whole_samples() -> None:
    evaluator = BleuEvaluator()
    outputs = ['a b c d e', 'a b c d x', 'a b c x y', 'a b x y z'] * 5
    scores = [scored(found) for found in evaluator.score_all(outputs, ['a b c d e'] * 20)]
    each = evaluator.aggregate(scores, range(20))['score']
    assert each == evaluator.aggregate(scores, range(20))['score']
    assert each.stderr is not None
    assert 2 < each.stderr < 10
    twice = evaluator.aggregate(
        [s for s in scores for _ in 'ab'], [n for n in range(20) for _ in 'ab']
    )
    assert twice['score'].stderr == pytest.approx(each.stderr)
    assert evaluator.aggregate(scores[:2], [7, 7])['score'].stderr is None


def test_bleu_of_chinese_can_be_by_character() -> None:
    output, reference = '今天天气很好', '今天天气不好'
    assert BleuEvaluator().score(output, reference)['score'] == pytest.approx(0.0)
    by_character = BleuEvaluator(tokenize='zh').score(output, reference)
    # 5 of 6 characters, 3 of 5 pairs, 2 of 4 triples and 1 of 3 quadruples are shared.
    assert by_character['score'] == pytest.approx((5 / 6 * 3 / 5 * 2 / 4 * 1 / 3) ** 0.25)


def test_a_missing_package_is_named_with_the_line_that_installs_it() -> None:
    with pytest.raises(
        ConfigError, match=r"^no_such_package is not installed: pip install 'evalkit\[scoring\]"
    ):
        import_extra('no_such_package.part', 'scoring')


def test_the_packages_are_imported_only_when_they_are_needed() -> None:
    import subprocess

    program = (
        'import sys, evalkit.evaluators, evalkit.prompts; '
        "print({'jieba', 'sacrebleu', 'rouge_score', 'sympy', 'numpy', 'torch'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, '-c', program], capture_output=True, text=True, check=True
    )
    assert done.stdout == 'set()\n'
