"""What a delivery tells of itself: who delivers, parcels, dates, weight."""

from odoo.tests import tagged

from ..models import lengow_action_ship, lengow_action_ship_again
from .common_ship import ShipCommon


@tagged("post_install", "-at_install", "lengow")
class TestShipArguments(ShipCommon):
    def ship(self, code, tracking="T1", **overrides):
        """Import an order and deliver it.

        :return: its only action.
        """
        order = self.import_order(code, (2,), **overrides)
        self.deliver(self.get_open(order), tracking=tracking)
        (action,) = order.action_ids
        return action

    def assert_error(self, action, *words):
        self.assertEqual((action.state, action.error_code), ("error", "not_ready"))
        for word in words:
            self.assertIn(word, action.error_message)

    # Carriers

    def test_a_carrier_that_is_not_mapped_stops_the_action_and_not_the_delivery(self):
        action = self.ship("amazon_fr")
        self.assert_error(action, "“DPD Classic” is not mapped", "Amazon FR")
        self.assertEqual(action.picking_id.state, "done")
        self.assertNotIn("is missing", action.error_message)

    def test_as_soon_as_the_carrier_is_mapped_the_action_is_sent(self):
        action = self.ship("amazon_fr")
        mapping = self.map_carrier("amazon_fr", False)
        self.assert_error(action)
        mapping.carrier_code = "DPD"
        self.assertEqual((action.state, action.error_code), ("pending", False))
        self.assertEqual(action.arguments["carrier"], "DPD")
        self.assertEqual(len(action.lengow_order_id.action_ids), 1)

    def test_of_many_that_waited_for_a_mapping_most_are_left_to_the_cron(self):
        self.patch(lengow_action_ship_again, "TAKEN_UP_AT_ONCE", 1)
        actions = self.env["lengow.action"].union(
            *(self.ship("amazon_fr") for _number in range(3))
        )
        self.map_carrier("amazon_fr", "DPD")
        self.assertEqual(sorted(actions.mapped("state")), ["error", "error", "pending"])
        self.run_cron("send_actions")
        self.assertEqual(set(actions.mapped("state")), {"queued"})
        self.assertFalse(any(actions.mapped("is_to_take_up")))

    def test_actions_whose_fields_come_in_another_sequence_are_not_mixed_up(self):
        order = self.import_order("amazon_fr")
        related = lengow_action_ship.RELATED_FIELDS
        vals = {
            "lengow_order_id": order.id,
            "action_type": "ship",
            "line_key": "LINE",
            "job_key": "JOB",
            "arguments": {"carrier": "DPD"},
            "source": {"lines": None},
            **{name: order[name].id for name in related},
        }
        actions = self.env["lengow.action"].create([vals, dict(reversed(vals.items()))])
        self.assertEqual(actions.mapped("line_key"), ["LINE"] * 2)
        self.assertEqual(actions.mapped("job_key"), ["JOB"] * 2)

    def test_what_is_sent_late_tells_what_the_delivery_says_by_then(self):
        action = self.ship("amazon_fr")
        action.picking_id.carrier_tracking_ref = "T2"
        self.map_carrier("amazon_fr", "DPD")
        self.assertEqual(action.arguments["tracking_number"], "T2")

    def test_an_optional_carrier_is_no_reason_to_guess(self):
        self.assert_error(self.ship("decathlon_fr"), "is not mapped")

    def test_a_person_can_say_that_the_carrier_is_not_told(self):
        self.map_carrier("decathlon_fr", False, is_untold=True)
        action = self.ship("decathlon_fr")
        self.assertNotIn("carrier", action.arguments)
        self.assertEqual(action.arguments["tracking_number"], "T1")

    def test_a_marketplace_that_asks_for_no_carrier_needs_no_mapping(self):
        marketplace = self.get_channel("cdon_se").marketplace_id
        spec = marketplace.spec
        spec["orders"]["actions"]["ship"]["optional_args"] = ["tracking_number"]
        marketplace.spec = spec
        self.env.registry.clear_cache()
        self.assertEqual(self.ship("cdon_se").arguments, {"tracking_number": "T1"})
        self.assertFalse(self.get_channel("cdon_se").unmapped_carrier_count)

    def test_without_a_carrier_of_ours_the_marketplaces_own_choice_is_told(self):
        order = self.import_order("amazon_fr")
        payload = order.payload
        for tracking in payload["packages"][0]["delivery"]["trackings"]:
            tracking["carrier"] = "colissimo"
        order.sudo().payload = payload
        picking = self.get_open(order)
        picking.carrier_id = order.sale_order_ids.carrier_id = False
        self.deliver(picking)
        self.assertEqual(order.action_ids.arguments["carrier"], "Colissimo")

    def test_the_carrier_that_delivered_is_told_rather_than_the_one_that_was_chosen(
        self,
    ):
        # pitfall 84
        self.map_carrier("amazon_fr", "Colissimo")
        other = self.create_carrier("UPS")
        self.map_carrier("amazon_fr", "UPS", other)
        order = self.import_order("amazon_fr")
        payload = order.payload
        for tracking in payload["packages"][0]["delivery"]["trackings"]:
            tracking["carrier"] = "Colissimo"
        order.sudo().payload = payload
        order.sale_order_ids.carrier_id = self.carrier
        self.get_open(order).carrier_id = other
        self.deliver(self.get_open(order))
        self.assertEqual(order.action_ids.arguments["carrier"], "UPS")

    def test_a_mapping_for_a_country_comes_first(self):
        belgium = self.env.ref("base.be")
        self.map_carrier("amazon_fr", "DPD", country_id=belgium.id)
        self.map_carrier("amazon_fr", "GLS")
        for country, code in ((belgium, "DPD"), (self.env.ref("base.fr"), "GLS")):
            order = self.import_order("amazon_fr")
            picking = self.get_open(order)
            picking.partner_id.country_id = country
            self.deliver(picking)
            self.assertEqual(order.action_ids.arguments["carrier"], code)

    def test_the_name_of_another_carrier_is_told_where_it_is_asked_for(self):
        # pitfall 55
        mapping = self.map_carrier("amazon_fr", "Other")
        self.assertEqual(
            self.ship("amazon_fr").arguments["carrier_name"], "DPD Classic"
        )
        mapping.carrier_name = "Dépêche"
        self.assertEqual(self.ship("amazon_fr").arguments["carrier_name"], "Dépêche")
        mapping.carrier_code = "DPD"
        self.assertNotIn("carrier_name", self.ship("amazon_fr").arguments)

    def test_a_method_is_told_only_where_a_person_has_chosen_one(self):
        # pitfall 55
        mapping = self.map_carrier("amazon_fr", "DPD")
        self.assertNotIn("shipping_method", self.ship("amazon_fr").arguments)
        mapping.shipping_method_code = "Express"
        self.assertEqual(self.ship("amazon_fr").arguments["shipping_method"], "Express")

    def test_a_code_that_is_zero_is_a_code(self):
        self.map_carrier("decathlon_fr", "0")
        self.assertEqual(self.ship("decathlon_fr").arguments["carrier"], "0")

    def test_a_code_that_vanished_is_named(self):
        mapping = self.map_carrier("bol_nl", "TNT")
        marketplace = self.get_channel("bol_nl").marketplace_id
        spec = marketplace.spec
        for carriers in (
            spec["orders"]["carriers"],
            spec["orders"]["actions"]["ship"]["args_description"]["carrier"][
                "valid_values"
            ],
        ):
            del carriers["TNT"]
        self.env["lengow.marketplace"]._store({"bol_nl": spec})
        self.env.registry.clear_cache()
        self.assertFalse(mapping.carrier_choice_id.active)
        self.assertIn("TNT", mapping.problem)
        action = self.ship("bol_nl")
        self.assert_error(action, "TNT")
        mapping.carrier_code = "DHL"
        self.assertEqual(action.state, "pending")

    # Parcels

    def test_a_tracking_number_that_is_missing_is_told_and_sent_once_it_is_there(self):
        self.map_carrier("cdiscount_fr", "DPD France")
        action = self.ship("cdiscount_fr", tracking=None)
        self.assert_error(action, "Tracking number is missing.")
        action.picking_id.carrier_tracking_ref = "T7"
        self.assertEqual(action.state, "pending")
        self.assertEqual(action.arguments["tracking_number"], "T7")

    def test_the_link_to_follow_the_first_parcel_is_told(self):
        self.map_carrier("elcorteingles_es", "SEUR")
        action = self.ship("elcorteingles_es", "A,B")
        self.assertEqual(action.arguments["tracking_number"], "A,B")
        self.assertEqual(action.arguments["tracking_url"], "https://follow.example/A")

    def test_the_day_of_the_delivery_is_told_and_not_that_of_the_request(self):
        # pitfall 85
        self.map_carrier("ebay_de", "DPD")
        action = self.ship("ebay_de", tracking=None)
        action.picking_id.date_done = "2026-03-01 08:00:00"
        action.picking_id.carrier_tracking_ref = "T1"
        self.assertEqual(action.arguments["shipping_date"], "2026-03-01T08:00:00+00:00")

    def test_weight_and_relay_point_are_told_where_the_marketplace_asks(self):
        self.map_carrier("allegro_pl", "INPOST")
        order = self.import_order(
            "allegro_pl", (2,), order_meta={"delivery_method": "LOCKER"}
        )
        order.sale_order_ids.lengow_relay_point_id = "0"
        self.deliver(self.get_open(order))
        arguments = order.action_ids.arguments
        self.assertEqual((arguments["quantity"], arguments["weight"]), (2, "1.0"))
        self.assertEqual(arguments["pickup_id"], "0")

    def test_the_label_to_send_it_back_with_is_told(self):
        # pitfall 59
        self.map_carrier("zalando_zfs_de", "DPD_DE", return_carrier_code="HERMES_DE")
        action = self.ship("zalando_zfs_de")
        self.assert_error(action, "Return tracking number is missing.")
        action.picking_id.lengow_return_tracking_ref = "R1"
        self.assertEqual(action.state, "pending")
        arguments = action.arguments
        self.assertEqual(arguments["return_tracking_number"], "R1")
        self.assertEqual(arguments["return_carrier"], "HERMES_DE")

    def test_the_number_of_a_return_label_is_read_from_its_file(self):
        order = self.import_order("zalando_zfs_de")
        picking = self.get_open(order)
        self.patch(
            type(self.carrier),
            "_compute_can_generate_return",
            lambda carriers: carriers.update({"can_generate_return": True}),
        )
        self.carrier.invalidate_recordset()
        self.env["ir.attachment"].create(
            {
                "name": f"{self.carrier.get_return_label_prefix()}-RET123-1.pdf",
                "res_model": "stock.picking",
                "res_id": picking.id,
            }
        )
        self.assertEqual(picking._lengow_get_return_tracking(), "RET123")


