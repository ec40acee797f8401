from . import (
    lengow_create_notice,
    lengow_dispatch_notice,
    lengow_documents,
    lengow_import_orders,
    lengow_import_orders_line,
    lengow_map_product,
    lengow_map_product_line,
)
