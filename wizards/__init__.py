from . import (
    lengow_import_orders,
    lengow_import_orders_line,
    lengow_map_product,
    lengow_map_product_line,
)
