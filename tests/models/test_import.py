import subprocess
import sys

PROGRAM = """
import pkgutil, sys, importlib, evalkit.models
for module in pkgutil.iter_modules(evalkit.models.__path__):
    importlib.import_module(f'evalkit.models.{module.name}')
heavy = {'torch', 'transformers', 'peft', 'vllm', 'sglang', 'lmdeploy'} & set(sys.modules)
sys.exit(f'imported {heavy}' if heavy else 0)
"""


def test_importing_the_models_imports_no_engine() -> None:
    done = subprocess.run([sys.executable, '-c', PROGRAM], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, '')
