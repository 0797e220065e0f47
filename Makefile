# Portefeuille: every verb a contributor needs. Bare `make` explains them.
# Needs Python 3.11 and make; everything else is installed into .venv from requirements.lock, hashes checked.

DATA_DIR ?= ./.portefeuille
PORT ?= 8000
BIN := .venv/bin
CODE := services shared migrations tests $(wildcard benchmarks)
# A module's tests share its fixtures, so they stay in one process; modules start in the order of testpaths.
BY_MODULE := -n 2 --dist loadscope --no-loadscope-reorder
CONTRACT_TESTS := $(wildcard tests/architecture tests/contracts)

.DEFAULT_GOAL := help
.PHONY: help run demo setup up down migrate migration test bench format lint types imports contracts check openapi

help: ## Show this list.
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

##@ Use it

run: setup ## Start everything on this machine, with demo data, in the foreground (DATA_DIR=./.portefeuille PORT=8000).
	@exec $(BIN)/portefeuille up --demo --data-dir "$(DATA_DIR)" --port "$(PORT)"

demo: setup ## Fill the database of PORTEFEUILLE_DATABASE_URL with the demo data.
	@exec $(BIN)/portefeuille demo

up: ## Start everything in containers and wait until it is healthy (secrets in .env, see .env.example).
	docker compose up --build --detach --wait

down: ## Stop the containers; their data stays.
	docker compose down

##@ Work on it

setup: .venv/.installed ## Create .venv with exactly the packages of requirements.lock. Instant when nothing changed.

# The stamp is written last, so that an interrupted installation is taken up again.
.venv/.installed: requirements.lock pyproject.toml
	@for candidate in python3.11 python3; do \
	  if "$$candidate" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; \
	  then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo "Python 3.11 with venv is needed, as python3.11 or python3." >&2; exit 1; fi; \
	test -x $(BIN)/python || "$$python" -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

migrate: setup ## Bring the database of PORTEFEUILLE_DATABASE_URL to the newest schema.
	@exec $(BIN)/portefeuille migrate

migration: setup ## Write the next migration from the tables' difference (NAME="add loyalty tiers").
	@test -n "$(NAME)" || { echo 'Say what it does: make migration NAME="add loyalty tiers"' >&2; exit 2; }
	$(BIN)/alembic revision --autogenerate --message "$(NAME)"

openapi: setup ## Print the OpenAPI document.
	@$(BIN)/python -m services.api.openapi

##@ Prove it

test: setup ## Run the tests on two processes (ARGS="-k birthday").
	$(BIN)/python -m pytest $(BY_MODULE) -m "not fuzz" $(ARGS)

check: setup ## Everything a change must pass besides the tests: format, lint, types, imports, contracts. Under two minutes.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports
	$(MAKE) --no-print-directory contracts

contracts: setup ## OpenAPI and event snapshots, documentation completeness, house rules, generated requests.
	$(BIN)/python -m pytest -n 2 $(CONTRACT_TESTS)

lint: setup ## Ruff's findings, repaired where that is safe.
	$(BIN)/ruff check --fix .

format: setup ## Format the code.
	$(BIN)/ruff format .

types: setup ## mypy --strict.
	$(BIN)/mypy $(CODE)

imports: setup ## Who may import whom: the contracts of pyproject.toml.
	$(BIN)/lint-imports

bench: setup ## Measure. Prints ratios, asserts nothing about time.
	$(BIN)/python -m benchmarks
