"""The buyer of an imported order hears of its parcel from the marketplace, not from Odoo."""

from unittest.mock import patch

from odoo import Command
from odoo.modules import module
from odoo.tests import tagged

from .common_changes import SHIRT, ChangesCommon


@tagged("post_install", "-at_install", "lengow")
class TestDeliveryMessages(ChangesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env.ref("stock.mail_template_data_delivery_confirmation")
        cls.company.write(
            {
                "stock_move_email_validation": True,
                "stock_mail_confirmation_template_id": cls.template.id,
            }
        )
        cls.buyer = cls.env["res.partner"].create(
            {
                "name": "Ours",
                "email": "ours@example.com",
                "phone": "+33 6 12 34 56 78",
                "country_id": cls.env.ref("base.fr").id,
            }
        )

    def import_picking(self):
        """:return: the delivery of an imported order, whose buyer can be written to."""
        _payload, order = self.import_one((SHIRT, 2))
        picking = order.sale_order_ids.picking_ids
        picking.partner_id.write(
            {"email": "buyer@example.com", "phone": "+33 6 98 76 54 32"}
        )
        self.assertEqual(picking.state, "confirmed")
        return picking

    def create_own_picking(self):
        """:return: the delivery of an order that no marketplace has a part in."""
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.buyer.id,
                "order_line": [
                    Command.create({"product_id": self.shirt.id, "product_uom_qty": 2})
                ],
            }
        )
        sale.action_confirm()
        return sale.picking_ids

    def validate(self, pickings):
        """Deliver everything, as a person does.

        :return: the messages that went to somebody, and the mails.
        """
        mails = self.env["mail.mail"].search([])
        messages = pickings.message_ids
        pickings.move_ids.write({"quantity": 2, "picked": True})
        pickings.button_validate()
        self.assertEqual(set(pickings.mapped("state")), {"done"})
        told = (pickings.message_ids - messages).filtered("notified_partner_ids")
        return told, self.env["mail.mail"].search([]) - mails

    def watch_sms(self):
        """:return: pickings whose partner gets an SMS, as far as Odoo's settings go."""
        pickings = []
        model = type(self.env["stock.picking"])
        self.patch(
            model,
            "_message_sms_with_template",
            lambda picking, **_options: pickings.append(picking),
        )
        send = model._send_confirmation_email

        def send_as_outside_of_tests(pickings):
            with patch.object(module, "current_test", False):
                return send(pickings)

        self.patch(model, "_send_confirmation_email", send_as_outside_of_tests)
        return pickings

    def test_buyer_of_an_imported_order_gets_no_mail(self):
        """Pitfall 30."""
        told, mails = self.validate(self.import_picking())
        self.assertFalse(told)
        self.assertFalse(mails)

    def test_buyer_of_an_order_of_ours_gets_the_mail(self):
        told, _mails = self.validate(self.create_own_picking())
        self.assertEqual(told.notified_partner_ids, self.buyer)

    def test_deliveries_that_are_validated_together_are_told_apart(self):
        ours = self.create_own_picking()
        told, _mails = self.validate(self.import_picking() | ours)
        self.assertEqual(told.mapped("res_id"), ours.ids)
        self.assertEqual(told.notified_partner_ids, self.buyer)

    def test_buyer_of_an_imported_order_gets_no_sms(self):
        if "stock_sms_confirmation_template_id" not in self.company:
            self.skipTest("stock_sms is not installed")
        self.company.write(
            {
                "stock_text_confirmation": True,
                "stock_confirmation_type": "sms",
                "has_received_warning_stock_sms": True,
            }
        )
        sent = self.watch_sms()
        ours = self.create_own_picking()
        self.validate(self.import_picking() | ours)
        self.assertEqual(sent, [ours])

    def test_person_may_still_write_to_the_buyer(self):
        picking = self.import_picking()
        self.validate(picking)
        picking.message_post_with_source(self.template, subtype_xmlid="mail.mt_comment")
        self.assertEqual(
            picking.message_ids[0].notified_partner_ids, picking.partner_id
        )

    def test_parcel_of_an_imported_order_is_ordered_all_the_same(self):
        picking = self.import_picking()
        by_air = self.env["product.product"].create(
            {"name": "By air", "type": "service"}
        )
        picking.carrier_id = self.env["delivery.carrier"].create(
            {
                "name": "By air",
                "product_id": by_air.id,
                "fixed_price": 9.0,
                "integration_level": "rate_and_ship",
            }
        )
        picking.picking_type_id.print_label = True
        told, mails = self.validate(picking)
        self.assertEqual(picking.carrier_price, 9.0)
        self.assertFalse(told or mails)
