import base64
import io
import zipfile

from odoo import api, models
from odoo.exceptions import UserError

from ..const import NAMES_SHOWN
from ..lengow.ean_list import EanLine, read_ean_list, read_rows

NO_ITEM = {
    "product_id": False,
    "uom_id": False,
    "ean": False,
    "quantity": 0,
    "number": 0,
    "remark": False,
}


class LengowCreateNotice(models.TransientModel):
    """Reading the items of a notice from a transfer, a list or a file."""

    _inherit = "lengow.create.notice"

    # === BUSINESS METHODS === #

    @api.model
    def _read_products(self, products):
        return [
            {**NO_ITEM, "product_id": product.id, "ean": product.barcode, "quantity": 1}
            for product in products
        ]

    def _read_picking(self):
        if not self.picking_id:
            raise UserError(self.env._("Choose a transfer."))
        quantities = {}
        for move in self.picking_id.move_ids.filtered(lambda m: m.state != "cancel"):
            quantity = move.product_uom._compute_quantity(
                move.quantity if move.state == "done" else move.product_uom_qty,
                move.product_id.uom_id,
                round=False,
            )
            product = move.product_id
            quantities[product] = quantities.get(product, 0.0) + quantity
        if not quantities:
            raise UserError(self.env._("%s moves nothing.", self.picking_id.name))
        return [
            self._prepare_picked_vals(product, quantity)
            for product, quantity in quantities.items()
        ]

    def _prepare_picked_vals(self, product, quantity):
        whole = round(quantity)
        vals = {
            **NO_ITEM,
            "product_id": product.id,
            "ean": product.barcode,
            "quantity": whole,
        }
        if product.uom_id.compare(quantity, whole):
            vals["remark"] = self.env._("%s is no whole number of pieces.", quantity)
        return vals

    def _read_list(self):
        lines = (
            self._read_file() if self.ean_file else read_ean_list(self.ean_list or "")
        )
        if not lines:
            raise UserError(
                self.env._("Paste a list, or choose a file that holds one.")
            )
        if self.merge_duplicates:
            lines = _merge(lines)
        found = self.env["product.product"]._lengow_find_by_ean(
            [line.ean for line in lines], self.channel_id.company_id
        )
        return [self._prepare_listed_vals(line, found) for line in lines]

    def _prepare_listed_vals(self, line, found):
        vals = {
            **NO_ITEM,
            "ean": line.ean,
            "quantity": line.quantity or 0,
            "number": line.number,
        }
        match = found.get(line.ean)
        if line.quantity is None:
            vals["remark"] = self.env._("“%s” is no whole number.", line.written)
        elif match is None:
            vals["remark"] = self.env._("No product has this EAN.")
        elif len(match.products) > 1:
            vals["remark"] = self.env._(
                "Several products have this EAN: %s",
                ", ".join(match.products[:NAMES_SHOWN].mapped("display_name")),
            )
        if match is not None and len(match.products) == 1:
            vals["product_id"] = match.products.id
            vals["uom_id"] = match.uom.id
        return vals

    def _read_file(self):
        """Read the uploaded file.

        :raise UserError: when it is neither text nor a sheet.
        """
        content = base64.b64decode(self.ean_file)
        if content[:2] == b"PK":
            return self._read_sheet(content)
        for encoding in ("utf-8-sig", "cp1252"):
            try:
                return read_ean_list(content.decode(encoding))
            except UnicodeDecodeError:
                continue
        raise UserError(self._explain_unreadable())

    def _read_sheet(self, content):
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            return read_rows(book.worksheets[0].iter_rows(values_only=True))
        except (InvalidFileException, zipfile.BadZipFile, KeyError, IndexError):
            raise UserError(self._explain_unreadable()) from None

    def _explain_unreadable(self):
        return self.env._(
            "%s cannot be read. Save it as CSV or Excel (xlsx), with the EANs in the first "
            "column and the quantities in the second.",
            self.ean_file_name or self.env._("The file"),
        )


def _merge(lines):
    """Add up the lines of the same EAN, those with a readable quantity."""
    merged = {}
    for line in lines:
        known = merged.get(line.ean)
        if known is None or known.quantity is None or line.quantity is None:
            key = line.ean if known is None else (line.ean, line.number)
            merged[key] = line
        else:
            total = known.quantity + line.quantity
            merged[line.ean] = EanLine(known.number, known.ean, total, str(total))
    return list(merged.values())
