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
SWIFT_SOURCES := Sources Tests Package.swift
RELEASE_TESTS ?= ThreeStoresTests|EncryptedBackupTests|RecoveryPointTests|RedisRestoreTests|RestoreTests|ServiceTests|FollowTests
RUN_TESTS = SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$(TEST_WIDTH) swift test --skip-build

.PHONY: help demo test test-release build install deb bench check format

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

demo: ## see a backup taken, checked, damaged, caught and restored, on a private server
	@scripts/install-dependencies --test
	@scripts/demo

build: ## the release programs, in .build/release
	@scripts/install-dependencies
	swift build -c release

test: ## everything continuous integration checks (installs what is missing first)
	@scripts/install-dependencies --test
	@$(MAKE) --no-print-directory check
	@scripts/fetch-postgres
	@scripts/fetch-redis
	@scripts/fetch-stores
	@scripts/fetch-browser
	swift build --build-tests
	$(RUN_TESTS) $(TEST_ARGUMENTS)
	@if [[ -n "$${CI-}" ]]; then $(MAKE) --no-print-directory test-release; fi

# What users run is not what the tests are built with: a program crashed once as a release only, and every test passed.
test-release: ## some end-to-end tests once more, with the release programs (all: RELEASE_TESTS=EndToEndTests)
	swift build -c release
	TEST_PROGRAMS=$(CURDIR)/.build/release $(RUN_TESTS) --filter '$(RELEASE_TESTS)'

install: build ## the release programs, manual pages, completions and the systemd unit, under PREFIX=/usr/local
	scripts/install

deb: ## a Debian package of the programs, in .build
	@scripts/install-dependencies
	scripts/build-static
	scripts/package-deb .build/static/release .build

bench: ## measure against pg_dump's pipelines, pg_restore, redis-cli, age and rclone: make bench SCALE=0.1 RUNS=3 JOBS=2
	@scripts/install-dependencies --test
	swift build -c release
	bench/run --scale $(SCALE) --runs $(RUNS) --jobs $(JOBS)
	bench/redis --scale $(SCALE) --runs $(RUNS)
	bench/age --scale $(SCALE) --runs $(RUNS)
	@scripts/fetch-stores seaweedfs rclone fake-gcs
	bench/stores --scale $(SCALE) --runs $(RUNS)
	bench/memory --scale $(SCALE) --runs $(RUNS)

check: ## formatting, room imports, shell scripts, unfinished marks
	swift format lint --strict --configuration .swift-format -r $(SWIFT_SOURCES)
	scripts/check-rooms
	scripts/check-scripts
	scripts/check-words

format: ## put every Swift file into the project's format
	swift format format -i --configuration .swift-format -r $(SWIFT_SOURCES)
