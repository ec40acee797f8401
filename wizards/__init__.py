from . import (
    lengow_action_choice,
    lengow_action_wizard,
    lengow_action_wizard_argument,
    lengow_action_wizard_check,
    lengow_action_wizard_draw,
    lengow_action_wizard_line,
    lengow_action_wizard_scope,
    lengow_import_orders,
    lengow_import_orders_line,
    lengow_map_product,
    lengow_map_product_line,
    lengow_refund,
)
