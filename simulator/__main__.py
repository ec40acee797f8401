"""`python -m simulator`: a Lengow on a port of this machine."""

import argparse
import signal
from pathlib import Path

from . import ACCESS_TOKEN, ACCOUNT_ID, SECRET, Simulator, generate_world
from .action_settings import ActionSettings
from .const import RATE_LIMIT
from .faults import KINDS
from .server import make_simulator_server


def parse_arguments(arguments=None):
    """Read the command line.

    :param list arguments: the words, default those of the process
    :return: the options
    :rtype: argparse.Namespace
    """
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="A Lengow that runs on this machine.",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8990, help="0 for any free port")
    parser.add_argument("--port-file", type=Path, help="file to write the port into")
    parser.add_argument("--orders", type=int, default=200, help="how many")
    parser.add_argument("--seed", type=int, default=1, help="the source of chance")
    parser.add_argument(
        "--errors",
        type=int,
        default=0,
        help="further orders with a product that the catalogue does not have",
    )
    parser.add_argument("--plain", action="store_true", help="importable orders only")
    parser.add_argument("--lines", type=int, help="lines of every order")
    parser.add_argument(
        "--rate-limit",
        type=int,
        default=RATE_LIMIT,
        help="requests a minute, by account and route (%(default)s)",
    )
    parser.add_argument(
        "--action-delay",
        type=float,
        default=ActionSettings.delay,
        help="seconds until a marketplace does what it is asked (%(default)s)",
    )
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        type=_parse_fault,
        metavar="KIND=RATE",
        help=f"share of requests that fail; kinds: {', '.join(KINDS)}",
    )
    return parser.parse_args(arguments)


def main(arguments=None):
    """Serve a generated world until the process is told to stop.

    :param list arguments: the words of the command line, default the process's own
    """
    options = parse_arguments(arguments)
    world = generate_world(
        orders=options.orders,
        seed=options.seed,
        oddities=not options.plain,
        lines=options.lines,
        errors=options.errors,
    )
    simulator = Simulator(world, rate_limit=options.rate_limit, seed=options.seed)
    simulator.actions.settings.delay = options.action_delay
    for kind, rate in options.fault:
        simulator.faults.set_rate(kind, rate)
    server = make_simulator_server(simulator, options.host, options.port)
    # A handler that raises ends the loop of the server as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if options.port_file:
        _write_whole(options.port_file, f"{server.server_port}\n")
    print(
        f"Lengow simulator on http://{options.host}:{server.server_port}"
        f" account_id={ACCOUNT_ID} access_token={ACCESS_TOKEN} secret={SECRET}",
        flush=True,
    )
    server.serve_forever()


def _write_whole(path, text):
    """Write a file so that nobody who waits for it ever sees it empty."""
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.write_text(text)
    unfinished.replace(path)


def _parse_fault(text):
    kind, _, rate = text.partition("=")
    if kind not in KINDS:
        raise argparse.ArgumentTypeError(f"unknown kind {kind!r}")
    try:
        rate = float(rate)
    except ValueError:
        raise argparse.ArgumentTypeError(f"no rate in {text!r}") from None
    if not 0 <= rate <= 1:
        raise argparse.ArgumentTypeError(f"not a share: {rate}")
    return kind, rate


if __name__ == "__main__":
    main()
