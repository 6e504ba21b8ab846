"""Numbers of system calls, by name: (x86_64, aarch64); None where a machine does not have one."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MACHINES = ('x86_64', 'aarch64')

NUMBERS: Mapping[str, tuple[int | None, int | None]] = {
    'acct': (163, 89),
    'add_key': (248, 217),
    'adjtimex': (159, 171),
    'bpf': (321, 280),
    'capset': (126, 91),
    'chmod': (90, None),
    'chown': (92, None),
    'chroot': (161, 51),
    'clock_adjtime': (305, 266),
    'clock_settime': (227, 112),
    'clone': (56, 220),
    'clone3': (435, 435),
    'delete_module': (176, 106),
    'fchmod': (91, 52),
    'fchmodat': (268, 53),
    'fchmodat2': (452, 452),
    'fchown': (93, 55),
    'fchownat': (260, 54),
    'file_setattr': (469, 469),
    'finit_module': (313, 273),
    'fremovexattr': (199, 16),
    'fsconfig': (431, 431),
    'fsetxattr': (190, 7),
    'fsmount': (432, 432),
    'fsopen': (430, 430),
    'fspick': (433, 433),
    'futimesat': (261, None),
    'init_module': (175, 105),
    'io_uring_enter': (426, 426),
    'io_uring_register': (427, 427),
    'io_uring_setup': (425, 425),
    'kcmp': (312, 272),
    'kexec_file_load': (320, 294),
    'kexec_load': (246, 104),
    'keyctl': (250, 219),
    'kill': (62, 129),
    'landlock_add_rule': (445, 445),
    'landlock_create_ruleset': (444, 444),
    'landlock_restrict_self': (446, 446),
    'lchown': (94, None),
    'lremovexattr': (198, 15),
    'lsetxattr': (189, 6),
    'memfd_create': (319, 279),
    'memfd_secret': (447, 447),
    'mknod': (133, None),
    'mknodat': (259, 33),
    'mount': (165, 40),
    'mount_setattr': (442, 442),
    'move_mount': (429, 429),
    'mq_open': (240, 180),
    'msgget': (68, 186),
    'name_to_handle_at': (303, 264),
    'open_by_handle_at': (304, 265),
    'open_tree': (428, 428),
    'perf_event_open': (298, 241),
    'personality': (135, 92),
    'pidfd_getfd': (438, 438),
    'pidfd_send_signal': (424, 424),
    'pivot_root': (155, 41),
    'prlimit64': (302, 261),
    'process_vm_readv': (310, 270),
    'process_vm_writev': (311, 271),
    'ptrace': (101, 117),
    'quotactl': (179, 60),
    'reboot': (169, 142),
    'removexattr': (197, 14),
    'removexattrat': (466, 466),
    'request_key': (249, 218),
    'rt_sigqueueinfo': (129, 138),
    'rt_tgsigqueueinfo': (297, 240),
    'semget': (64, 190),
    'setdomainname': (171, 162),
    'sethostname': (170, 161),
    'setns': (308, 268),
    'setpriority': (141, 140),
    'settimeofday': (164, 170),
    'setxattr': (188, 5),
    'setxattrat': (463, 463),
    'shmget': (29, 194),
    'socket': (41, 198),
    'swapoff': (168, 225),
    'swapon': (167, 224),
    'syslog': (103, 116),
    'tgkill': (234, 131),
    'tkill': (200, 130),
    'truncate': (76, 45),
    'umount2': (166, 39),
    'unshare': (272, 97),
    'userfaultfd': (323, 282),
    'utime': (132, None),
    'utimensat': (280, 88),
    'utimes': (235, None),
    'vhangup': (153, 58),
}


def number(name: str) -> int:
    """Return the number of a system call of this machine."""
    [found] = numbers([name])
    return found


def numbers(names: Iterable[str]) -> list[int]:
    """Return the numbers of those system calls that this machine has."""
    column = MACHINES.index(os.uname().machine)
    found = (NUMBERS[name][column] for name in names)
    return [value for value in found if value is not None]
