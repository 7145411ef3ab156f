# The everyday tasks. `make help` lists them.

CARGO ?= cargo
YEAR ?=
INPUT ?= data/reports
OUTPUT ?= out
CONFIG ?= config
PREFIX ?=

comma := ,
years := $(subst $(comma), ,$(YEAR))

.DEFAULT_GOAL := help
.PHONY: help aggregate test check bench eval install clean-output

help: ## list these targets
	@echo 'make TARGET [YEAR="2020 2021"] [INPUT=$(INPUT)] [OUTPUT=$(OUTPUT)] [CONFIG=$(CONFIG)] [PREFIX=DIR]'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

aggregate: ## read, check and total the reports of YEAR, or of every year found; results go to OUTPUT
	$(CARGO) run --release --locked -- aggregate --input '$(INPUT)' --output '$(OUTPUT)' --config '$(CONFIG)' $(addprefix --year ,$(years))

test: ## run all tests; needs nothing but a Rust toolchain
	$(CARGO) test --locked

check: ## what a change must pass: format, lints, documentation, tests
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc --locked --no-deps
	$(MAKE) test

bench: ## measure the stages, and the whole job against a script and a plain read
	$(CARGO) bench --locked
	benches/compare.sh
	benches/formats.sh

eval: ## score the prose reader on annotated cases (NARRATIVE_CASES=FILE), with every miss and extra
	$(CARGO) test --locked --test narrative -- --nocapture --test-threads=1 eval::

install: ## install the program for this user, or below PREFIX
	$(CARGO) install --path . --locked $(if $(PREFIX),--root '$(PREFIX)')

# Only what the program itself has made: what else lies in OUTPUT stays.
clean-output: ## remove published results from OUTPUT
	@test -n '$(OUTPUT)' && cd '$(OUTPUT)' 2>/dev/null || exit 0; \
	for name in district_summary division_totals facts findings reports publish run.json datapackage.json .current; do if [ -L $$name ]; then rm -f $$name; fi; done; \
	rm -rf .next .cache .run-[0-9]* .link-* .lock attempt.json .attempt.json; \
	cd - >/dev/null && rmdir '$(OUTPUT)' 2>/dev/null || true
