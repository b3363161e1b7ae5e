.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TESTS ?= tests
N ?= 20000
KILLS ?= 500
SIGNALS ?= 100000
BARS ?= 100000
STRATEGIES ?= 20
SEED ?=
JSON ?=

# Never reach for the network's newest: what is installed is what the lock file says, by hash.
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate \
	--python-version 3.11 --custom-compile-command "make lock"

.PHONY: help
help: ## Say what every target does
	@echo "Tradewind. What make can do here:"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "Variables: PYTHON=python3.12 (which interpreter makes .venv), TESTS=tests/unit (which tests run),"
	@echo "UPGRADE=--upgrade (lock the newest of everything), KILLS=500 SIGNALS=100000 SEED=1 (what torture does),"
	@echo "BARS=100000 STRATEGIES=20 SEED=1 (what agreement does), JSON=report.json (where agreement and bench write it)."

.PHONY: setup
setup: $(STAMP) ## Create .venv and install what the lock file says (once per change of it)

$(STAMP): requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		|| { echo "Tradewind needs Python 3.11 to 3.13, but $(PYTHON) is $$($(PYTHON) -V 2>&1);" \
		"name another one: make setup PYTHON=python3.12" >&2; exit 1; }
	@test -x $(BIN)/python || { echo "Creating $(VENV)" && $(PYTHON) -m venv $(VENV); }
	@echo "Installing from requirements/dev.lock: TensorFlow is large, so this takes some minutes the first time"
	@$(PIP_INSTALL) --require-hashes -r requirements/dev.lock
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: demo
demo: $(STAMP) ## Trade real bars on this machine and let the simulator check every fill
	@$(BIN)/tradewind demo

.PHONY: test
test: $(STAMP) ## Run the tests that need nothing beyond PyPI
	@$(BIN)/python -m pytest $(TESTS)

.PHONY: parity
parity: $(STAMP) ## Prove rule book, PostgreSQL, simulator and oracle equal on N random sequences
	@TRADEWIND_PARITY_SEQUENCES=$(N) $(BIN)/python -m pytest tests/parity -s

.PHONY: test-cluster
test-cluster: $(STAMP) ## Run the tests that need a Kubernetes API, on one that they start and end
	@$(BIN)/python -m tests.api_server
	@TRADEWIND_REQUIRE_CLUSTER=1 $(BIN)/python -m pytest tests/cluster

.PHONY: torture
torture: $(STAMP) ## Kill and restart everything over and over, and prove that nothing is lost or doubled
	@$(BIN)/python -m tests.torture --kills $(KILLS) --signals $(SIGNALS) $(if $(SEED),--seed $(SEED))

.PHONY: torture-mutants
torture-mutants: $(STAMP) ## Take one safeguard out at a time, and prove that a torture notices
	@$(BIN)/python -m tests.torture.catch $(if $(SEED),--seed $(SEED))

.PHONY: agreement
agreement: $(STAMP) ## Trade on the real processes while all goes wrong, and let the simulator check every fill
	@$(BIN)/python -m tests.agreement --bars $(BARS) --strategies $(STRATEGIES) $(if $(SEED),--seed $(SEED)) \
		$(if $(JSON),--json $(JSON))

.PHONY: bench
bench: $(STAMP) ## Measure throughput, latency, takeover and the API's queries (a quiet machine, about ten minutes)
	@$(BIN)/python -m tests.benchmarks $(if $(JSON),--json $(JSON))

.PHONY: bench-peers
bench-peers: $(STAMP) .venv-bench/.installed ## Measure the simulator and sweeps beside other engines, which get an environment of their own
	@$(BIN)/python -m tests.benchmarks peers peer_sweeps $(if $(JSON),--json $(JSON))

.PHONY: bench-operator
bench-operator: $(STAMP) ## Measure the operator with a thousand strategies on a real API server (about ten minutes)
	@$(BIN)/python -m tests.benchmarks.cluster_operator $(if $(JSON),--json $(JSON))

.venv-bench/.installed: requirements/bench.lock
	@test -x .venv-bench/bin/python || $(BIN)/python -m venv .venv-bench
	@echo "Installing other engines from requirements/bench.lock into .venv-bench"
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes \
		-r requirements/bench.lock
	@touch $@

.PHONY: kafka-up
kafka-up: $(STAMP) ## Start a real Kafka for the tests and print the line to export
	@$(BIN)/python -m tests.local_broker up

.PHONY: kafka-down
kafka-down: $(STAMP) ## End the Kafka that kafka-up started
	@$(BIN)/python -m tests.local_broker down

.PHONY: lint
lint: $(STAMP) ## Check style, format, types, which way imports point, SQL, and that crds/ is current
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint --disable-progress-bar sql
	@$(BIN)/python -m tradewind.manifest.crd --check

.PHONY: format
format: $(STAMP) ## Format the code and repair what ruff can
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

.PHONY: crds
crds: $(STAMP) ## Write the CustomResourceDefinitions, crds/, from the manifest's models
	@$(BIN)/python -m tradewind.manifest.crd

.PHONY: lock
lock: $(STAMP) ## Write the lock files afresh from pyproject.toml: names, versions, hashes
	@echo "dev.lock" && $(COMPILE) $(UPGRADE) --extra dev pyproject.toml requirements/build.in -o requirements/dev.lock
	@set -e; for pair in services,operator:tradewind strategy:tradewind-strategy ml:tradewind-ml; do \
		echo "$${pair#*:}.lock"; \
		$(COMPILE) $$(printf -- '--extra %s ' $$(tr , ' ' <<< $${pair%:*})) -c requirements/dev.lock pyproject.toml requirements/build.in \
			-o requirements/$${pair#*:}.lock; \
	done
	@echo "bench.lock" && $(COMPILE) $(UPGRADE) requirements/bench.in -o requirements/bench.lock
	@if grep -nE '(https?|file)://|^-|[ "]/' requirements/*.lock; then \
		echo "a lock file names a download address or a folder of this machine" >&2; exit 1; fi

.PHONY: clean
clean: ## Remove .venv and everything that tools left here (not the desk's data)
	@rm -rf $(VENV) .venv-bench dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find services operator tests -name __pycache__ -type d -prune -exec rm -rf {} +
