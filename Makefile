AREA ?= blora
OUT ?= var/demo
PORT ?= 8000

.PHONY: demo test check setup lock wheel bench

demo:  ## set up, run the main job for AREA and serve the office screens on loopback
	@scripts/setup app
	@.venv/bin/tepat demo $(AREA) --out $(OUT) --port $(PORT)

test:  ## set up and run lint, types and every test, a real browser included
	@scripts/setup test
	@scripts/test

check:  ## the quick one for a stage: make check S=planning
	@scripts/setup test
	@scripts/test $(S)

setup:
	@scripts/setup test

lock:
	@scripts/lock

wheel:
	@scripts/setup app
	@.tools/uv/bin/uv build --quiet --wheel --out-dir dist

bench:
	@scripts/setup test
	@.venv/bin/python -m benchmarks
