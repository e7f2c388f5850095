# The verbs of this project. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The benchmark: size of the database (1 is about 2.5 GB), runs to take medians of, jobs on both sides.
SCALE ?= 0.1
RUNS ?= 3
JOBS ?= 2
# Tests at the same time: each may run a server of its own and two programs beside it.
TEST_WIDTH ?= 4
# Random histories on each version of PostgreSQL, and the first one's seed.
HISTORIES ?= 1000
SERVER_HISTORIES ?= 50
SEED ?= 1
# Runs into three stores that are killed.
STORE_DEATH_ROUNDS ?= 100
SWIFT_SOURCES := Sources Tests Package.swift
RELEASE_TESTS ?= ThreeStoresTests|EncryptedBackupTests|RecoveryPointTests|RedisRestoreTests|RestoreTests|ServiceTests|FollowTests
RUN_TESTS = TEST_WIDTH=$(TEST_WIDTH) scripts/run-tests

.PHONY: help demo test test-release test-deaths histories build install deb try bench check format

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

demo: ## see a backup taken, checked, damaged, caught and restored, on a private server
	@scripts/install-dependencies --test
	@scripts/demo

build: ## the release programs, in .build/release
	@scripts/install-dependencies
	swift build -c release
	@scripts/link-programs .build/release

test: ## everything continuous integration checks (installs what is missing first)
	@scripts/install-dependencies --test
	@$(MAKE) --no-print-directory check
	@scripts/fetch-postgres
	@scripts/fetch-redis
	@scripts/fetch-stores
	@scripts/fetch-browser
	@scripts/fetch-validators
	swift build --build-tests
	@rm -f .build/injected-faults
	DOCTOR_FAULTS=$(CURDIR)/.build/injected-faults $(RUN_TESTS) $(TEST_ARGUMENTS)
	@if [[ -n "$${CI-}" && -z "$(TEST_ARGUMENTS)" ]]; then scripts/count-faults .build/injected-faults 50; fi
	@if [[ -n "$${CI-}" ]]; then $(MAKE) --no-print-directory test-release; fi

# What users run is not what the tests are built with: a program crashed once as a release only, and every test passed.
test-release: build ## some end-to-end tests once more, with the release programs (all: RELEASE_TESTS=EndToEndTests)
	TEST_PROGRAMS=$(CURDIR)/.build/release $(RUN_TESTS) --filter '$(RELEASE_TESTS)'

test-deaths: ## kill -9 at random moments of a hundred runs into three stores: make test-deaths STORE_DEATH_ROUNDS=100
	@scripts/install-dependencies --test
	@scripts/fetch-postgres
	@scripts/fetch-stores
	swift build --build-tests
	STORE_DEATH_ROUNDS=$(STORE_DEATH_ROUNDS) $(RUN_TESTS) --filter 'EndToEndTests\.StoreDeathTests/'

histories: ## thousands of random histories of databases and servers, for hours: make histories HISTORIES=1000 SERVER_HISTORIES=50 SEED=1
	@scripts/install-dependencies --test
	@scripts/fetch-postgres
	swift build --build-tests
	REUSE_HISTORIES=$(HISTORIES) REUSE_SERVER_HISTORIES=$(SERVER_HISTORIES) REUSE_SEED=$(SEED) \
		$(RUN_TESTS) --filter 'PostgresTests\.(ReuseTests|ReuseServerTests)/'

install: build ## the release programs, manual pages, completions and the systemd unit, under PREFIX=/usr/local
	scripts/install

deb: ## a Debian package of the programs, in .build
	@scripts/install-dependencies
	scripts/build-static
	scripts/package-deb .build/static/release .build

# Both are run, whatever the first one says; 77 is the status of one that cannot be run on this machine, and says why.
try: ## for root, many minutes: the package under a real systemd, and deploy/compose.yaml in a Docker engine
	@shopt -s nullglob; packages=(.build/call-center-backup_*.deb); \
	if [[ $${#packages[@]} -eq 0 || ! -x .build/static/release/call-center-admin ]]; then $(MAKE) --no-print-directory deb; fi
	@failed=; skipped=; package=$$(ls -t .build/call-center-backup_*.deb | head -1); \
	for one in "try-systemd $$package" "try-compose .build/static/release"; do \
		status=0; scripts/$$one || status=$$?; name=$${one%% *}; \
		case $$status in 0) ;; 77) skipped+=" $$name" ;; *) failed+=" $$name" ;; esac; \
	done; \
	if [[ -n $$skipped ]]; then echo "make try: skipped, for the reason above:$$skipped" >&2; fi; \
	if [[ -n $$failed ]]; then echo "make try: failed:$$failed" >&2; exit 1; fi

# All of them are run, whatever the first ones say.
bench: build ## measure against pg_dump's pipelines, pg_restore, redis-cli, age and rclone: make bench SCALE=0.1 RUNS=3 JOBS=2
	@scripts/install-dependencies --test
	@scripts/fetch-stores seaweedfs rclone fake-gcs
	@trap 'exit 130' INT; failed=; \
	bench/run --scale $(SCALE) --runs $(RUNS) --jobs $(JOBS) || failed+=" bench/run"; \
	bench/reuse --scale $(SCALE) --runs $(RUNS) --jobs $(JOBS) || failed+=" bench/reuse"; \
	for one in redis age stores memory recovery; do "bench/$$one" --scale $(SCALE) --runs $(RUNS) || failed+=" bench/$$one"; done; \
	for one in service doctor; do "bench/$$one" || failed+=" bench/$$one"; done; \
	if [[ -n "$$failed" ]]; then echo "make bench: failed, or a bound is broken (see its last lines):$$failed" >&2; exit 1; fi

check: ## formatting, room imports, shell scripts, links, unfinished marks
	swift format lint --strict --configuration .swift-format -r $(SWIFT_SOURCES)
	scripts/check-rooms
	scripts/check-scripts
	scripts/check-links
	scripts/check-words

format: ## put every Swift file into the project's format
	swift format format -i --configuration .swift-format -r $(SWIFT_SOURCES)
