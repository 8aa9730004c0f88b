# Tirek. `make help` lists every target; PYTHON=… chooses another Python (3.11 or newer).

PYTHON ?= python3
BIN := .venv/bin
LOCAL := deploy/local
PROJECTS := $(wildcard shared/pyproject.toml services/*/pyproject.toml $(LOCAL)/pyproject.toml)
SOURCES := shared/src $(wildcard services/*/src) $(LOCAL)/src
args ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo up down status reset test chaos simulate bench check format format-check lint types imports contracts lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/.runs ## Play the story from an application to a repayment, on real servers; leaves nothing running
	@echo 'Tirek: from an application to a repayment, on real servers'
	@$(BIN)/tirek demo $(args)

up: .venv/.runs ## Start everything and keep it running; data are kept between runs
	@$(BIN)/tirek up $(args)

down: .venv/.runs ## Stop everything
	@$(BIN)/tirek down $(args)

status: .venv/.runs ## Show what runs, and where
	@$(BIN)/tirek status $(args) || test $$? = 3

reset: .venv/.runs ## Drop the data of `make up`
	@$(BIN)/tirek reset $(args)

test: .venv/.tests ## Run all tests on real PostgreSQL and Kafka; args="tests/grants -k lapse" narrows it
	@$(BIN)/python -m tirek_local.progress
	@$(BIN)/python -m pytest -n auto --dist loadfile $(args)

chaos: .venv/.tests ## Kill processes and servers under traffic, SCHEDULES=6 times from SEED=6000 on; report in .tirek/chaos.txt
	@$(BIN)/python -m tests.chaos.campaign --schedules $(or $(SCHEDULES),6) --seed $(or $(SEED),6000)

bench: .venv/.tests ## Compare with plain ways of doing the same; ROUNDS=5, SCALE=1 (0.1 takes minutes); report in .tirek/bench.txt
	@$(BIN)/python -m tests.bench.campaign --rounds $(or $(ROUNDS),5) --scale $(or $(SCALE),1) $(args)

simulate: .venv/.tests ## Simulate messaging under faults, SEEDS=1000 times from SEED=0 on; goes on where it was cut short
	@$(BIN)/python -m tests.simulation --seeds $(or $(SEEDS),1000) --from $(or $(SEED),0) $(args)

check: format-check lint types imports contracts test ## Everything that must be right before a change goes in

format: .venv/.tests ## Format the code
	@$(BIN)/ruff check --quiet --fix-only . ; $(BIN)/ruff format .

format-check: .venv/.tests ## Is the code formatted?
	@$(BIN)/ruff format --check .

lint: .venv/.tests ## Lint the code
	@$(BIN)/ruff check .

types: .venv/.tests ## Check the types, strictly
	@$(BIN)/mypy --strict $(SOURCES) tests

imports: .venv/.tests ## Check who may import whom
	@$(BIN)/lint-imports

contracts: .venv/.tests ## Are the committed JSON Schemas, OpenAPI and AsyncAPI documents those of the code?
	@$(BIN)/tirek contracts check

lock: .venv/.tests ## Resolve the locks again, without any download address
	@$(BIN)/python $(LOCAL)/locks.py

clean: ## Remove the environment and the caches of the tools; data stay (see reset)
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/.runs: requirements-build.lock requirements.lock $(PROJECTS)
	@$(PYTHON) $(LOCAL)/environment.py

.venv/.tests: requirements-build.lock requirements.lock requirements-dev.lock $(PROJECTS)
	@$(PYTHON) $(LOCAL)/environment.py --tests
