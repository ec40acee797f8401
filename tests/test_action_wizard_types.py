"""Each documented action has been sent from the wizard, and was done."""

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..lengow.const import ACTION_TYPES
from .common_wizard import WizardCommon

LABEL = {
    "weight": "500",
    "package_dimension_length": "30",
    "package_dimension_width": "20",
    "package_dimension_height": "10",
    "package_dimension_unit": "centimeters",
    "from_address_name": "Shop",
    "from_address_line": "1 rue du Port",
    "from_address_city": "Nantes",
    "from_address_postal_code": "44000",
    "from_address_country_code": "FR",
    "from_address_mail": "shop@example.com",
    "from_address_phone": "+33102030405",
}
# Action -> marketplace, Lengow status, details to fill in.
CASES = {
    "accept": ("decathlon_fr", "waiting_acceptance", {}),
    "refuse": ("decathlon_fr", "waiting_acceptance", {"reason": "0"}),
    "ship": (
        "allegro_pl",
        "waiting_shipment",
        {"carrier": "DPD", "tracking_number": "X1"},
    ),
    "cancel": ("ebay_de", "waiting_shipment", {"reason": "OUT_OF_STOCK"}),
    "refund": ("amazon_fr", "shipped", {"reason": "CustomerReturn"}),
    "partial_cancel": ("allegro_pl", "waiting_shipment", {}),
    "set_delivery_date": (
        "elcorteingles_es",
        "shipped",
        {"delivery_date": fields.Datetime.to_datetime("2025-03-14 10:00:00")},
    ),
    "set_eligible_shipping_methods": ("amazon_fr", "waiting_shipment", LABEL),
    "buy_shipment_label": (
        "amazon_fr",
        "waiting_shipment",
        {**LABEL, "shipping_service_id": "prime-1"},
    ),
    "pickup_ready": ("ebay_de", "pickup_to_prepare", {}),
    "pickup_complete": ("ebay_de", "to_pickup", {}),
    "pickup_cancel": ("ebay_de", "to_pickup", {"reason": "BUYER_NO_SHOW"}),
    "pickup_refund": ("ebay_de", "pickup_completed", {"refund_id": "R-1"}),
}


@tagged("post_install", "-at_install", "lengow")
class TestActionTypes(WizardCommon):
    def test_each_documented_action_is_sent_from_the_wizard_and_done(self):
        self.assertEqual(set(CASES), set(ACTION_TYPES))
        user = new_test_user(self.env, "operator", "sale_lengow.group_lengow_user")
        for name, (marketplace, status, details) in CASES.items():
            with self.subTest(action=name):
                _payload, order = self.import_one(marketplace, lengow_status=status)
                form = self.open(order.with_user(user).action_act())
                self.choose(form, name)
                self.fill_in(form, **details)
                self.assertFalse(form.problem)
                (action,) = self.send(form)
                self.assertEqual(
                    (action.action_type, action.state), (name, "pending"), name
                )
                self.send_all()
                self.assertEqual(action.state, "done", action.error_message)
