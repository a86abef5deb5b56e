# `make help` lists everything. The work is done by deploy/install (packages) and deploy/launch (all else).
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
launch := /usr/bin/python3 -B deploy/launch
sources := Package.swift Shared Services Tests $(wildcard deploy/praxis)

.PHONY: help up down status logs scale demo praxis dump restore reset build test unit journeys faults docs fmt lint bench install

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

up: ## install, build, start everything, wait until ready, print where it is
	@deploy/install run "[1/6] packages …"
	@$(launch) up

down: ## stop everything
	@$(launch) down

status: ## one line per process
	@$(launch) status

logs: ## follow the logs of all, or of one: make logs service=registry
	@$(launch) logs $(service)

scale: ## run several copies: make scale registry=2
	@$(launch) scale $(filter gateway=% identity=% registry=% scheduling=% records=% notifier=%,$(MAKEOVERRIDES))

demo: ## load the demo data again
	@$(launch) demo

praxis: ## the operator's command line on this set-up: make praxis do="keys rotate"
	@$(launch) praxis $(do)

dump: ## write the database to a file: make dump to=praxis.dump
	@$(launch) dump "$(to)"

restore: ## put a dump in the place of the database: make restore from=praxis.dump
	@$(launch) restore "$(from)"

reset: ## stop, remove all data, start afresh
	@$(launch) reset
	@$(MAKE) up

build: ## compile (debug)
	@deploy/install run
	@swift build

test: ## every test, on a PostgreSQL and Redis of its own; works while `make up` runs
	@deploy/install test
	@$(launch) test

unit: ## the Swift tests alone; one suite: make unit only=KernelTests
	@deploy/install test
	@$(launch) unit $(if $(only),--filter '$(only)')

journeys: ## the six real processes, driven from outside; one: make journeys only=booking
	@deploy/install test
	@$(launch) journeys $(if $(only),-k '$(only)')

faults: ## random kills, pauses and losses under load, ten minutes: make faults minutes=30 seed=7
	@deploy/install test
	@PRAXIS_FAULTS=$(or $(minutes),10) $(if $(seed),PRAXIS_SEED=$(seed)) $(launch) journeys -k test_8_faults --capture=no

docs: ## write docs/reference from the code
	@deploy/install test
	@PRAXIS_WRITE_REFERENCE=1 $(launch) unit --filter ReferenceTests

fmt: ## format the sources
	@swift format format --in-place --recursive --parallel $(sources)

lint: ## format, arrows between folders, shell scripts: what .ci/run checks first
	@.ci/format
	@.ci/arrows
	@.ci/manifest

bench: ## measure, side by side with nginx
	@deploy/install test
	@Tests/Benchmarks/run

install: ## install what building, running and testing need
	@deploy/install test
