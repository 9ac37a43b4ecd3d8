# podlab: `make lab` to learn, `make test` to prove. `make help` lists all.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# uv from the PATH, else one that pip puts beside the course.
UV := $(or $(shell command -v uv),.podlab/uv/bin/uv)
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.locked

.PHONY: help lab up down check test book wheel format clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

lab: $(STAMP) ## Start the cluster and open the course in JupyterLab
	@$(BIN)/podlab lab

up: $(STAMP) ## Start the cluster
	@$(BIN)/podlab up

down: $(STAMP) ## Remove the cluster; files and caches stay
	@$(BIN)/podlab down

check: $(STAMP) ## Everything that needs no cluster: format, lint, types, unit tests
	@$(BIN)/python -m tests.gates check

test: $(STAMP) ## All gates, on a cluster of their own that is removed at the end
	@$(BIN)/python -m tests.gates all

book: $(STAMP) ## Make the course a static site in both languages: build/book/index.html
	@$(BIN)/podlab author book

wheel: | $(UV) ## Build dist/podlab-*.whl, which carries the whole course
	@$(UV) build

format: $(STAMP) ## Put the code in form
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

clean: ## Remove the environment and what tests left; the cluster and caches stay
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache build dist

$(STAMP): pyproject.toml uv.lock | $(UV)
	@$(UV) sync --locked --quiet --compile-bytecode
	@touch $@

.podlab/uv/bin/uv:
	@echo "Getting uv, which makes the Python environment …"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .podlab/uv 'uv>=0.13,<1'
