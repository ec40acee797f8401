"""Run in Odoo's shell: measure shipping notices, stock movements and documents.

MOVEMENTS=20000 and DOCUMENT_MB=50 measure less. The last line is the figures as JSON.
"""

import gc
import json
import os
import resource
import threading
import time
from datetime import timedelta

import requests

from odoo import Command, fields

from odoo.addons.sale_lengow.dev.merchant import prepare_merchant
from odoo.addons.sale_lengow.lengow.movement import RECEIVED

ITEMS = 5000
MOVEMENTS = int(os.environ.get("MOVEMENTS", "100000"))
DOCUMENT_MB = int(os.environ.get("DOCUMENT_MB", "200"))
WINDOW = 20_000  # movements that Lengow answers at once
FEED = "2001"
MB = 1024 * 1024


def prepare_channel(env, account):
    """:return: the channel whose stock lies at Zalando."""
    account.action_connect()
    account._sync_marketplaces()
    channel = account.channel_ids.filtered(
        lambda channel: channel.marketplace_code == "zalando_zfs_de"
    )
    channel.feed_ref = FEED
    channel.action_set_up_fulfilment()
    env.cr.commit()
    return channel


def measure_notice(env, channel, url):
    """Announce many items, then render the notice's form as the browser asks for it."""
    products = env["product.product"].search([("barcode", "!=", False)])
    notice = env["lengow.shipping.notice"].create(
        {
            "channel_id": channel.id,
            "line_ids": [
                Command.create(
                    {
                        "ean": f"20{number:011}",
                        "product_id": products[number % len(products)].id,
                        "announced_quantity": number % 9 + 1,
                    }
                )
                for number in range(ITEMS)
            ],
        }
    )
    env.cr.commit()
    notice.action_create_at_lengow()
    before = count_posts(url)
    started = time.perf_counter()
    notice.action_announce()
    sent = time.perf_counter()
    assert notice.state == "announced", notice.problem
    assert count_posts(url) - before == 1, "not in one request"
    view = env.ref("sale_lengow.lengow_shipping_notice_view_form")
    specification = read_specification(env, notice, view)
    seconds = []
    for _turn in range(3):
        env.invalidate_all()
        begun = time.perf_counter()
        notice.get_views([(view.id, "form")])
        rendered = notice.web_read(specification)
        seconds.append(time.perf_counter() - begun)
    assert len(rendered[0]["line_ids"]) == ITEMS
    return {
        "notice_5000_ms": round(1000 * min(seconds)),
        "notice_5000_send_s": round(sent - started, 1),
    }


def read_specification(env, notice, view):
    """:return: what the form asks for: its fields, and a page of its items."""
    from lxml import etree

    arch = etree.fromstring(notice.get_view(view.id, "form")["arch"])
    specification = {}
    for node in arch.iter("field"):
        if any(parent.tag == "list" for parent in node.iterancestors()):
            continue
        name = node.get("name")
        shown = node.find("list")
        specification[name] = {}
        if shown is not None:
            inner = {field.get("name"): {} for field in shown.iter("field")}
            specification[name] = {"fields": inner, "limit": 80}
        elif notice._fields[name].type == "many2one":
            specification[name] = {"fields": {"display_name": {}}}
    return specification


def count_posts(url):
    """:return: how many requests announced items."""
    summary = requests.get(f"{url}/_simulator/", timeout=60).json()["requests"]
    return sum(
        sum(counts.values())
        for path, counts in summary.items()
        if path.endswith("announced_item_set")
    )


def measure_movements(env, channel):
    """Store and match movements that are already here, in answers of a usual size."""
    eans = env["product.product"].search([("barcode", "!=", False)]).mapped("barcode")
    now = fields.Datetime.now()
    rows = [
        {
            "zalando_advice_id": 99_200_000 + number // 1000,
            "merchant_b2b_reference": f"sn{number // 1000}",
            "ean": eans[number % len(eans)],
            "parent": {"id": f"box-{number // 100}"},
            "quality_label": f"{number:011X}",
            "location_id": "32aaa430-a835-44aa-947a-4a1aaaa1a615",
            "received_timestamp": f"{now - timedelta(seconds=number):%Y-%m-%dT%H:%M:%SZ}",
            "consumed_timestamp": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "tour_number": "20181031-0015-SWI1-EF",
        }
        for number in range(MOVEMENTS)
    ]
    movements = env["lengow.stock.movement"]
    started = time.perf_counter()
    for start in range(0, MOVEMENTS, WINDOW):
        movements._store(channel, RECEIVED, rows[start : start + WINDOW])
        env.cr.commit()
        env.invalidate_all()
    seconds = time.perf_counter() - started
    assert movements.search_count([("product_id", "!=", False)]) == MOVEMENTS
    started = time.perf_counter()
    for start in range(0, MOVEMENTS, WINDOW):
        assert not movements._store(channel, RECEIVED, rows[start : start + WINDOW])
    again = time.perf_counter() - started
    return {
        "movements_per_s": round(MOVEMENTS / seconds),
        "movements_again_per_s": round(MOVEMENTS / again),
    }


def measure_document(env, channel, url):
    """Download a large document, and watch how much memory that takes at its peak."""
    size = DOCUMENT_MB * MB
    options = {"size": size}
    answer = requests.post(
        f"{url}/_simulator/logistics/documents", json=options, timeout=60
    )
    document_id = str(answer.json()["id"])
    gc.collect()
    before = read_memory()
    with watch_memory() as peak:
        started = time.perf_counter()
        attachment, download = channel._download_document(
            channel.stock_report_type, document_id, {}
        )
        seconds = time.perf_counter() - started
    assert download.size == attachment.file_size == size
    env.cr.rollback()
    return {
        "document_peak_mb": round((peak.value - before) / MB, 1),
        "document_mb_per_s": round(DOCUMENT_MB / seconds),
    }


def read_memory():
    """:return: bytes of memory that this process holds now."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


class watch_memory:  # noqa: N801 used as a statement
    """Look at the process's memory many times a second.

    What the kernel tells of the peak is that of the whole life of the process.
    """

    def __enter__(self):
        self.value = read_memory()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._stop.set()
        self._thread.join()

    def _look(self):
        while not self._stop.wait(0.01):
            self.value = max(self.value, read_memory())


def main(env):
    """Measure everything, and print the figures."""
    url = os.environ["LENGOW_SIMULATOR_URL"]
    channel = prepare_channel(env, prepare_merchant(env, url))
    figures = {}
    figures.update(measure_document(env, channel, url))
    figures.update(measure_notice(env, channel, url))
    figures.update(measure_movements(env, channel))
    print(json.dumps(figures))


main(env)  # noqa: F821 Odoo's shell gives it
