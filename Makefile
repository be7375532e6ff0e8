# The tools behind these commands are in dev/; what they keep is in var/ and .venv/.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run demo-reset test check lint types arrows deploy migrations fix bench load migrate shell \
	dump restore lock setup setup-dev

PYTHON ?= python3
PY = .venv/bin/python
WITH = $(PY) -m dev.with_database
FILE ?= var/portal.dump

# Nothing of the development environment: what is not said here is as it is in production.
PRODUCTION = env -u DEVELOPMENT -u DEMO -u DEBUG ALLOWED_HOSTS=portal.example.org \
	SECRET_KEY=nothing-is-signed-with-this-while-the-settings-are-checked

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

run: setup ## Set everything up and serve the portal; PORT=8000, DATABASE_URL for another database
	@$(PY) -m dev.run

demo-reset: setup ## Start the demo afresh
	@$(WITH) run $(PY) manage.py prepare
	@$(WITH) run $(PY) manage.py demo --reset

test: setup-dev ## Run all tests, those in a browser included; ARGS="…" goes to pytest
	@$(WITH) test $(PY) -m pytest -n 2 $(ARGS)

check: lint types arrows deploy migrations ## All checks that need no test run

lint: setup-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --lint --quiet templates

types: setup-dev
	$(PY) -m mypy portal selfassessment actionplans resources changingtracks

arrows: setup-dev
	.venv/bin/lint-imports

deploy: setup-dev
	$(PRODUCTION) DATABASE_URL=postgresql:///nowhere $(PY) manage.py check --deploy --fail-level WARNING

migrations: setup-dev
	@$(WITH) test $(PRODUCTION) $(PY) manage.py makemigrations --check --dry-run

fix: setup-dev ## Put right what the tools can put right
	git ls-files '*.py' ':!*/migrations/*' | xargs $(PY) -m django_upgrade --target-version 5.2 --exit-zero-even-if-changed
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: setup-dev ## Measure the pages that matter, on a database of their own
	@env -u DATABASE_URL $(WITH) bench $(PY) -m dev.bench $(ARGS)

load: setup-dev ## Let 200 people rate at once for a minute; nothing may fail or be lost
	@$(PY) -m dev.load

migrate: setup ## Write and apply migrations
	@$(WITH) run $(PY) manage.py makemigrations
	@$(WITH) run $(PY) manage.py migrate

shell: setup ## Django's shell on the database of make run
	@$(WITH) run $(PY) manage.py shell

dump: setup ## Save the database to FILE=var/portal.dump
	@$(WITH) run sh -c 'pg_dump --format=custom --file="$$1" "$$DATABASE_URL" && echo "Saved to $$1"' sh "$(FILE)"

restore: setup ## Fill an empty database from FILE=var/portal.dump
	@$(WITH) run sh -c 'pg_restore --clean --if-exists --no-owner --exit-on-error --single-transaction --dbname="$$DATABASE_URL" "$$1" && echo "Restored from $$1"' sh "$(FILE)"

lock: setup-dev ## Choose versions anew after a change in pyproject.toml; ARGS=--upgrade for the latest
	$(PY) -m uv pip compile pyproject.toml --output-file requirements.lock $(LOCKING)
	$(PY) -m uv pip compile pyproject.toml --group dev --constraints requirements.lock \
		--output-file requirements-dev.lock $(LOCKING)

LOCKING = --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet \
	--custom-compile-command 'make lock' $(ARGS)

setup:
	@$(PYTHON) -m dev.setup

setup-dev:
	@$(PYTHON) -m dev.setup --dev
