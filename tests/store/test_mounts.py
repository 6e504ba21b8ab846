from pathlib import Path

from evalkit.store.mounts import file_system_type
from tests.store.conftest import Mount


def test_the_deepest_mount_above_a_path_counts(tmp_path: Path) -> None:
    mounts = tmp_path / 'mounts'
    mounts.write_text(
        f'/dev/sda / ext4 rw 0 0\n'
        f'server:/a {tmp_path}/a nfs4 rw 0 0\n'
        f'tmpfs {tmp_path}/a/b tmpfs rw 0 0\n'
        f'//server/c {tmp_path}/with\\040space cifs rw 0 0\n'
    )
    assert file_system_type(tmp_path, mounts) == 'ext4'
    assert file_system_type(tmp_path / 'a' / 'run', mounts) == 'nfs4'
    assert file_system_type(tmp_path / 'ab', mounts) == 'ext4'
    assert file_system_type(tmp_path / 'a' / 'b' / 'run', mounts) == 'tmpfs'
    assert file_system_type(tmp_path / 'with space', mounts) == 'cifs'


def test_the_later_of_two_mounts_on_one_folder_counts(tmp_path: Path) -> None:
    mounts = tmp_path / 'mounts'
    mounts.write_text('none / autofs rw 0 0\nserver:/a / nfs rw 0 0\n')
    assert file_system_type(tmp_path, mounts) == 'nfs'


def test_a_real_mount_is_seen_through_a_link(tmp_path: Path, mount: Mount) -> None:
    disk = mount('size=1m')
    (tmp_path / 'link').symlink_to(disk)
    assert file_system_type(tmp_path / 'link' / 'run') == 'tmpfs'


def test_without_a_table_the_type_is_unknown(tmp_path: Path) -> None:
    assert file_system_type(tmp_path, tmp_path / 'none') == 'unknown'
