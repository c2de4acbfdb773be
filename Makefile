# Curare's two commands are `make demo` and `make test`; both set up what they need on a bare Debian 12 with Swift.
.PHONY: setup build test demo bench interop clean

SWIFT ?= swift
BUILD = $(SWIFT) build -c release

setup:
	@bash .ci/setup

build: setup
	$(BUILD) --product curare

test: setup
	$(BUILD) --product curare
	$(SWIFT) test -c release

demo: build
	@bash .ci/demo

bench: build
	@bash Benchmarks/run

clean:
	rm -rf .build .scratch demo
