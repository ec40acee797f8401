import io

from odoo import api, fields, models

from ..lengow.documents import READY
from ..lengow.errors import LengowExpiredError
from ..lengow.movement import Place
from ..lengow.stock_report import StockReportError, read_stock_report
from .bulk import insert_rows
from .notification import make_notification


class LengowChannel(models.Model):
    """Fetching the daily stock report of a channel's feed."""

    _inherit = "lengow.channel"

    # === ACTION METHODS === #

    def action_fetch_stock_report(self):
        """Let the cron fetch the latest stock report now.

        :return: notification.
        """
        self.check_access("read")
        self.env["lengow.account"]._trigger_crons("fetch_stock_reports")
        return make_notification(
            self.env._("Stock report"),
            self.env._("The latest report is being fetched in the background."),
        )

    # === BUSINESS METHODS === #

    @api.model
    def _cron_fetch_stock_reports(self):
        self._run_logistics(
            "reports", [("fetch_stock_report", "=", True)], "_fetch_stock_report"
        )

    def _fetch_stock_report(self, client, sync):
        """Fetch the latest report, unless it is here already, and compare it."""
        documents = client.get_documents(self.feed_ref, self.stock_report_type)
        latest = next((d for d in documents if d.status == READY), None)
        if latest is None:
            return True
        reports = self.env["lengow.stock.report"]
        known = reports.search_count(
            [
                ("channel_id", "=", self.id),
                ("document_type", "=", self.stock_report_type),
                ("document_id", "=", latest.document_id),
            ]
        )
        if known:
            return True
        try:
            attachment, _download = self._download_document(
                self.stock_report_type, latest.document_id, {}, client=client
            )
        except LengowExpiredError:
            return True  # it expired between the list and the download
        created_at = latest.created_at and latest.created_at.replace(microsecond=0)
        report = reports.create(
            {
                "channel_id": self.id,
                "document_id": latest.document_id,
                "document_type": self.stock_report_type,
                "reported_at": created_at or fields.Datetime.now(),
                "attachment_id": attachment.id,
                "state": "done",
            }
        )
        report._read_file()
        sync._count(fetched=1, error=int(report.state == "error"))
        return True


