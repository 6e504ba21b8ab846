"""Stands in for SGLang's compiled kernels, of which no CPU build is published.

SGLang imports names of it everywhere; on a CPU its paths in plain torch call none of them. Each
call raises, so that no test passes by a kernel that is not there.
"""

import functools
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import torch

__version__ = '0.0.0'


class Kernel:
    """A kernel that does not exist, or a namespace of such."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __call__(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError(f'{self.__name__} is a CUDA kernel, and this is a CPU')

    def __getattr__(self, name: str) -> 'Kernel':
        return missing(self.__name__, name)


def missing(owner: str, name: str) -> Kernel:
    """Return the kernel `name`; Python's own attributes stay missing."""
    if name.startswith('__'):
        raise AttributeError(name)
    return Kernel(f'{owner}.{name}')


def __getattr__(name: str) -> Kernel:
    return missing(__name__, name)


class Submodules(MetaPathFinder, Loader):
    """Finds every `sgl_kernel.x` as a module of missing kernels."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return a spec for whatever stands below this package."""
        is_below = fullname.startswith(f'{__name__}.')
        return ModuleSpec(fullname, self, is_package=True) if is_below else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return a module whose attributes are missing kernels."""
        module = ModuleType(spec.name)
        module.__path__ = []
        vars(module)['__getattr__'] = functools.partial(missing, spec.name)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Leave the module as it was made."""


def without_pinning(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` without its argument `pin_memory`, which needs CUDA."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **{key: kwargs[key] for key in kwargs if key != 'pin_memory'})

    return call


sys.meta_path.append(Submodules())
for _name in ('empty', 'zeros', 'ones', 'tensor', 'arange', 'full'):  # SGLang's LoRA pins them
    setattr(torch, _name, without_pinning(getattr(torch, _name)))
torch.Tensor.pin_memory = lambda self, *_, **__: self
