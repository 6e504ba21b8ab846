# `make check` is what CI runs; PYTHON names the interpreter of the environment to use.
PYTHON ?= python

.PHONY: check lint types layers test format

check: lint types layers test

lint:
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .

types:
	$(PYTHON) -m mypy

layers:
	lint-imports

test:
	$(PYTHON) -m pytest

format:
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .
