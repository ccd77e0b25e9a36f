# Two commands set everything up on a fresh machine with Python 3.11 or newer:
#   make chat    talk with the bot in the terminal
#   make test    everything CI runs
# With a bot account at Discord (README.md has ten steps):
#   make run     serve Discord          make doctor   what keeps it from working
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: chat test check run doctor gallery bench bench-discord bench-live calibrate clean

chat: .venv/installed
	@$(BIN)/msfaq chat

test: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/msfaq check
	$(BIN)/pytest -n auto

check: .venv/installed
	@$(BIN)/msfaq check

run: .venv/installed-discord
	@$(BIN)/msfaq run

doctor: .venv/installed-discord
	@$(BIN)/msfaq doctor

gallery: .venv/installed-discord
	@$(BIN)/msfaq gallery

calibrate: .venv/installed
	$(BIN)/msfaq calibrate

bench: .venv/installed-bench
	$(BIN)/python -m bench

bench-live: .venv/installed-discord
	$(BIN)/python -m bench.live

bench-discord: .venv/installed-bench
	$(BIN)/python -m bench.discord

.venv/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) -e .
	touch $@

.venv/installed-test: .venv/installed
	$(PIP) -e '.[test,bench]'
	touch $@

.venv/installed-discord: .venv/installed
	$(PIP) -e '.[discord]'
	touch $@

.venv/installed-bench: .venv/installed
	$(PIP) -e '.[bench]'
	touch $@

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
