# Curare's two commands are `make demo` and `make test`; both set up what they need on a bare Debian 12 with Swift.
.PHONY: setup build test interop demo bench bench-import bench-scale bench-trainer bench-transfer face-weights clean

SWIFT ?= swift
BUILD = $(SWIFT) build -c release

setup:
	@bash .ci/setup

build: setup
	$(BUILD) --product curare

# Release, since numerics are tested as they are shipped; one build serves the program and its tests.
test: setup
	$(SWIFT) test -c release

# What other people's programs make of what Curare writes.
interop: build
	@Tests/Interop/run

demo: build
	@bash .ci/demo

bench: build
	@Benchmarks/run

# 12-megapixel photos to images, beside vipsthumbnail and Pillow.
bench-import: build
	@bash .ci/setup libvips-tools python3-venv
	@Benchmarks/import

# What a catalog of a million photos costs.
bench-scale: build
	@Benchmarks/scale

# The trainer beside PyTorch, all models.
bench-trainer:
	@bash .ci/setup python3-venv python3-dev g++
	@Benchmarks/learning

# Transfer learning with a frozen trunk, beside PyTorch doing the trunk each epoch.
bench-transfer: build
	@bash .ci/setup python3-venv
	@Benchmarks/transfer $(if $(SESSIONS),--sessions $(SESSIONS))

# dlib's face network, for weights: face. Fetched once, held to its digests.
face-weights:
	@.ci/face-weights

clean:
	rm -rf .build .scratch demo
