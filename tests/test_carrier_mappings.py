"""What marketplaces call carriers: their lists, mappings, suggestions."""

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..models.likeness import compare_carriers
from .common_ship import ShipCommon


@tagged("post_install", "-at_install", "lengow")
class TestMarketplaceCarriers(ShipCommon):
    def sync(self, code, carriers, methods=()):
        """Let a marketplace list other carriers and methods."""
        marketplace = self.get_channel(code).marketplace_id
        spec = {
            "name": "M",
            "orders": {"carriers": carriers, "shipping_methods": methods},
        }
        self.env["lengow.marketplace"]._store({code: spec})
        self.env.registry.clear_cache()
        return marketplace.with_context(active_test=False)

    def test_carriers_and_methods_are_those_of_the_marketplace(self):
        marketplace = self.get_channel("bol_nl").marketplace_id
        self.assertEqual(
            {carrier.code: carrier.name for carrier in marketplace.carrier_ids},
            {"TNT": "PostNL", "DHL": "DHL", "BPOST_BE": "bpost", "DPD-NL": "DPD"},
        )
        methods = self.get_channel("decathlon_fr").marketplace_id.method_ids
        self.assertIn("Livraison standard (STD)", methods.mapped("display_name"))
        colissimo = self.get_channel().marketplace_id.carrier_ids.filtered(
            lambda carrier: carrier.code == "Colissimo"
        )
        self.assertEqual(colissimo.lengow_code, "LAPOSTE_COLISSIMO")

    def test_what_vanishes_is_archived_and_what_comes_back_is_the_same(self):
        marketplace = self.sync(
            "bol_nl", {"A": "Anton", "B": {"label": "Berta"}}, ["S"]
        )
        anton = marketplace.carrier_ids.filtered(lambda c: c.code == "A")
        self.assertEqual(marketplace.method_ids.mapped("code"), ["S"])
        self.sync("bol_nl", {"B": {"label": "Bertha"}})
        self.assertFalse(anton.active)
        self.assertFalse(marketplace.method_ids.active)
        berta = marketplace.carrier_ids.filtered("active")
        self.assertEqual((berta.code, berta.name), ("B", "Bertha"))
        self.sync("bol_nl", {"A": "Anton"})
        self.assertTrue(anton.active)

    def test_lists_of_any_form_are_read(self):
        for carriers, codes in (
            ([], []),
            (None, []),
            ("x", ["x"]),
            ({"0": None}, ["0"]),
            ([{"code": "A", "label": "Anton"}, 7], ["7", "A"]),
        ):
            marketplace = self.sync("bol_nl", carriers)
            active = marketplace.carrier_ids.filtered("active")
            self.assertEqual(sorted(active.mapped("code")), codes)

    def test_an_unchanged_marketplace_is_not_written(self):
        marketplace = self.sync("bol_nl", {"A": "Anton"})
        self.assertFalse(marketplace._prepare_choice_vals(marketplace.spec))


