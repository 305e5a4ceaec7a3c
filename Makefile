# Everything a fresh machine needs: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
TERRITORY ?= 03
POSITIONS ?= 30
OUT ?= out/plan-$(TERRITORY)
PYTEST := $(BIN)/python -m pytest -q -n 2

.DEFAULT_GOAL := help
.PHONY: help run test check static plan data bench lock clean browser

help:  ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/.run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed (found: $$($(PYTHON) --version)); set PYTHON=…"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked requirements (once)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "Installing the development requirements (once)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: $(VENV)/.run  ## Start the application at http://localhost:$(PORT)
	@PORT=$(PORT) $(BIN)/python app.py

static: $(VENV)/.dev  ## Format check, lint, types, import direction
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

browser: $(VENV)/.dev
	@.ci/chromium

test: static browser  ## Static checks and every test, the browser's included
	@$(PYTEST)

check: static  ## The same without the browser
	@$(PYTEST) -m "not browser"

plan: $(VENV)/.run  ## The main job without a screen: TERRITORY=03 POSITIONS=30 OUT=out/plan-03
	@$(BIN)/python -m planning plan --territory "$(TERRITORY)" --positions "$(POSITIONS)" --out "$(OUT)"

data: $(VENV)/.run  ## Fetch every official layer (internet needed)
	@$(BIN)/python -m geodata fetch --all

bench: $(VENV)/.dev  ## Measure speed and proofs; see docs/benchmarks.md
	@$(BIN)/python -m tests.bench

lock: $(VENV)/.dev  ## Lock the requirements again (versions and hashes only)
	@$(BIN)/uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url -o requirements.txt
	@$(BIN)/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --extra dev --extra snapshot -c requirements.txt -o requirements-dev.txt

clean:  ## Remove what was downloaded, computed or installed
	@rm -rf var out $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
