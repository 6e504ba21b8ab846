from pathlib import Path

from evalkit.store import PredictionWriter, is_done, read_json, write_manifest
from tests.store.samples import a_prediction

KEYS = ['b', 'a', 'c']


def a_done_folder(folder: Path) -> Path:
    with PredictionWriter(folder / 'all.jsonl') as writer:
        for index, key in enumerate(KEYS):
            writer.append(a_prediction(index, key=key))
    write_manifest(folder, KEYS)
    return folder


def test_a_folder_is_done_for_the_same_keys_in_any_order(tmp_path: Path) -> None:
    folder = a_done_folder(tmp_path)
    assert is_done(folder, KEYS)
    assert is_done(folder, (key for key in sorted(KEYS)))


def test_a_folder_is_not_done_for_other_keys(tmp_path: Path) -> None:
    folder = a_done_folder(tmp_path)
    assert not is_done(folder, ['a', 'b'])
    assert not is_done(folder, ['a', 'b', 'c', 'd'])
    assert not is_done(folder, ['a', 'b', 'c', 'c'])
    assert not is_done(folder, ['a', 'b', 'changed'])
    assert not is_done(folder, [])


def test_predictions_without_a_manifest_are_not_done(tmp_path: Path) -> None:
    folder = a_done_folder(tmp_path)
    (folder / 'manifest.json').unlink()
    assert not is_done(folder, KEYS)
    assert not is_done(tmp_path / 'none', KEYS)


def test_a_lost_cut_or_added_shard_undoes_the_manifest(tmp_path: Path) -> None:
    folder = a_done_folder(tmp_path)
    shard = folder / 'all.jsonl'
    whole = shard.read_bytes()
    shard.write_bytes(whole[:-7])
    assert not is_done(folder, KEYS)
    shard.write_bytes(whole)
    assert is_done(folder, KEYS)
    (folder / 'more.jsonl').touch()
    assert not is_done(folder, KEYS)
    (folder / 'more.jsonl').unlink()
    shard.unlink()
    assert not is_done(folder, KEYS)


def test_a_broken_manifest_is_not_done(tmp_path: Path) -> None:
    folder = a_done_folder(tmp_path)
    for text in ['', '[]', '{"num_records": 3}', '\x00' * 100]:
        (folder / 'manifest.json').write_text(text)
        assert not is_done(folder, KEYS)


def test_a_manifest_tells_the_number_of_records(tmp_path: Path) -> None:
    manifest = read_json(a_done_folder(tmp_path) / 'manifest.json')
    assert manifest['num_records'] == 3
    assert manifest['file_bytes'] == {'all.jsonl': (tmp_path / 'all.jsonl').stat().st_size}
    assert manifest['keys_hash'].startswith('ea7fb08b7a2dc4619ffb7c7bb38d95a2')


def test_keys_may_be_any_text(tmp_path: Path) -> None:
    write_manifest(tmp_path, ['\ud83d', ''])
    assert is_done(tmp_path, ['', '\ud83d'])
    assert not is_done(tmp_path, ['', '\ude00'])
