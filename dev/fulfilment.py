"""A merchant's stock at Zalando: a notice that has arrived, and one to try.

Imported by scripts that run in Odoo's shell.
"""

import requests

from odoo import fields

from ..simulator.feeds import ZFS_FEED

STOCK = 200  # pieces of each product in the own warehouse
SHIPPED = (("TS-WHT-S", 12), ("TS-WHT-M", 8), ("JN-IND-3232", 6))
READY = (("TS-BLK-L", 10), ("RS-BLU-42", 4))
CRONS = ("sync_notices", "fetch_movements", "move_stock", "fetch_stock_reports")


def prepare_fulfilment(env, account, url):
    """Prepare the channel of Zalando's warehouse; done once per database.

    :param lengow.account account: connected, its channels open
    :param str url: address of the simulator
    :return: pieces that Odoo and Zalando have there
    :rtype: tuple[int, int]
    """
    channel = account.channel_ids.filtered(
        lambda channel: channel.marketplace_code == "zalando_zfs_de"
    )
    if not channel.feed_ref:
        prepare_channel(channel)
        stock_up(channel)
        ship(channel, url)
        leave_to_try(channel)
    run_crons(env)
    state = requests.get(f"{url}/_simulator/logistics", timeout=60).json()
    quants = env["stock.quant"].search(
        [("location_id", "child_of", channel.fulfilment_location_id.id)]
    )
    held = sum(row["quantity"] for row in state["stock"])
    return int(sum(quants.mapped("quantity"))), held


def prepare_channel(channel):
    """Give the channel its feed, its locations and its options."""
    channel.feed_ref = str(ZFS_FEED)
    channel.action_set_up_fulfilment()
    channel.write(
        {
            "movement_policy": "move",
            # The simulator forgets what was before it was started.
            "move_since": fields.Datetime.now().replace(hour=0, minute=0, second=0),
            "fetch_stock_report": True,
        }
    )


def stock_up(channel):
    """Put the catalogue into the own warehouse."""
    env = channel.env
    location = channel._get_own_warehouse().lot_stock_id
    quants = env["stock.quant"].with_context(inventory_mode=True)
    products = env["product.product"].search(
        [("is_storable", "=", True), ("barcode", "!=", False)]
    )
    quants.create(
        [
            {
                "product_id": product.id,
                "location_id": location.id,
                "inventory_quantity": STOCK,
            }
            for product in products
        ]
    ).action_apply_inventory()
    env.cr.commit()


def create_notice(channel, wanted):
    """:return: a notice with its transfer, made from a list as a user does."""
    env = channel.env
    lines = []
    for sku, quantity in wanted:
        product = env["product.product"].search([("default_code", "=", sku)], limit=1)
        lines.append(f"{product.barcode};{quantity}")
    wizard = env["lengow.create.notice"].create(
        {
            "channel_id": channel.id,
            "source": "list",
            "ean_list": "\n".join(lines),
            "create_transfer": True,
            "carrier_name": "DHL",
            "pallets_count": 1,
            "contact_email": "logistics@example.com",
        }
    )
    action = wizard.action_create_notice()
    env.cr.commit()
    return env["lengow.shipping.notice"].browse(action["res_id"])


def ship(channel, url):
    """Take a notice through its whole life, and let Zalando report its stock."""
    env = channel.env
    notice = create_notice(channel, SHIPPED)
    notice.action_create_at_lengow()
    notice.action_announce()
    notice.action_confirm_announcement()
    post(url, "finish")
    run_crons(env)
    notice.picking_id.action_assign()
    notice.picking_id.move_ids.picked = True
    notice.picking_id.button_validate()
    env.cr.commit()
    notice.action_dispatch()
    notice.action_confirm_dispatch()
    post(url, "finish")
    post(url, "movements/liquidate", ean=notice.line_ids[0].ean, quantity=2)
    post(url, "movements/send_back", ean=notice.line_ids[1].ean, quantity=1)
    post(url, "documents")
    run_crons(env)


def leave_to_try(channel):
    """Leave a notice for whoever tries the demo: announced, its transfer waiting."""
    notice = create_notice(channel, READY)
    notice.action_create_at_lengow()
    notice.action_announce()
    notice.picking_id.action_assign()
    channel.env.cr.commit()


def post(url, door, **options):
    """Let something happen at Zalando."""
    answer = requests.post(
        f"{url}/_simulator/logistics/{door}", json=options, timeout=60
    )
    answer.raise_for_status()


def run_crons(env):
    """Run the crons that look at Zalando."""
    for name in CRONS:
        env.ref(f"sale_lengow.ir_cron_{name}").method_direct_trigger()
        env.cr.commit()
