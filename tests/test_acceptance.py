"""Orders that wait for acceptance are accepted or refused, by people or by themselves."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models import lengow_order_accept
from .common_wizard import WizardCommon

WAITING = "waiting_acceptance"


class AcceptanceCommon(WizardCommon):
    def add_waiting(self, marketplace="cdiscount_fr", lines=1, **values):
        """Store an order that waits for acceptance."""
        payload = self.world.add_order(
            marketplace, lines=lines, lengow_status=WAITING, **values
        )
        order = self.store(payload)
        self.assertEqual(order.state, "waiting")
        return payload, order

    def get_actions(self, orders):
        return [(action.action_type, action.state) for action in orders.action_ids]


@tagged("post_install", "-at_install", "lengow")
class TestAcceptance(AcceptanceCommon):
    def test_an_order_is_accepted_with_one_click_and_then_imported(self):
        payload, order = self.add_waiting()
        user = new_test_user(self.env, "operator", "sale_lengow.group_lengow_user")
        self.assertTrue(order.can_accept and order.can_refuse)
        order.with_user(user).action_accept()
        self.assertEqual(self.get_actions(order), [("accept", "pending")])
        self.assertFalse(order.can_accept or order.can_refuse)
        self.send_all()
        self.assertEqual(self.get_actions(order), [("accept", "done")])
        self.world.touch(
            payload["marketplace_order_id"], lengow_status="waiting_shipment"
        )
        self.import_stored(payload)
        self.assertEqual(order.state, "imported")

    def test_an_order_is_not_answered_twice(self):
        _payload, order = self.add_waiting()
        order.action_accept()
        for button in (order.action_accept, order.action_refuse):
            notification = button()
            self.assertIn(
                "they are accepted or refused already",
                notification["params"]["message"],
            )
        self.assertEqual(len(order.action_ids), 1)

    def test_a_refusal_asks_for_the_reason_where_the_marketplace_lists_some(self):
        _payload, order = self.add_waiting("decathlon_fr")
        form = self.open(order.action_refuse())
        self.assertEqual(form.type_id.code, "refuse")
        self.fill_in(form, reason="0")
        (action,) = self.send(form)
        self.assertEqual(action.arguments, {"reason": "0"})
        self.send_all()
        self.assertEqual(action.state, "done", action.error_message)

    def test_many_orders_are_answered_at_once_and_each_other_one_says_why_not(self):
        orders = self.env["lengow.order"]
        for marketplace in ("cdiscount_fr", "cdiscount_fr", "elcorteingles_es"):
            orders |= self.add_waiting(marketplace)[1]
        _payload, imported = self.import_one("cdiscount_fr")
        notification = (orders | imported).action_refuse()
        self.assertEqual(
            [self.get_actions(order) for order in orders],
            [[("refuse", "pending")], [("refuse", "pending")], []],
        )
        message = notification["params"]["message"]
        self.assertIn("“Refuse” is sent for 2 orders", message)
        self.assertIn("do not take it now", message)

    def test_an_order_whose_marketplace_asks_for_more_waits_for_a_person(self):
        _payload, order = self.add_waiting("decathlon_fr")
        _payload, other = self.add_waiting("cdiscount_fr")
        spec = order.marketplace_id.spec
        spec["orders"]["actions"]["accept"]["args"] = ["days"]
        order.marketplace_id.spec = dict(spec)
        self.env.registry.clear_cache()
        notification = (order | other).action_accept()
        self.assertIn("open them one by one", notification["params"]["message"])
        self.assertFalse(order.action_ids)
        self.assertEqual(self.get_actions(other), [("accept", "pending")])
        form = self.open(order.action_accept())
        self.assertEqual(form.problem, "Days is missing.")

    def test_salespeople_do_not_answer(self):
        _payload, order = self.add_waiting()
        salesman = new_test_user(self.env, "salesman", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            order.with_user(salesman).action_accept()


@tagged("post_install", "-at_install", "lengow")
class TestAutomaticAcceptance(AcceptanceCommon):
    def set_policy(self, policy, marketplace="cdiscount_fr"):
        self.get_channel(marketplace).auto_accept = policy

    def put_in_stock(self, sku, quantity, warehouse=None):
        warehouse = warehouse or self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        product = self.env["product.product"].search([("default_code", "=", sku)])
        self.env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, quantity
        )

    def test_nothing_is_accepted_unless_the_channel_says_so(self):
        _payload, order = self.add_waiting()
        _payload, other = self.add_waiting("elcorteingles_es")
        self.set_policy("always", "elcorteingles_es")
        self.run_cron("import_orders")
        self.assertFalse(order.action_ids)
        self.assertEqual(self.get_actions(other), [("accept", "pending")])

    def test_an_order_is_accepted_exactly_once_whatever_becomes_of_it(self):
        self.set_policy("always")
        _payload, order = self.add_waiting()
        for state in ("pending", "queued", "done", "error", "cancelled"):
            self.run_cron("import_orders")
            self.assertEqual(len(order.action_ids), 1, state)
            order.action_ids.sudo().state = state

    def test_what_a_person_refused_is_not_accepted(self):
        _payload, order = self.add_waiting()
        order.action_refuse()
        self.set_policy("always")
        self.run_cron("import_orders")
        self.assertEqual(self.get_actions(order), [("refuse", "pending")])

    def test_an_accepted_order_goes_on_by_itself(self):
        self.set_policy("always")
        payload = self.world.add_order("cdiscount_fr", lengow_status=WAITING)
        self.run_cron("fetch_orders", "import_orders")
        self.send_all()
        self.assertEqual(self.get_actions(self.find(payload)), [("accept", "done")])
        self.assertNotEqual(payload["lengow_status"], WAITING)

    def test_an_order_that_the_marketplace_does_not_offer_yet_is_left_alone(self):
        self.set_policy("always")
        payload = self.world.add_order("cdiscount_fr", lengow_status="new")
        order = self.store(payload)
        self.run_cron("import_orders")
        self.assertFalse(order.action_ids)

    def test_the_stock_must_cover_all_pieces_of_all_lines(self):
        self.set_policy("stock")
        self.put_in_stock("MG-SPK", 3)
        cases = {
            (("MG-SPK", 4),): False,
            (("MG-SPK", 1), ("BO-NVL", 1)): False,
            (("MG-SPK", 3),): True,
        }
        for lines, is_accepted in cases.items():
            _payload, order = self.add_waiting(lines=list(lines))
            self.run_cron("import_orders")
            self.assertEqual(bool(order.action_ids), is_accepted, lines)

    def test_stock_that_arrives_later_lets_the_order_be_accepted(self):
        self.set_policy("stock")
        _payload, order = self.add_waiting(lines=[("MG-SPK", 1)])
        self.run_cron("import_orders")
        self.assertFalse(order.action_ids)
        self.put_in_stock("MG-SPK", 1)
        self.run_cron("import_orders")
        self.assertEqual(self.get_actions(order), [("accept", "pending")])

    def test_the_same_piece_is_not_promised_twice(self):
        self.set_policy("stock")
        self.put_in_stock("MG-SPK", 3)
        orders = self.env["lengow.order"]
        for quantity in (2, 2, 1):
            orders |= self.add_waiting(lines=[("MG-SPK", quantity)])[1]
        self.run_cron("import_orders")
        self.assertEqual(
            [len(order.action_ids) for order in orders.sorted("id")], [1, 0, 1]
        )
        # Nor by the next run: what was accepted is no sale order yet.
        self.run_cron("import_orders")
        self.assertEqual(
            [len(order.action_ids) for order in orders.sorted("id")], [1, 0, 1]
        )

    def test_what_one_batch_takes_the_next_one_has_not(self):
        self.set_policy("stock")
        self.put_in_stock("MG-SPK", 4)
        orders = self.env["lengow.order"]
        for quantity in (2, 1, 2, 1, 1):
            orders |= self.add_waiting(lines=[("MG-SPK", quantity)])[1]
        count = type(orders)._count_promised
        with (
            patch.object(lengow_order_accept, "IMPORT_BATCH_SIZE", 2),
            patch.object(
                type(orders), "_count_promised", autospec=True, side_effect=count
            ) as counting,
        ):
            self.run_cron("import_orders")
        self.assertEqual(
            [len(order.action_ids) for order in orders.sorted("id")], [1, 1, 0, 1, 0]
        )
        self.assertEqual(counting.call_count, 1, "not once for each batch")

    def test_a_channel_whose_promises_fail_keeps_no_other_from_it(self):
        orders = self.env["lengow.order"]
        for marketplace in ("cdiscount_fr", "elcorteingles_es"):
            self.set_policy("stock", marketplace)
            orders |= self.add_waiting(marketplace, lines=[("MG-SPK", 1)])[1]
        self.put_in_stock("MG-SPK", 2)
        order_class, guilty = type(orders), orders[0].channel_id
        count = order_class._count_promised

        def fail(order, channel):
            if channel == guilty:
                raise ValueError("damaged")
            return count(order, channel)

        self.patch(order_class, "_count_promised", fail)
        with self.assertLogs("odoo.addons.sale_lengow", "WARNING"):
            self.run_cron("import_orders")
        self.assertEqual([len(order.action_ids) for order in orders], [0, 1])

    def test_a_batch_that_fails_takes_nothing(self):
        self.set_policy("stock")
        self.put_in_stock("MG-SPK", 3)
        orders = self.env["lengow.order"]
        for _count in range(3):
            orders |= self.add_waiting(lines=[("MG-SPK", 1)])[1]
        guilty = orders[1]
        actions = type(self.env["lengow.action"])
        queue = actions._queue

        def fail(action, jobs):
            if guilty in [job.order for job in jobs]:
                raise ValueError("damaged")
            return queue(action, jobs)

        self.patch(actions, "_queue", fail)
        with self.assertLogs("odoo.addons.sale_lengow", "WARNING"):
            self.run_cron("import_orders")
        self.assertEqual([len(order.action_ids) for order in orders], [1, 0, 1])

    def test_only_the_channels_warehouse_counts(self):
        warehouse = self.env["stock.warehouse"].create(
            {"name": "Far", "code": "FAR", "company_id": self.company.id}
        )
        self.put_in_stock("MG-SPK", 5)
        self.set_policy("stock")
        self.get_channel("cdiscount_fr").warehouse_id = warehouse
        _payload, order = self.add_waiting(lines=[("MG-SPK", 1)])
        self.run_cron("import_orders")
        self.assertFalse(order.action_ids)
        self.put_in_stock("MG-SPK", 1, warehouse)
        self.run_cron("import_orders")
        self.assertTrue(order.action_ids)

    def test_an_unknown_product_is_not_in_stock(self):
        self.set_policy("stock")
        self.env["product.product"].search([("default_code", "=", "MG-SPK")]).write(
            {"default_code": False, "barcode": False}
        )
        self.env["product.uom"].search([]).unlink()
        self.env["product.supplierinfo"].search([]).unlink()
        _payload, order = self.add_waiting(lines=[("MG-SPK", 1)])
        self.run_cron("import_orders")
        self.assertFalse(order.action_ids)

    def test_services_need_no_stock(self):
        self.set_policy("stock")
        product = self.env["product.product"].search([("default_code", "=", "MG-SPK")])
        product.is_storable = False
        _payload, order = self.add_waiting(lines=[("MG-SPK", 7)])
        self.run_cron("import_orders")
        self.assertTrue(order.action_ids)

    def test_one_bad_order_keeps_no_other_from_being_accepted(self):
        self.set_policy("always")
        orders = self.env["lengow.order"]
        for _count in range(3):
            orders |= self.add_waiting()[1]
        guilty = orders[1]
        order_class = type(orders)
        get_allowed = order_class._get_allowed_actions

        def fail(order):
            if order == guilty:
                raise ValueError("damaged")
            return get_allowed(order)

        self.patch(order_class, "_get_allowed_actions", fail)
        with self.assertLogs("odoo.addons.sale_lengow", "WARNING"):
            self.run_cron("import_orders")
        self.assertEqual([len(order.action_ids) for order in orders], [1, 0, 1])
