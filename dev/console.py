"""What the developer's commands say, and the steps they take."""

import collections
import ctypes
import signal
import subprocess
import sys
import time

BEAT = 4  # seconds between two signs of life of a long step
LAST_LINES = 30
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Failure(Exception):
    """A command cannot go on; its text tells the developer why and what to do."""


def say(text):
    """Print a line at once."""
    print(text, flush=True)


def step(title, command, log, measure=None, **options):
    """Run a command that may take long, showing that it moves.

    :param str title: what the command does, for a person
    :param list command: the program and its arguments
    :param Path log: where its whole output goes
    :param measure: a function that returns how far it is, as a short text
    :param options: passed on to `subprocess.Popen`
    :raise Failure: when the command fails, with the end of its log
    """
    started = time.monotonic()
    print(f"{title} ", end="", flush=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=options.pop("stdin", subprocess.DEVNULL),
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 -- no threads here
            **options,
        )
        try:
            code = _watch(process, measure)
        except BaseException:
            print(flush=True)
            process.kill()
            process.wait()
            raise
    print(f" {time.monotonic() - started:.0f} s", flush=True)
    if code:
        raise Failure(f"{tail(log)}\n{title} failed; the whole log is in {log}")


def tail(log):
    """Return the last lines of a log."""
    with log.open(errors="replace") as lines:
        return "".join(collections.deque(lines, LAST_LINES)).rstrip()


def run(main):
    """Run a command's `main` and exit with what it returns.

    :param main: a function without arguments that returns an exit code or None
    """
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        sys.exit(main())
    except Failure as failure:
        print(f"\n{failure}", file=sys.stderr, flush=True)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr, flush=True)
        sys.exit(130)


def _watch(process, measure):
    """Wait for a process, printing a sign of life now and then."""
    shown = None
    while True:
        try:
            return process.wait(BEAT)
        except subprocess.TimeoutExpired:
            reached = measure() if measure else None
            if reached and reached != shown:
                shown = reached
                print(f" {reached}", end="", flush=True)
            else:
                print(".", end="", flush=True)


def _die_with_parent():
    """Let a step end with the command that took it, even on SIGKILL."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _interrupt(_number, _frame):
    raise KeyboardInterrupt
