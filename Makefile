# The developer's commands. Each makes by itself whatever it needs, in .dev/.
# ODOO_BIN, ODOO_PYTHON, PYTHON and PG* variables name what you already have.

PYTHON ?= python3
RUN = @$(PYTHON) dev

.PHONY: help demo test lint bench shell simulator screenshots setup stop clean

help:  ## say what there is
	@sed -n 's/^\([a-z]*\):.*## /make \1:\t/p' Makefile | expand -t 18

demo:  ## Odoo full of orders imported from the simulator (ONCE=1: import, summary, end)
	$(RUN)/demo.py

test:  ## the tests; ARGS="-k name" or ARGS=tests/test_x.py chooses some
	$(RUN)/test.py $(ARGS)

lint:  ## ruff, pylint-odoo and OCA's checks
	$(RUN)/lint.py

bench:  ## measure: a table and, as its last line, JSON
	$(RUN)/bench.py

shell:  ## Odoo's shell on the demo database; reads a script from standard input
	$(RUN)/shell.py

simulator:  ## the simulated Lengow alone; ARGS="--orders 50" is passed on
	$(RUN)/serve_simulator.py $(ARGS)

screenshots:  ## pictures of the demo, for the documentation
	$(RUN)/screenshots.py

setup:  ## get everything ready, and no more
	$(RUN)/setup.py

stop:  ## end what this clone runs
	$(RUN)/stop.py

clean:  ## stop, drop this clone's databases, remove .dev
	$(RUN)/clean.py