@tagged("post_install", "-at_install", "lengow")
class TestCarrierMappings(ShipCommon):
    def test_a_code_that_the_marketplace_does_not_take_is_refused(self):
        for code, vals in (
            ("amazon_fr", {"carrier_code": "Nobody"}),
            ("otto_de", {"carrier_code": "DHL", "return_carrier_code": "RHENUS"}),
        ):
            with self.assertRaises(ValidationError):
                self.map_carrier(code, vals.pop("carrier_code"), **vals)

    def test_a_free_code_is_kept_where_the_marketplace_takes_it(self):
        mapping = self.map_carrier("cdon_se", " Snigel ")
        self.assertEqual(mapping.carrier_code, "Snigel")
        self.assertFalse(mapping.carrier_choice_id)

    def test_a_carrier_is_mapped_once_for_each_country(self):
        self.map_carrier("amazon_fr", "DPD")
        self.map_carrier("amazon_fr", "GLS", country_id=self.env.ref("base.be").id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.map_carrier("amazon_fr", "GLS")

    def test_a_person_chooses_from_the_lists_of_the_marketplace(self):
        mapping = self.map_carrier("amazon_fr", False)
        self.assertFalse(mapping.is_mapped)
        marketplace = mapping.marketplace_id
        mapping.carrier_choice_id = marketplace.carrier_ids.filtered(
            lambda carrier: carrier.code == "GLS"
        )
        mapping.method_choice_id = marketplace.method_ids[:1]
        self.assertEqual(mapping.carrier_code, "GLS")
        self.assertEqual(mapping.shipping_method_code, marketplace.method_ids[0].code)
        self.assertTrue(mapping.is_mapped)
        mapping.carrier_choice_id = False
        self.assertFalse(mapping.carrier_code)

    def test_the_list_is_edited_in_place(self):
        view = "sale_lengow.lengow_carrier_mapping_view_list"
        mappings = self.env["lengow.carrier.mapping"].with_context(
            default_channel_id=self.get_channel("cdon_se").id
        )
        with Form(mappings, view) as form:
            form.delivery_carrier_id = self.carrier
            form.carrier_choice_id = self.get_channel(
                "cdon_se"
            ).marketplace_id.carrier_ids[0]
        mapping = form.record
        self.assertEqual(mapping.carrier_code, mapping.carrier_choice_id.code)
        with Form(mapping, view) as form:
            form.carrier_code = "Free"
        self.assertEqual(mapping.carrier_code, "Free")

    def test_suggestions_are_alike_and_used_only_when_a_person_says_so(self):
        # pitfall 58
        mapping = self.map_carrier("cdiscount_fr", False)
        self.assertEqual(mapping.suggested_carrier_id.code, "DPD France")
        self.assertFalse(mapping.is_mapped)
        order = self.import_order("cdiscount_fr")
        self.deliver(self.get_open(order))
        self.assertEqual(order.action_ids.state, "error")
        mapping.action_take_suggestion()
        self.assertEqual(mapping.carrier_code, "DPD France")
        self.assertFalse(mapping.suggested_carrier_id)
        self.assertEqual(order.action_ids.state, "pending")

    def test_names_of_carriers_are_compared_by_what_tells_them_apart(self):
        for name, other, is_alike in (
            ("DPD Classic", "DPD France", True),
            ("Colissimo domicile", "La Poste - Colissimo", True),
            ("Relais Colis", "Relais Colis", True),
            ("Mondial Relay", "Relais Colis", False),
            ("Standard delivery", "Standard", False),
            ("DHL Express", "DPD Express", False),
            ("", "", False),
        ):
            with self.subTest(name=name, other=other):
                self.assertEqual(compare_carriers(name, other) >= 0.5, is_alike)

    def test_a_channel_counts_the_carriers_that_are_not_mapped(self):
        channel = self.get_channel("amazon_fr")
        other = self.create_carrier("UPS")
        carriers = self.env["delivery.carrier"].search([])
        self.assertEqual(channel.unmapped_carrier_count, len(carriers))
        order = self.import_order("amazon_fr")
        channel.invalidate_recordset()
        self.assertEqual(channel._get_unmapped_carriers()[channel], self.carrier)
        order.sale_order_ids.carrier_id = other
        channel.invalidate_recordset()
        self.assertEqual(channel.unmapped_carrier_count, 2)
        self.map_carrier("amazon_fr", "UPS", other)
        channel.invalidate_recordset()
        self.assertEqual(channel.unmapped_carrier_count, 1)

    def test_the_screen_of_a_channel_begins_with_what_is_not_mapped(self):
        channel = self.get_channel("amazon_fr")
        other = self.create_carrier("UPS")
        done = self.map_carrier("amazon_fr", "UPS", other, sequence=1)
        self.import_order("amazon_fr")
        for _time in range(2):
            action = channel.action_map_carriers()
            listed = self.env["lengow.carrier.mapping"].search(action["domain"])
            self.assertEqual(listed.delivery_carrier_id, self.carrier | other)
            self.assertEqual(listed[-1], done)
            self.assertEqual(len(listed), 2)

    def test_users_of_the_connector_map_carriers_and_others_do_not(self):
        user = new_test_user(self.env, "clerk", "sale_lengow.group_lengow_user")
        order = self.import_order("amazon_fr")
        self.deliver(self.get_open(order))
        channel = self.get_channel().with_user(user)
        self.assertEqual(channel.unmapped_carrier_count, 1)
        action = channel.action_map_carriers()
        mappings = self.env["lengow.carrier.mapping"].with_user(user)
        mapping = mappings.search(action["domain"])
        mapping.carrier_code = mapping.suggested_carrier_id.code
        self.assertEqual(order.action_ids.state, "pending")
        stranger = new_test_user(self.env, "stranger", "base.group_user")
        self.assertFalse(mappings.with_user(stranger).has_access("read"))


@tagged("post_install", "-at_install", "lengow")
class TestImportCarriers(ShipCommon):
    def import_tracked(self, code="amazon_fr", **tracking):
        payload = self.world.add_order(code, lines=[(self.skus[0], 1)])
        for entry in payload["packages"][0]["delivery"]["trackings"]:
            entry.update({"method": None, "carrier": None, **tracking})
        return self.import_stored(payload).sale_order_ids

    def test_the_method_that_the_marketplace_chose_picks_the_carrier(self):
        fast = self.create_carrier("Fast")
        self.map_carrier("amazon_fr", "DPD", shipping_method_code="Standard")
        self.map_carrier("amazon_fr", "UPS", fast, shipping_method_code="Std")
        for method, carrier in (
            ("Standard", self.carrier),
            ("STANDARD", self.carrier),
            ("Std", fast),
            ("Std FR Dom", fast),
            ("Unheard of", self.env["delivery.carrier"]),
            (None, self.env["delivery.carrier"]),
        ):
            with self.subTest(method=method):
                sale = self.import_tracked(method=method)
                self.assertEqual(sale.carrier_id, carrier)
                self.assertEqual(sale.picking_ids.carrier_id, carrier)

    def test_the_carrier_costs_nothing_more(self):
        self.map_carrier("amazon_fr", "DPD", shipping_method_code="Standard")
        payload = self.world.add_order("amazon_fr", lines=[(self.skus[0], 1)])
        payload["packages"][0]["delivery"]["trackings"][0]["method"] = "Standard"
        order = self.import_stored(payload)
        sale = order.sale_order_ids
        self.assertEqual(sale.carrier_id, self.carrier)
        self.assertEqual(sale.amount_total, order.total_order)
        self.assertEqual(
            len(sale.order_line.filtered("is_delivery")), bool(payload["shipping"])
        )

    def test_the_carrier_that_fits_best_is_picked(self):
        first, second = self.create_carrier("First"), self.create_carrier("Second")
        self.map_carrier(
            "amazon_fr", "DPD", first, shipping_method_code="Standard", sequence=2
        )
        self.map_carrier(
            "amazon_fr", "UPS", second, shipping_method_code="Standard", sequence=1
        )
        self.assertEqual(self.import_tracked(method="Standard").carrier_id, second)
        sale = self.import_tracked(method="Standard", carrier="dpd")
        self.assertEqual(sale.carrier_id, first)
        self.assertFalse(self.import_tracked(carrier="GLS").carrier_id)
