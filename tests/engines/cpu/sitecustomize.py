"""Lets published wheels of the engines be imported beside a CPU build of torch.

Python imports this module by itself at its start, in spawned processes too, where the folder is on
PYTHONPATH. Nothing is imported until a module of `HOOKS` is.
"""

import importlib
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, NamedTuple


class Hook(NamedTuple):
    """What is done before and after a module is executed."""

    before: Callable[[], Any]
    after: Callable[[ModuleType], Any]


def define_torchvision_operators() -> None:
    """Declare the operators that torchvision's wheel expects its CUDA library to bring."""
    torch = importlib.import_module('torch')
    schema = '(Tensor dets, Tensor scores, float iou_threshold) -> Tensor'
    for name in ('nms', 'qnms'):
        if not hasattr(torch.ops.torchvision, name):
            torch.library.define(f'torchvision::{name}', schema)


def on_cpu(function: str) -> Callable[..., Any]:
    """Return a call of a function of `lmdeploy_on_cpu`, which is imported only then."""
    return lambda *args: getattr(importlib.import_module('lmdeploy_on_cpu'), function)(*args)


def nothing(*_: Any) -> None:
    """Do nothing."""


HOOKS = {
    'torchvision._meta_registrations': Hook(define_torchvision_operators, nothing),
    'lmdeploy': Hook(on_cpu('stand_in_for_cuda'), nothing),
    'lmdeploy.utils': Hook(nothing, on_cpu('allow_bfloat16')),
    'lmdeploy.pytorch.backends.selector': Hook(nothing, on_cpu('select_cpu_operators')),
}


class HookFinder(MetaPathFinder):
    """Finds the modules of `HOOKS` as Python does, and runs their hooks around them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the module's spec, with a loader that runs the hooks."""
        if fullname not in HOOKS:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            run_around(spec.loader, HOOKS[fullname])
        return spec


def run_around(loader: Any, hook: Hook) -> None:
    """Make `loader` run the hook's functions."""
    execute = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        hook.before()
        execute(module)
        hook.after(module)

    loader.exec_module = exec_module


sys.meta_path.insert(0, HookFinder())
