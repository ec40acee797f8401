"""A merchant's carriers and deliveries: some are done, one waits, the others are to try.

Imported by scripts that run in Odoo's shell.
"""

from datetime import timedelta

import requests

from odoo import fields

# Marketplace -> carrier -> what the marketplace calls it. Decathlon's are left to a person.
MAPPED = {
    "amazon_fr": {"DPD Classic": "DPD", "Colissimo Domicile": "Colissimo"},
    "cdiscount_fr": {"DPD Classic": "DPD France", "Colissimo Domicile": "Colissimo"},
    "bol_nl": {"DPD Classic": "DPD-NL"},
}
UNMAPPED = "decathlon_fr"
CARRIERS = {
    "DPD Classic": "https://tracking.dpd.example/<shipmenttrackingnumber>",
    "Colissimo Domicile": "https://suivi.colissimo.example/<shipmenttrackingnumber>",
}
DONE = 2  # deliveries of each mapped marketplace that are validated


def prepare_deliveries(env, account, url):
    """Let some orders be delivered; done once per database.

    :param lengow.account account: connected, its orders imported
    :param str url: address of the simulator
    :return: shipping notices that are done, and that wait for a person
    :rtype: tuple[int, int]
    """
    if not account.channel_ids.carrier_mapping_ids:
        carriers = create_carriers(env)
        map_carriers(account, carriers)
        pickings = find_deliveries(account)
        pickings.carrier_id = carriers["DPD Classic"]
        validate(choose(pickings))
        send(env, url)
    notices = env["lengow.action"].search([("action_type", "=", "ship")])
    states = notices.mapped("state")
    return states.count("done"), states.count("error")


def create_carriers(env):
    """:return: dict of name to a carrier of the merchant's."""
    carriers = {}
    for name, tracking_url in CARRIERS.items():
        product = env["product.product"].create({"name": name, "type": "service"})
        carriers[name] = env["delivery.carrier"].create(
            {"name": name, "product_id": product.id, "tracking_url": tracking_url}
        )
    return carriers


def map_carriers(account, carriers):
    """Say what some of the marketplaces call the carriers."""
    account.env["lengow.carrier.mapping"].create(
        [
            {
                "channel_id": channel.id,
                "delivery_carrier_id": carriers[name].id,
                "carrier_code": code,
            }
            for channel in account.channel_ids
            for name, code in MAPPED.get(channel.marketplace_code, {}).items()
        ]
    )
    account.env.cr.commit()


def find_deliveries(account):
    """:return: the deliveries that marketplaces wait for, the oldest first."""
    return account.env["stock.picking"].search(
        [
            ("sale_id.lengow_order_id.account_id", "=", account.id),
            ("sale_id.lengow_order_id.lengow_status", "=", "waiting_shipment"),
            ("sale_id.lengow_delivered_by", "=", "merchant"),
            ("state", "in", ("confirmed", "assigned")),
        ],
        order="id",
    )


def choose(pickings):
    """:return: some deliveries of mapped marketplaces, and one of another."""
    by_channel = pickings.grouped(lambda picking: picking.sale_id.lengow_channel_id)
    chosen = pickings.browse()
    for channel, some in by_channel.items():
        if channel.marketplace_code in MAPPED:
            chosen |= some[:DONE]
        elif channel.marketplace_code == UNMAPPED:
            chosen |= some[:1]
    return chosen


def validate(pickings):
    """Validate deliveries as the button does, each with a parcel of its own."""
    for picking in pickings:
        for move in picking.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        picking.carrier_tracking_ref = f"DEMO{picking.id:08}"
    pickings.with_context(skip_backorder=True, skip_sms=True).button_validate()
    pickings.env.cr.commit()


def send(env, url):
    """Tell the marketplaces, and read their answers."""
    env.ref("sale_lengow.ir_cron_send_actions").method_direct_trigger()
    env.cr.commit()
    requests.post(f"{url}/_simulator/actions/finish", timeout=60).raise_for_status()
    now = fields.Datetime.now()
    queued = env["lengow.action"].search([("state", "=", "queued")])
    queued.next_attempt = now - timedelta(seconds=1)
    env.cr.commit()
    env.ref("sale_lengow.ir_cron_settle_actions").method_direct_trigger()
    env.cr.commit()
    env.invalidate_all()
