"""A Lengow that runs on this machine.

Written from Lengow's documents and not from our client, so that the two can disagree.
It imports neither `odoo` nor the rest of this addon.
"""

from .app import Simulator
from .const import ACCESS_TOKEN, ACCOUNT_ID, SECRET
from .generator import generate_world
from .transport import SimulatorAdapter, respond
from .world import World

__all__ = [
    "ACCESS_TOKEN",
    "ACCOUNT_ID",
    "SECRET",
    "Simulator",
    "SimulatorAdapter",
    "World",
    "generate_world",
    "respond",
]
