from pathlib import Path

from evalkit.store.mounts import find_mount
from tests.store.conftest import Mount


def test_the_deepest_mount_above_a_path_counts(tmp_path: Path) -> None:
    mounts = tmp_path / 'mounts'
    mounts.write_text(
        f'/dev/sda / ext4 rw 0 0\n'
        f'server:/a {tmp_path}/a nfs4 rw 0 0\n'
        f'tmpfs {tmp_path}/a/b tmpfs rw 0 0\n'
        f'//server/c {tmp_path}/with\\040space cifs rw 0 0\n'
    )
    assert find_mount(tmp_path, mounts).kind == 'ext4'
    assert find_mount(tmp_path / 'a' / 'run', mounts).kind == 'nfs4'
    assert find_mount(tmp_path / 'ab', mounts).kind == 'ext4'
    assert find_mount(tmp_path / 'a' / 'b' / 'run', mounts).kind == 'tmpfs'
    assert find_mount(tmp_path / 'with space', mounts).kind == 'cifs'


def test_the_later_of_two_mounts_on_one_folder_counts(tmp_path: Path) -> None:
    mounts = tmp_path / 'mounts'
    mounts.write_text('none / autofs rw 0 0\nserver:/a / nfs rw 0 0\n')
    assert find_mount(tmp_path, mounts).kind == 'nfs'


def test_a_real_mount_is_seen_through_a_link(tmp_path: Path, mount: Mount) -> None:
    disk = mount('size=1m')
    (tmp_path / 'link').symlink_to(disk)
    assert find_mount(tmp_path / 'link' / 'run').kind == 'tmpfs'


def test_without_a_table_the_type_is_unknown(tmp_path: Path) -> None:
    assert find_mount(tmp_path, tmp_path / 'none').kind == 'unknown'


def test_options_tell_whether_other_hosts_see_a_lock(tmp_path: Path) -> None:
    mounts = tmp_path / 'mounts'
    table = {
        'a': ('nfs4 rw,vers=4.2,local_lock=none', False),
        'b': ('nfs rw,vers=3,local_lock=flock', True),
        'c': ('nfs rw,nolock', True),
        'd': ('lustre rw,flock', False),
        'e': ('lustre rw,localflock', True),
        'f': ('fuse.sshfs rw', True),
        'g': ('ext4 rw,nolock', False),
    }
    rows = [f'server:/x {tmp_path}/{name} {kind} 0 0\n' for name, (kind, _) in table.items()]
    mounts.write_text(''.join(rows))
    found = {name: find_mount(tmp_path / name, mounts).is_blind for name in table}
    assert found == {name: is_blind for name, (_, is_blind) in table.items()}
