# `make demo` and `make test` are the two main commands. Both install what they need on a bare Debian 12 with Swift.
.PHONY: setup build install uninstall test interop demo bench bench-import bench-scale bench-trainer bench-transfer face-weights format lint clean

SWIFT ?= swift

# One configuration serves the program and its tests, so that nothing is compiled twice. Numerics are tested as they are released;
# `-enable-testing` lets tests access internal symbols of the modules.
CONFIGURATION = -c release -Xswiftc -enable-testing

setup:
	@bash .ci/setup

build: setup
	@.ci/build curare

# make install PREFIX=~/.local installs program, man pages and completions below PREFIX. DESTDIR is put before PREFIX.
PREFIX ?= /usr/local

install: build
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" bash .ci/install

uninstall:
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" bash .ci/install --uninstall

# All tests, then the tests of the numerics again on narrower instruction sets.
test: setup
	$(SWIFT) build $(CONFIGURATION) --build-tests
	@$(SWIFT) package describe --type json > .build/package-description.json
	@CONFIGURATION="$(CONFIGURATION)" SWIFT="$(SWIFT)" bash .ci/tests

# Opens exports and files in the programs that they are made for.
interop: build
	@Tests/Interop/run

demo: build
	@bash .ci/demo

bench: build
	@Benchmarks/run

# 12-megapixel photos to images, compared with vipsthumbnail and Pillow.
bench-import: build
	@bash .ci/setup libvips-tools python3-venv
	@Benchmarks/import

# Time and memory for a catalog of a million photos.
bench-scale: build
	@Benchmarks/scale

# The trainer compared with PyTorch, all models.
bench-trainer:
	@bash .ci/setup python3-venv python3-dev g++
	@Benchmarks/learning

# Transfer learning with frozen layers, compared with PyTorch.
bench-transfer: build
	@bash .ci/setup python3-venv
	@Benchmarks/transfer $(if $(SESSIONS),--sessions $(SESSIONS))

# Downloads dlib's face network once and checks its digest.
face-weights:
	@.ci/face-weights

SOURCES = Package.swift Schemas Sources Tests Benchmarks

format:
	$(SWIFT) format -i -r -p $(SOURCES)

# Formatting and the rules of .swift-format; nothing is changed.
lint:
	$(SWIFT) format lint --strict -r -p $(SOURCES)

clean:
	rm -rf .build .scratch demo
