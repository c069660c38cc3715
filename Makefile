# Every target installs what it needs: `make demo` and `make test` are enough on a fresh machine.

PYTHON ?= python3
VENV   ?= .venv
OPEN   ?= 1
SERVE  ?= 1
PORT   ?=
ROUNDS ?= 10
ARGS   ?=

BIN   := $(VENV)/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --retries 10 --timeout 60
# The project, for `demo` and `site`; with the tools of its developers; with the programs that benchmarks compare with.
RUNS  := $(VENV)/.runs
READY := $(VENV)/.ready
PEERS := $(VENV)/.peers
# Unpacked and not installed: these packages would start services, on all interfaces.
SERVICES := docker-registry nginx caddy
CODE  := $(wildcard collector tests benchmarks hatch_build.py)

.DEFAULT_GOAL := help
.PHONY: help venv system test random check format demo site fidelity equality torture fuzz bench lighthouse golden screenshots answers links dist clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "Switches: PYTHON=$(PYTHON) VENV=$(VENV); ARGS=… is passed on to pytest, mypy or repo-info"

venv: $(READY) ## .venv with the project and its tools; again when pyproject.toml changes

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "make: $(PYTHON) is not Python 3.11 or later; name one: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || .ci/apt python3-venv
	$(PYTHON) -m venv $(VENV)

$(RUNS): pyproject.toml hatch_build.py | $(BIN)/pip
	$(INSTALL) --editable .
	@touch $@

# All at once: pip would build the project and look for its dependencies twice.
$(READY): pyproject.toml hatch_build.py | $(BIN)/pip
	$(INSTALL) --editable '.[dev]'
	@touch $(RUNS) $@

$(PEERS): $(READY)
	$(INSTALL) --editable '.[bench]'
	@touch $@

system: ## Chromium, a registry, web servers, curl, jq, zstd and groff for the tests, by apt-get where that is allowed
	@command -v chromium-headless-shell >/dev/null && exit 0; \
	  if apt-cache show chromium-headless-shell >/dev/null 2>&1 && .ci/apt chromium-headless-shell; then exit 0; fi; \
	  for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	  .ci/apt chromium-headless-shell || .ci/apt chromium
	@for name in curl jq zstd; do command -v $$name >/dev/null || .ci/apt $$name || exit 1; done
	@command -v groff >/dev/null || .ci/apt groff-base
	@for name in $(SERVICES); do \
	  command -v $$name >/dev/null || test -x .cache/$$name/usr/*bin/$$name || .ci/apt --unpack .cache/$$name $$name || exit 1; done

test: venv system ## all tests
	$(BIN)/pytest $(ARGS)

random: venv system ## property tests with new random examples, ROUNDS=10 times; a failure prints what reproduces it
	@for round in $$(seq $(ROUNDS)); do env -u CI $(BIN)/pytest -q -n 0 -m hypothesis $(ARGS) || exit 1; done

check: venv ## linter, formatter (changes nothing) and type checker
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy $(CODE) $(ARGS)

format: venv ## formats the code, and applies the linter's fixes
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

demo: $(RUNS) ## builds the bundled sample and serves it; OPEN=0 opens no browser, PORT=8080 serves there, SERVE=0 builds only
	$(BIN)/repo-info demo $(if $(PORT),--port $(PORT)) $(if $(filter 0,$(OPEN)),--no-open) $(if $(filter 0,$(SERVE)),--no-serve) $(ARGS)

site: $(RUNS) ## builds the bundled sample's site into site/
	$(BIN)/repo-info build --archive examples/archive --site site $(ARGS)

fidelity: venv ## exports every page version of the real archive and compares it, byte for byte
	$(BIN)/python -m tests.fidelity $(ARGS)

equality: venv ## rebuilds the site of the real archive day by day, and compares it with full builds; ARGS='--days 30'
	$(BIN)/python -m tests.equality $(ARGS)

torture: venv system ## faults in every verb that writes, damage, hostile images, registries and files; a quarter of an hour on two free cores; ARGS='--help'
	$(BIN)/python -m tests.torture $(ARGS)

fuzz: venv ## inputs that coverage guides, for every reader of foreign bytes; an hour; ARGS='--minutes 5'
	$(BIN)/pip install --quiet --disable-pip-version-check --retries 10 --timeout 60 --editable '.[fuzz]'
	$(BIN)/python -m tests.torture.fuzz $(ARGS)

bench: $(PEERS) ## time, memory and size of a part of the real archive, beside MkDocs, Zensical and Hugo; FULL=1: of all of it
	$(BIN)/python -m benchmarks $(if $(filter 1,$(FULL)),--full) $(ARGS)

lighthouse: venv system ## Lighthouse on a built site, by npx: make lighthouse ARGS=site
	$(BIN)/python -m benchmarks.lighthouse $(ARGS)

golden: venv ## records the golden files again; read the difference before you commit
	RECORD=1 $(BIN)/pytest -n 0 -m 'not browser and not slow' $(ARGS)

screenshots: venv system ## every kind of page as pictures, and those of README.md; ARGS=SITE: of a built site
	$(BIN)/python -m tests.screenshots $(ARGS)

answers: venv system ## asks two sites of one archive, one of them with limits, 500 random questions of each kind in Chromium: make answers ARGS='whole limited'
	$(BIN)/python -m tests.answers $(ARGS)

links: venv ## checks every link of a built site: make links ARGS=site
	$(BIN)/python -m tests.links $(ARGS)

dist: venv ## the source distribution and the wheel, into dist/
	rm -rf dist
	$(BIN)/hatchling build -d dist

clean: ## removes everything that can be made again
	rm -rf $(VENV) build dist site .repo-info .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