@tagged("post_install", "-at_install", "lengow")
class TestShipFailures(ShipCommon):
    def test_nothing_that_goes_wrong_keeps_anybody_from_delivering(self):
        self.map_carrier("amazon_fr", "DPD")
        good, bad = (self.import_order("amazon_fr") for _order in range(2))

        def break_one(picking):
            if picking in bad.sale_order_ids.picking_ids:
                raise ZeroDivisionError(picking.sale_id.partner_id.name)
            return parcel(picking)

        pickings = type(self.env["stock.picking"])
        parcel = pickings._lengow_make_parcel
        self.patch(pickings, "_lengow_make_parcel", break_one)
        with self.assertLogs("odoo.addons.sale_lengow", "ERROR") as logs:
            self.deliver(self.get_open(good | bad))
        buyer = bad.sale_order_ids.partner_id.name
        self.assertNotIn(buyer, "".join(logs.output))
        self.assertEqual(good.action_ids.state, "pending")
        self.assertEqual(bad.action_ids.error_code, "unexpected")
        self.assertIn(buyer, bad.action_ids.error_message)
        self.patch(pickings, "_lengow_make_parcel", parcel)
        bad.action_ids.action_send_again()
        told = bad.action_ids.filtered(lambda action: action.state == "pending")
        self.assertEqual(told.arguments["carrier"], "DPD")
        self.assertFalse(
            bad.action_ids.filtered(lambda action: action.state == "error")
        )

    def test_an_activity_tells_the_responsible_person(self):
        order = self.import_order("amazon_fr")
        self.deliver(self.get_open(order))
        activities = order.activity_ids | order.sale_order_ids.activity_ids
        self.assertIn("is not mapped", activities.note)
        self.map_carrier("amazon_fr", "DPD")
        self.assertFalse(activities.exists())