class LengowStockReport(models.Model):
    """Reading a report, and comparing it."""

    _inherit = "lengow.stock.report"

    # === BUSINESS METHODS === #

    def _read_file(self):
        """Read the report's file completely, or say why it cannot be read."""
        try:
            report = self._parse_file()
        except StockReportError as error:
            self.write({"state": "error", "problem": self._explain(error)})
            return
        if report.unknown:
            self.problem = self.env._(
                "Columns that are not known were not read: %s.",
                ", ".join(report.unknown),
            )
        self._store_rows(report.rows)
        self._compare()

    def _parse_file(self):
        attachment_sudo = self.attachment_id.sudo()  # users may not read all of them
        if attachment_sudo.store_fname:
            path = attachment_sudo._full_path(attachment_sudo.store_fname)
            with open(path, "rb") as file:
                return read_stock_report(file)
        return read_stock_report(io.BytesIO(attachment_sudo.raw or b""))

    def _explain(self, error):
        """:return: a sentence about a report that cannot be read."""
        sentences = {
            "empty": self.env._("it is empty"),
            "columns": self.env._(
                "it has the columns %(found)s, and not %(missing)s",
                found=error.facts.get("found"),
                missing=error.facts.get("missing", "ean, total_quantity"),
            ),
            "truncated": self.env._(
                "it is cut short or damaged at line %s", error.facts.get("line")
            ),
            "quantity": self.env._(
                "line %s has no EAN or no whole quantity", error.facts.get("line")
            ),
            "text": self.env._("it is no text"),
        }
        return self.env._(
            "The stock report %(document)s of %(channel)s cannot be used: %(problem)s. "
            "Nothing was compared. The next report is fetched by itself.",
            document=self.document_id,
            channel=self.channel_id.display_name,
            problem=sentences[error.code],
        )

    def _store_rows(self, rows):
        channel = self.channel_id
        products = self.env["product.product"]._lengow_find_by_ean(
            [row.ean for row in rows], self.company_id
        )
        codes = {row.location for row in rows} - {""}
        places = self.env["lengow.place"]._find_or_create(
            channel, [Place(code) for code in sorted(codes)]
        )
        insert_rows(
            self.env["lengow.stock.report.line"],
            [self._prepare_row_vals(row, products, places) for row in rows],
        )
        self.invalidate_recordset(["line_ids"])

    def _prepare_row_vals(self, row, products, places):
        channel = self.channel_id
        place = places.get(row.location, self.env["lengow.place"])
        match = products.get(row.ean)
        product = self.env["product.product"]
        quantity = float(row.quantity)
        if match is not None and len(match.products) == 1:
            product = match.products
            if match.uom:
                quantity = match.uom._compute_quantity(quantity, product.uom_id)
        location = place.location_id or channel.fulfilment_location_id
        return {
            "report_id": self.id,
            "ean": row.ean,
            "product_id": product.id,
            "place_id": place.id,
            "location_id": location.id,
            "reported_pieces": row.quantity,
            "offerable_pieces": row.offerable or 0,
            "reported_quantity": quantity,
        }

    def _compare(self):
        """Put Odoo's quantities beside the reported ones.

        Products that Odoo has there and the report has not are rows as well.
        """
        location = self.channel_id.fulfilment_location_id
        self.compared_at = fields.Datetime.now()
        if not location:
            self.problem = self.env._(
                "The channel %s has no location at the marketplace: nothing to compare "
                "with. Set it, and compare again.",
                self.channel_id.display_name,
            )
            return
        self._unlink_added_rows()
        self.line_ids.filtered(lambda line: not line.location_id).location_id = location
        is_by_place = any(line.place_id for line in self.line_ids)
        present = self._get_odoo_quantities(location, is_by_place)
        groups = {}
        for line in self.line_ids.filtered("product_id"):
            place = line.location_id if is_by_place else location
            groups.setdefault((line.product_id, place), []).append(line)
        for key, lines in groups.items():
            self._write_difference(lines, present.pop(key, 0.0))
        self.env["lengow.stock.report.line"].create(
            [
                {
                    "report_id": self.id,
                    "ean": product.barcode,
                    "product_id": product.id,
                    "location_id": place.id,
                    "odoo_quantity": quantity,
                    "difference": -quantity,
                    "is_different": True,
                    "is_added": True,
                }
                for (product, place), quantity in present.items()
                if product.uom_id.compare(quantity, 0.0)
            ]
        )

    def _unlink_added_rows(self):
        """Forget the rows of an earlier comparison for what the report does not name."""
        self.line_ids.filtered("is_added").unlink()

    @api.model
    def _write_difference(self, lines, quantity):
        """Write the difference of a product; several EANs of it are one difference."""
        reported = sum(line.reported_quantity for line in lines)
        unit = lines[0].product_id.uom_id
        is_different = bool(unit.compare(reported, quantity))
        for number, line in enumerate(lines):
            line.write(
                {
                    "odoo_quantity": quantity,
                    "difference": reported - quantity if number == 0 else 0.0,
                    "is_different": is_different,
                }
            )

    def _get_odoo_quantities(self, location, is_by_place):
        """:return: dict of (product, location) to Odoo's quantity at the marketplace."""
        rows = self.env["stock.quant"]._read_group(
            [
                ("location_id", "child_of", location.id),
                ("company_id", "=", self.company_id.id),
            ],
            ["product_id", "location_id"],
            ["quantity:sum"],
        )
        places = self.channel_id.place_ids.location_id
        quantities = {}
        for product, place, quantity in rows:
            known = place if is_by_place and place in places else location
            key = (product, known)
            quantities[key] = quantities.get(key, 0.0) + quantity
        return quantities
