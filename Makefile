# Two commands for newcomers: `make serve` and `make test`. Each sets up all it needs in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 4040
# Where `make serve` keeps its database; empty means the platform's data folder.
DATA ?=
MUSIC ?=
# More arguments for pytest, e.g. make test T="-m 'not slow'" or T="-k range"
T ?=

PROJECTS := $(wildcard pyproject.toml core/pyproject.toml subsonic_api/pyproject.toml plugins/*/pyproject.toml)

.DEFAULT_GOAL := help
.PHONY: help serve test check format bench clean

help: ## What can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

# A new entry point needs a reinstall even of an editable, hence the stamp on every pyproject.toml.
$(VENV)/.stamp: $(PROJECTS) contrib/dev/requirements.txt contrib/dev/constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Hydrophone needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)."; \
	    echo "Try: make PYTHON=python3.12 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "No virtual environment: on Debian and Ubuntu, apt install python3-venv."; exit 1; }
	@echo "Installing into $(VENV) (once; a minute or two) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  -c contrib/dev/constraints.txt -r contrib/dev/requirements.txt \
	  $$(command -v ffmpeg >/dev/null 2>&1 || echo imageio-ffmpeg)
	@touch $@

serve: $(VENV)/.stamp ## Serve the demo library, or MUSIC=/path; PORT=4040 DATA=/path
	@$(BIN)/hydrophone serve --port $(PORT) $(if $(DATA),--data "$(DATA)") \
	  $(if $(MUSIC),--music "$(MUSIC)",--demo)

test: $(VENV)/.stamp ## Run all tests; T="-m 'not slow'" for the quick ones, T="-k word" for some
	@$(BIN)/python -m pytest -n auto --dist worksteal $(T)

check: $(VENV)/.stamp ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@for plugin in plugins/*/; do (cd $$plugin && ../../$(BIN)/mypy) || exit 1; done

format: $(VENV)/.stamp ## Let ruff format and sort
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: $(VENV)/.stamp ## Speed and memory, each with its ratio to a bound of the same run
	@$(BIN)/python -m contrib.bench.run

clean: ## Remove .venv and caches (never your data)
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
