import re

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..const import CLICK_SECONDS, ERROR_TEXT_BYTES, MAXIMUM_EANS
from ..lengow.documents import ERROR
from ..lengow.errors import LengowError, read_vendor_error


class LengowDocuments(models.TransientModel):
    """Lists the documents of a feed and downloads them."""

    _name = "lengow.documents"
    _description = "Documents of a marketplace"

    channel_id = fields.Many2one(
        "lengow.channel",
        "Marketplace",
        required=True,
        ondelete="cascade",
        domain=[("feed_ref", "!=", False)],
        default=lambda self: self._default_channel(),
    )
    line_ids = fields.One2many("lengow.documents.line", "wizard_id")
    has_one_shot = fields.Boolean(compute="_compute_has_one_shot")
    ean_list = fields.Text(
        "EANs", help="One a line. For documents that are made when you ask for them."
    )
    since = fields.Datetime("Changed Since", help="Instead of EANs.")
    by_location = fields.Boolean("One Row per Warehouse")
    problem = fields.Text(readonly=True)

    @api.model
    def _default_channel(self):
        channels = self.env["lengow.channel"].search([("feed_ref", "!=", False)])
        return channels if len(channels) == 1 else channels.browse()

    # === COMPUTE METHODS === #

    @api.depends("line_ids.is_one_shot")
    def _compute_has_one_shot(self):
        for wizard in self:
            wizard.has_one_shot = any(wizard.line_ids.mapped("is_one_shot"))

    # === ACTION METHODS === #

    def action_list(self):
        """Ask Lengow for the types and the stored documents.

        :return: action that shows the wizard.
        """
        self.ensure_one()
        try:
            vals_list = self._fetch_lines()
            self.problem = False
        except LengowError as error:
            vals_list = []
            self.problem = self.channel_id._explain_click(error)
        self.line_ids = [Command.clear(), *map(Command.create, vals_list)]
        return self._show()

    # === BUSINESS METHODS === #

    def _fetch_lines(self):
        client = self.channel_id._get_feed_client()
        feed = self.channel_id.feed_ref
        vals_list = []
        for kind in client.get_document_types(feed):
            common = {
                "document_type": kind.code,
                "description": kind.description,
                "is_one_shot": kind.is_one_shot,
            }
            if kind.is_one_shot:
                vals_list.append(common)
                continue
            vals_list += [
                {
                    **common,
                    "document_id": document.document_id,
                    "created_at": document.created_at
                    and document.created_at.replace(microsecond=0),
                    "content_type": document.content_type,
                    "lengow_status": document.status,
                }
                for document in client.get_documents(feed, kind.code)
            ]
        return vals_list

    def _read_parameters(self):
        """:return: the parameters of a one-shot document.

        :raise UserError: when there is none, or one too many.
        """
        eans = list(dict.fromkeys(re.findall(r"[^\s,;]+", self.ean_list or "")))
        if bool(eans) == bool(self.since):
            raise UserError(
                self.env._(
                    "Enter either EANs or a date: Lengow takes exactly one of them."
                )
            )
        if len(eans) > MAXIMUM_EANS:
            raise UserError(
                self.env._(
                    "These are %(count)s EANs. Enter at most %(limit)s, or a date instead.",
                    count=len(eans),
                    limit=MAXIMUM_EANS,
                )
            )
        return {
            "eans": eans,
            "since": self.since or None,
            "by_location": self.by_location,
        }

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Documents"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }


class LengowDocumentsLine(models.TransientModel):
    _name = "lengow.documents.line"
    _description = "Document of a marketplace"
    _order = "id"

    wizard_id = fields.Many2one("lengow.documents", required=True, ondelete="cascade")
    document_type = fields.Char("Type")
    description = fields.Char()
    is_one_shot = fields.Boolean("Made on Demand")
    document_id = fields.Char("Number")
    created_at = fields.Datetime("Date")
    content_type = fields.Char("Format")
    status = fields.Selection(
        [("ready", "Ready"), ("error", "Error"), ("unknown", "Unknown")],
        compute="_compute_status",
    )
    lengow_status = fields.Char()
    attachment_id = fields.Many2one("ir.attachment", "File", ondelete="set null")
    problem = fields.Text()

    # === COMPUTE METHODS === #

    @api.depends("lengow_status")
    def _compute_status(self):
        known = self._fields["status"].get_values(self.env)
        for line in self:
            status = line.lengow_status
            line.status = status if not status or status in known else "unknown"

    # === ACTION METHODS === #

    def action_download(self):
        """Download the document into an attachment of the channel.

        :return: action that shows the wizard again.
        :raise UserError: when parameters are missing.
        """
        self.ensure_one()
        wizard = self.wizard_id
        parameters = wizard._read_parameters() if self.is_one_shot else {}
        try:
            self._download(parameters)
        except LengowError as error:
            self.problem = wizard.channel_id._explain_click(error)
        return wizard._show()

    def action_open(self):
        """:return: action that hands the file to the browser."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "self",
        }

    # === BUSINESS METHODS === #

    def _download(self, parameters):
        """Fetch the document; one in error tells its error instead."""
        channel = self.wizard_id.channel_id
        self.problem = False
        if self.lengow_status == ERROR:
            self.problem = channel._read_document_error(
                self.document_type, self.document_id
            )
            return
        self.attachment_id, download = channel._download_document(
            self.document_type, self.document_id or None, parameters
        )
        self.content_type = download.content_type


class LengowChannel(models.Model):
    _inherit = "lengow.channel"

    # === BUSINESS METHODS === #

    def _download_document(self, document_type, document_id, parameters, client=None):
        """Download a document into an attachment of the channel.

        :return: the attachment and the :class:`Download`.
        :raise LengowError: when it could not be had.
        """
        self.ensure_one()
        client = client or self._get_feed_client()
        attachments_sudo = self.env[
            "ir.attachment"
        ].sudo()  # users may not write channels
        with attachments_sudo._lengow_open_file() as file:
            download = client.download_document(
                self.feed_ref,
                document_type,
                file,
                document_id=document_id,
                seconds=CLICK_SECONDS,
                **parameters,
            )
            attachment_sudo = attachments_sudo._lengow_create_from_file(
                file,
                {
                    "name": download.name,
                    "mimetype": download.content_type or "application/octet-stream",
                    "res_model": self._name,
                    "res_id": self.id,
                },
            )
        return attachment_sudo.sudo(False), download

    def _read_document_error(self, document_type, document_id):
        """:return: the text that a document in error consists of."""
        attachments_sudo = self.env[
            "ir.attachment"
        ].sudo()  # lends its folder for a moment
        with attachments_sudo._lengow_open_file() as file:
            self._get_feed_client().download_document(
                self.feed_ref,
                document_type,
                file,
                document_id=document_id,
                seconds=CLICK_SECONDS,
            )
            file.seek(0)
            words = file.read(ERROR_TEXT_BYTES).decode("utf-8", "replace")
        message, _code = read_vendor_error(words)
        return self.env._(
            "The marketplace could not make this document: %s", message or "?"
        )
