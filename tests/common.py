"""A connected account, a small catalogue, and a Lengow that runs in this process."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import fields
from odoo.tests import TransactionCase

from ..models.lengow_account import CHARGE_PRODUCTS
from ..models.lengow_account_connect import LengowAccount
from ..simulator import (
    ACCESS_TOKEN,
    ACCOUNT_ID,
    SECRET,
    Simulator,
    generate_world,
    respond,
)
from .fake_clock import FakeClock

LENGOW_HOST = "api.lengow.io"
CURRENCY_RATES = {"GBP": 0.86, "PLN": 4.3, "SEK": 11.2, "USD": 1.1}


class LengowCommon(TransactionCase):
    """The real client, over real ``requests`` sessions, against the simulator.

    The world is empty but for its marketplaces and products: tests add their orders.
    """

    world_options = {"orders": 0}

    @classmethod
    def _request_handler(cls, session, request, /, **kw):
        if urlsplit(request.url).hostname == LENGOW_HOST:
            return respond(cls.simulator, session, request, **kw)
        return super()._request_handler(session, request, **kw)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.currency_id = cls.env.ref("base.EUR")
        cls.company.country_id = cls.env.ref("base.fr")
        cls.activate_currencies()
        cls.tax_20 = cls.create_tax(20, "tax_included")
        cls.tax_5 = cls.create_tax(5.5, "tax_included")
        cls.company.account_sale_tax_id = cls.tax_20
        for name in CHARGE_PRODUCTS:
            cls.env.ref(f"sale_lengow.{name}").taxes_id = cls.tax_20
        cls.account = cls.env["lengow.account"].create(
            {"name": "Test", "access_token": ACCESS_TOKEN, "secret": SECRET}
        )

    def setUp(self):
        super().setUp()
        self.start_world(**self.world_options)
        transport_vals = LengowAccount._prepare_transport_vals

        def with_fake_clock(account):
            return {
                **transport_vals(account),
                "clock": self.clock.time,
                "sleep": self.clock.sleep,
            }

        self.patch(LengowAccount, "_prepare_transport_vals", with_fake_clock)

    # What a test builds its world of

    def start_world(self, **options):
        """Start a simulator of its own for the test."""
        self.clock = FakeClock()
        self.world = generate_world(**options)
        type(self).simulator = Simulator(
            self.world, clock=self.clock.time, sleep=self.clock.sleep
        )

    @classmethod
    def activate_currencies(cls):
        """Make the currencies of the simulated marketplaces usable."""
        for code, rate in CURRENCY_RATES.items():
            currency = (
                cls.env["res.currency"]
                .with_context(active_test=False)
                .search([("name", "=", code)])
            )
            currency.active = True
            currency.rate_ids.unlink()
            cls.env["res.currency.rate"].create(
                {
                    "currency_id": currency.id,
                    "name": fields.Date.today() - timedelta(days=400),
                    "rate": rate,
                    "company_id": cls.company.id,
                }
            )

    @classmethod
    def create_tax(cls, amount, price_include):
        """Create a sales tax.

        :param float amount: percentage.
        :param str price_include: ``tax_included`` or ``tax_excluded``.
        """
        return cls.env["account.tax"].create(
            {
                "name": f"{amount} % {price_include}",
                "amount": amount,
                "type_tax_use": "sale",
                "price_include_override": price_include,
            }
        )

    @classmethod
    def create_product(cls, sku, taxes=None, **vals):
        """Create a storable product known by its internal reference."""
        taxes = cls.tax_20 if taxes is None else taxes
        return cls.env["product.product"].create(
            {
                "name": f"Product {sku}",
                "default_code": sku,
                "is_storable": True,
                "list_price": 11.0,
                "taxes_id": [fields.Command.set(taxes.ids)],
                **vals,
            }
        )

    @classmethod
    def open_channels(cls):
        """Connect the account and open its channels, without asking Lengow."""
        specs = generate_world(orders=0).marketplaces
        cls.account.write(
            {
                "state": "connected",
                "lengow_account_id": str(ACCOUNT_ID),
                "marketplaces_synced_at": fields.Datetime.now(),
            }
        )
        cls.account._open_channels(cls.env["lengow.marketplace"]._store(specs))

    @classmethod
    def get_channel(cls, code="amazon_fr"):
        """:return: the account's channel on a marketplace."""
        return cls.account.channel_ids.filtered(
            lambda channel: channel.marketplace_code == code
        )

    @classmethod
    def create_catalogue(cls):
        """Create the products that the world's orders name."""
        return cls.env["product.product"].create(
            [
                {
                    "name": product["name"],
                    "default_code": product["sku"],
                    "barcode": product["ean"],
                    "is_storable": True,
                    "list_price": product["price"],
                    "taxes_id": [
                        fields.Command.set(
                            (
                                cls.tax_20
                                if product["tax_rate"] == "20.0"
                                else cls.tax_5
                            ).ids
                        )
                    ],
                    "product_uom_ids": [
                        fields.Command.create(
                            {
                                "uom_id": cls.env.ref("uom.product_uom_pack_6").id,
                                "barcode": product["pack_ean"],
                            }
                        )
                    ],
                    "seller_ids": [
                        fields.Command.create(
                            {
                                "partner_id": cls.company.partner_id.id,
                                "product_code": product["supplier_code"],
                            }
                        )
                    ],
                }
                for product in generate_world(orders=0).products
            ]
        )

    # What a test does

    def run_cron(self, *names):
        """Run crons of ours one after the other, as the scheduler does."""
        with self.enter_registry_test_mode():
            for name in names:
                result = self.env.ref(
                    f"sale_lengow.ir_cron_{name}"
                ).method_direct_trigger()
                self.assertIs(result, True, f"the cron {name} raised: {result}")

    def connect(self):
        """Connect the account as a user does."""
        with self.enter_registry_test_mode():
            self.account.action_connect()

    def import_all(self):
        """Connect when needed, then fetch, import and mark."""
        if self.account.state == "draft":
            self.connect()
        self.run_cron(
            "sync_marketplaces", "fetch_orders", "import_orders", "mark_orders"
        )

    def store(self, *payloads):
        """Store payloads as a fetched page.

        :return: their orders, in the order of the payloads.
        """
        # As they come from the network, so that nobody changes the world's own.
        page = json.loads(json.dumps(payloads))
        with self.enter_registry_test_mode():
            self.account._store_orders(page)
        return self.env["lengow.order"].union(*map(self.find, payloads))

    def import_stored(self, *payloads):
        """Store payloads and run the import.

        :return: their orders.
        """
        orders = self.store(*payloads)
        self.run_cron("import_orders")
        return orders

    def get_requests(self, path, method=None):
        """:return: the requests that reached the simulator at a path."""
        return [
            request
            for request in self.simulator.requests
            if request.path == path and method in (None, request.method)
        ]

    def find(self, payload):
        """:return: the stored order of a payload."""
        return self.env["lengow.order"].search(
            [("marketplace_order_id", "=", str(payload.get("marketplace_order_id")))]
        )

    def import_two(self):
        """Import an order, and one whose product is unknown.

        :return: the imported and the failed ``lengow.order``.
        """
        skus = [product["sku"] for product in self.world.products[:2]]
        self.create_product(skus[0])
        payloads = [self.world.add_order(lines=[(sku, 1)]) for sku in skus]
        self.import_all()
        imported, failed = map(self.find, payloads)
        self.assertEqual((imported.state, failed.state), ("imported", "error"))
        return imported, failed
