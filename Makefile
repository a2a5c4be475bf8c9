# Everything runs in a virtual environment inside this folder; nothing is installed anywhere else.
# `make help` lists the targets.

.DEFAULT_GOAL := help
.PHONY: help demo test test-all explore bench lint format lock clean

# The first of these that runs and is new enough. Those that can build the durable-rules engine come first.
# It is tried, not looked up: a version manager's stand-in may be on the path with no Python behind it.
ifndef PYTHON
PYTHON = $(shell for python in python3.12 python3.11 python3 python3.13 python3.14; do \
	if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$python; break; fi; done)
endif

WITHOUT_DURABLE ?=
VENV ?= .venv$(if $(WITHOUT_DURABLE),-without-durable)
BIN := $(VENV)/bin
# The pinned versions the library runs on: `runtime`, or `lowest`, the oldest that pyproject.toml allows.
PINS ?= runtime
WORKERS ?= 2
COVERAGE ?= --cov

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
INSTALL := $(BIN)/python -m pip install -qq --no-build-isolation --require-hashes

help:
	@echo 'make demo      settle an example contract and show the statement, the reasons and the proof'
	@echo 'make test      the test suite with its coverage gate'
	@echo 'make test-all  the suite on every Python found (3.11, 3.12, 3.13) and on the oldest dependencies allowed'
	@echo 'make explore   the suite with random examples that are new on every run'
	@echo 'make bench     how fast it is, beside plain Python and another engine; about three minutes'
	@echo 'make lint      style, types (two checkers) and layers'
	@echo 'make format    mend the style where a tool can'
	@echo 'make lock      work out the pinned versions again; UPGRADE=1 for the newest'
	@echo 'make clean     remove the virtual environments and everything else that make made'
	@echo
	@echo 'PYTHON=python3.12 VENV=.venv-3.12  chooses the Python and where its environment goes'
	@echo 'WITHOUT_DURABLE=1                  goes without the durable-rules engine, which needs a C compiler'

demo: $(VENV)/.runs
	@$(BIN)/python -m bpo_contracts.cli.demo

test: $(VENV)/.tests
	@$(BIN)/python -m pytest -n $(WORKERS) $(COVERAGE)

explore: $(VENV)/.tests
	@$(BIN)/python -m pytest -n $(WORKERS) --hypothesis-profile=default

bench: $(VENV)/.runs
	@$(BIN)/python -m pip install -qq -r benchmarks/requirements.txt && $(BIN)/python benchmarks/run.py

# All checks run, also after one has failed.
lint: $(VENV)/.lints
	@failed=0; \
	for check in 'ruff check' 'ruff format --check' mypy 'pyright --pythonpath $(BIN)/python' 'lint-imports --no-logo'; do \
		echo "== $$check"; $(BIN)/$$check || failed=1; \
	done; \
	exit $$failed

format: $(VENV)/.lints
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

test-all:
	@tested=; absent=; failed=; \
	for version in 3.11 3.12 3.13; do \
		found=; \
		for python in python$$version "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/$$version.*/bin/python /usr/bin/python$$version; do \
			if "$$python" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$$version')" >/dev/null 2>&1; then \
				found=$$python; break; \
			fi; \
		done; \
		if [ -z "$$found" ]; then absent="$$absent $$version"; continue; fi; \
		for pins in runtime lowest; do \
			if [ $$pins = lowest ] && [ $$version != 3.11 ]; then continue; fi; \
			run=$$version; [ $$pins = runtime ] || run=$$version-$$pins; \
			echo "== Python $$run"; \
			if $(MAKE) --no-print-directory test PYTHON="$$found" VENV=.venv-$$run PINS=$$pins COVERAGE=; \
			then tested="$$tested $$run"; else failed="$$failed $$run"; fi; \
		done; \
	done; \
	echo; \
	echo "passed:$${tested:- none}"; \
	echo "failed:$${failed:- none}"; \
	echo "not found on this machine:$${absent:- none}"; \
	[ -n "$$tested" ] && [ -z "$$failed" ]

# ---------------------------------------------------------------------------------------- the environment
# Three stamps, each adding to the one before: what it takes to run, to test, to lint. A stamp is older than
# the files it was made from as soon as one of them changes, and only then is anything installed.

$(VENV)/.runs: pyproject.toml tools/look.py requirements/build.txt requirements/$(PINS).txt requirements/durable.txt
	@python="$(PYTHON)"; \
	if [ -z "$$python" ] || ! "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		echo "Python 3.11 or later is needed, and $${python:-what was found on the path} is not."; \
		echo '  Debian 12, Ubuntu 24.04 and later:  apt-get install python3 python3-venv python3-dev gcc libc6-dev'; \
		echo '  Fedora:                             dnf install python3.12 python3.12-devel gcc'; \
		echo '  macOS:                              brew install python@3.12'; \
		exit 1; \
	fi >&2; \
	"$$python" tools/look.py $(if $(WITHOUT_DURABLE),--without-durable) || exit 1; \
	echo "Installing into $(VENV) with $$("$$python" -V); this takes up to a minute, once."; \
	"$$python" -m venv $(VENV)
	@$(INSTALL) -r requirements/build.txt
	@$(INSTALL) -r requirements/$(PINS).txt $(if $(WITHOUT_DURABLE),,-r requirements/durable.txt)
	@$(BIN)/python -m pip install -qq --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.tests: $(VENV)/.runs requirements/test.txt
	@echo 'Adding the test tools.'
	@$(INSTALL) -r requirements/test.txt
	@touch $@

$(VENV)/.lints: $(VENV)/.tests requirements/lint.txt
	@echo 'Adding the checkers.'
	@$(INSTALL) -r requirements/lint.txt
	@touch $@

# ------------------------------------------------------------------------------------------------- pinning
# One set of files serves every Python and platform: exact versions, the hash of every file, no addresses.

COMPILE := UV_CUSTOM_COMPILE_COMMAND='make lock' .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate $(if $(UPGRADE),--upgrade)

lock:
	@python="$(PYTHON)"; "$$python" -m venv .venv-lock
	@.venv-lock/bin/python -m pip install -qq uv==0.13.9
	@$(COMPILE) pyproject.toml --no-emit-package durable-rules -o requirements/runtime.txt
	@$(COMPILE) pyproject.toml --no-emit-package durable-rules --resolution lowest-direct -o requirements/lowest.txt
	@echo "durable-rules==2.0.28 ; python_version < '3.13'" | $(COMPILE) - -o requirements/durable.txt
	@printf 'pip\nsetuptools\n' | $(COMPILE) - -o requirements/build.txt
	@$(COMPILE) --group test -c requirements/runtime.txt -o requirements/test.txt
	@$(COMPILE) --group lint -c requirements/runtime.txt -c requirements/test.txt -o requirements/lint.txt
	@if grep -n '://' requirements/*.txt; then echo 'These lines hold an address; the pins must not.' >&2; exit 1; fi

clean:
	@rm -rf .venv .venv-* build dist src/*.egg-info .coverage .coverage.* .hypothesis .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache
	@find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
