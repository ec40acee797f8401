import base64
import io

from openpyxl import Workbook

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..lengow.ean_list import read_ean_list
from .common_fulfilment import FulfilmentCommon


@tagged("post_install", "-at_install")
class TestCreateNotices(FulfilmentCommon):
    """The wizard, which names what is wrong before anything is sent."""

    def make(self, **vals):
        return self.env["lengow.create.notice"].create(
            {"channel_id": self.channel.id, **vals}
        )

    def make_list(self, *lines, **vals):
        return self.make(source="list", ean_list="\n".join(lines), **vals)

    def create_from(self, wizard):
        """:return: the notice, empty when the wizard comes back."""
        action = wizard.action_create_notice()
        notices = self.env["lengow.shipping.notice"]
        is_notice = action["res_model"] == notices._name
        return notices.browse(action["res_id"]) if is_notice else notices

    def get_problems(self, wizard):
        wizard.action_check()
        return [line.problem for line in wizard.line_ids]

    def test_a_delivery_becomes_a_notice(self):
        picking = self.create_transfer(
            (self.first, 5), (self.second, 3), (self.first, 1)
        )
        picking.action_confirm()
        with Form.from_action(self.env, picking.action_lengow_create_notice()) as form:
            self.assertEqual(form.channel_id, self.channel)
            form.carrier_name = "DHL"
            form.pallets_count = 1
        notice = self.create_from(form.record)
        self.assertEqual(notice.picking_id, picking)
        self.assertEqual((notice.carrier_name, notice.pallets_count), ("DHL", 1))
        self.assertEqual(
            {line.ean: line.announced_quantity for line in notice.line_ids},
            {self.first.barcode: 6, self.second.barcode: 3},
        )
        self.assertEqual(notice.state, "draft")
        self.assertEqual(len(self.simulator.requests), 0)

    def test_a_transfer_that_is_done_is_ready_to_be_dispatched(self):
        self.stock_up(self.first, 10)
        picking = self.create_transfer((self.first, 5))
        picking.action_confirm()
        picking.action_assign()
        picking.button_validate()
        notice = self.create_from(self.make(picking_id=picking.id))
        self.assertEqual(notice.line_ids.dispatched_quantity, 5)

    def test_products_are_chosen_and_counted(self):
        wizard = self.make(source="products", product_ids=self.products[:2].ids)
        wizard.action_check()
        wizard.line_ids[0].quantity = 4
        notice = self.create_from(wizard)
        self.assertEqual(notice.line_ids.mapped("announced_quantity"), [4, 1])

    def test_a_pasted_list_with_any_separator_is_read(self):
        for separator in ("\t", ";", ",", " ", "|"):
            lines = [
                f"{p.barcode}{separator}{n}" for n, p in enumerate(self.products, 1)
            ]
            wizard = self.make_list("EAN" + separator + "Quantity", "", *lines[:3])
            notice = self.create_from(wizard)
            self.assertEqual(
                notice.line_ids.mapped("announced_quantity"), [1, 2, 3], separator
            )

    def test_an_uploaded_file_is_read(self):
        ean = self.first.barcode
        book = Workbook()
        book.active.append(["EAN", "Quantity"])
        book.active.append([int(ean), 7.0])
        sheet = io.BytesIO()
        book.save(sheet)
        for content in (
            f"\ufeffean;quantity\r\n{ean};7\r\n".encode(),
            f"Référence,Quantité\n{ean},7\n".encode("cp1252"),
            sheet.getvalue(),
        ):
            wizard = self.make(source="list", ean_file=base64.b64encode(content))
            notice = self.create_from(wizard)
            self.assertEqual(notice.line_ids.ean, ean)
            self.assertEqual(notice.line_ids.announced_quantity, 7)

    def test_a_file_that_is_no_list_is_named(self):
        wizard = self.make(
            source="list",
            ean_file=base64.b64encode(b"PK\x03\x04 not a sheet"),
            ean_file_name="photo.zip",
        )
        with self.assertRaisesRegex(UserError, "photo.zip cannot be read. Save it as"):
            wizard.action_check()

    def test_what_cannot_be_announced_is_named_and_nothing_is_made(self):
        self.third.barcode = False
        first, second = self.first.barcode, self.second.barcode
        wizard = self.make_list(
            f"{first};1", f"{second};0", "4006381333931;1", f"{first};2", f"{second};x"
        )
        self.assertEqual(
            self.get_problems(wizard),
            [
                "The EAN is there more than once.",
                "The quantity is 0. It must be 1 or more.",
                "No product has this EAN.",
                "The EAN is there more than once.",
                "“x” is no whole number.",
            ],
        )
        self.assertEqual(wizard.problem_count, 5)
        self.assertFalse(self.create_from(wizard))
        self.assertFalse(self.env["lengow.shipping.notice"].search([]))

    def test_products_without_an_ean_and_parts_of_pieces_are_named(self):
        self.second.barcode = False
        picking = self.create_transfer((self.first, 1.5), (self.second, 2))
        problems = self.get_problems(self.make(picking_id=picking.id))
        self.assertIn("1.5 is no whole number of pieces", problems[0])
        self.assertIn(f"{self.second.display_name} has no barcode", problems[1])

    def test_a_barcode_of_several_products_is_named(self):
        twin = self.create_product("TWIN")
        self.env["product.uom"].create(
            {
                "product_id": twin.id,
                "uom_id": self.env.ref("uom.product_uom_pack_6").id,
                "barcode": "4006381333931",
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE product_product SET barcode = '4006381333931' WHERE id = %s",
            (self.first.id,),
        )
        self.env.invalidate_all()
        problems = self.get_problems(self.make_list("4006381333931;1"))
        self.assertIn("Several products have this EAN", problems[0])

    def test_what_cannot_be_announced_can_be_left_out(self):
        wizard = self.make_list(
            f"{self.first.barcode};1", "4006381333931;1", leave_out=True
        )
        self.assertEqual(self.create_from(wizard).line_ids.ean, self.first.barcode)

    def test_duplicates_can_be_added_up(self):
        ean = self.first.barcode
        wizard = self.make_list(f"{ean};1", f"{ean};2", merge_duplicates=True)
        self.assertEqual(self.create_from(wizard).line_ids.announced_quantity, 3)
        wizard = self.make_list(f"{ean};1", f"{ean};x", merge_duplicates=True)
        self.assertFalse(self.create_from(wizard))

    def test_an_ean_is_found_with_and_without_its_leading_zeros(self):
        self.first.barcode = "191476239145"
        notice = self.create_from(self.make_list("0191476239145;2"))
        self.assertEqual(notice.line_ids.product_id, self.first)
        self.assertEqual(notice.line_ids.ean, "0191476239145")

    def test_an_ean_of_a_pack_is_found(self):
        pack = self.world.products[0]["pack_ean"]
        notice = self.create_from(self.make_list(f"{pack};2"))
        self.assertEqual(notice.line_ids.product_id, self.first)
        self.assertEqual(notice.line_ids.ean, pack)

    def test_packs_are_moved_as_their_pieces_and_dispatched_as_packs(self):
        self.stock_up(self.first, 20)
        wizard = self.make_list(
            f"{self.world.products[0]['pack_ean']};2", f"{self.first.barcode};3"
        )
        wizard.create_transfer = True
        notice = self.create_from(wizard)
        picking = notice.picking_id
        self.assertEqual(sum(picking.move_ids.mapped("product_qty")), 15)
        picking.action_assign()
        picking.move_ids.picked = True
        picking._action_done()
        self.assertEqual(notice.line_ids.mapped("dispatched_quantity"), [2, 3])
        transit = self.channel.transit_location_id
        self.assertEqual(self.count_stock(self.first, transit), 15)

    def test_nothing_at_all_is_refused_in_words(self):
        for wizard, words in (
            (self.make(source="list", ean_list=" \n"), "Paste a list"),
            (self.make(source="products"), "Choose at least one product"),
            (self.make(source="picking"), "Choose a transfer"),
        ):
            with self.assertRaisesRegex(UserError, words):
                wizard.action_create_notice()

    def test_the_transfer_can_be_made_by_the_route(self):
        wizard = self.make_list(
            f"{self.first.barcode};4", f"{self.second.barcode};2", create_transfer=True
        )
        notice = self.create_from(wizard)
        picking = notice.picking_id
        self.assertEqual(picking.location_id, self.warehouse.lot_stock_id)
        self.assertEqual(picking.location_dest_id, self.channel.transit_location_id)
        self.assertEqual(
            {move.product_id: move.product_uom_qty for move in picking.move_ids},
            {self.first: 4, self.second: 2},
        )
        self.assertEqual(picking.lengow_notice_ids, notice)

    def test_a_reference_of_ones_own_is_kept_and_stays_the_only_one(self):
        notice = self.create_from(
            self.make_list(f"{self.first.barcode};1", name=" A1 ")
        )
        self.assertEqual(notice.name, "A1")
        self.assertTrue(
            self.create_from(self.make_list(f"{self.first.barcode};1")).name != "A1"
        )


@tagged("post_install", "-at_install")
class TestEanLists(FulfilmentCommon):
    def test_lines_are_read_as_people_write_them(self):
        lines = read_ean_list(
            'Artikel\tMenge\n"0191476239145"\t10\n\n 9663480597111 \t 2,0\n1\t\n2'
        )
        self.assertEqual(
            [(line.number, line.ean, line.quantity) for line in lines],
            [
                (2, "0191476239145", 10),
                (4, "9663480597111", 2),
                (5, "1", None),
                (6, "2", 1),
            ],
        )
