# The work is done by the command `samkraft`; these are its front doors.
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
PORT ?= 8000
export PORT

.DEFAULT_GOAL := help
.PHONY: help run setup test unit stories lint bench bench-peers messages

help: ## Lists what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: $(STAMP) ## Sets everything up and serves with real data on http://127.0.0.1:8000 (PORT= takes another)
	@$(BIN)/samkraft demo --port $(PORT)

setup: $(STAMP) ## Sets everything up, and does not serve

$(STAMP): pyproject.toml uv.lock package.json package-lock.json frontend/build.mjs $(wildcard frontend/*.js frontend/*.json) $(wildcard src/samkraft/locale/*/LC_MESSAGES/*.po src/samkraft/*/static/*/css/* src/samkraft/*/static/*/js/* src/samkraft/*/static/*/img/*)
	@./tools/setup.sh

test: $(STAMP) ## Runs every test, on both databases and in a browser, and the linters
	@./tools/test.sh all

unit: $(STAMP) ## Runs the unit tests on SQLite only
	@./tools/test.sh sqlite

stories: $(STAMP) ## Plays the stories in a browser
	@./tools/test.sh stories

lint: $(STAMP) ## Runs the linters only
	@./tools/test.sh lint

bench: $(STAMP) ## Measures, and prints ratios
	@$(BIN)/python -m bench

bench-peers: $(STAMP) ## Measures fair lotteries beside the field's open tool, which it installs apart
	@$(BIN)/python -m bench.peers

messages: $(STAMP) ## Gathers texts for translation
	@./tools/messages.sh
