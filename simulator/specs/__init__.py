"""The marketplaces of the simulated world, as `/v3.0/marketplaces/` describes them.

They differ in kind rather than in number: shipping by line, by order and by quantity,
conditional arguments, pickup, fulfilment by the marketplace, Mirakl, and a status that
nobody knows yet.
"""

import copy

from .amazon import AMAZON
from .fashion import FASHION
from .mirakl import MIRAKL
from .pickup import PICKUP
from .quantities import QUANTITIES
from .whole_orders import WHOLE_ORDERS

_ALL = {**AMAZON, **FASHION, **MIRAKL, **PICKUP, **QUANTITIES, **WHOLE_ORDERS}


def build_marketplaces():
    """Describe every marketplace of the world.

    :return: marketplace code -> description, sorted by code
    :rtype: dict
    """
    return {code: copy.deepcopy(_ALL[code]) for code in sorted(_ALL)}
