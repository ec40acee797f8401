import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import urls

from ..const import FEED_PATH
from .notification import make_notification

DEFAULT_DOMAIN = "[('sale_ok', '=', True), ('type', '!=', 'service')]"
# What each row depends on; when it changes, every row is computed again.
ROW_FIELDS = {
    "carrier_id",
    "column_ids",
    "company_id",
    "currency_id",
    "delimiter",
    "domain",
    "format",
    "id_source",
    "include_archived",
    "include_out_of_stock",
    "include_unpublished",
    "lang",
    "only_marked",
    "pricelist_id",
    "product_url",
    "safety_margin",
    "stock_kind",
    "tax_included",
    "untracked_quantity",
    "variant_mode",
    "warehouse_ids",
}
MANAGER = "sale_lengow.group_lengow_manager"


class LengowFeed(models.Model):
    """One catalogue feed: products that Lengow fetches from a stable address."""

    _name = "lengow.feed"
    _description = "Lengow feed"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "account_id, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True, help="An archived feed is not served.")
    account_id = fields.Many2one(
        "lengow.account",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self.env["lengow.account"].search([], limit=1),
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    user_id = fields.Many2one(related="account_id.user_id")

    # Products
    domain = fields.Char(
        "Products",
        default=DEFAULT_DOMAIN,
        required=True,
        help="The products that the feed holds.",
    )
    only_marked = fields.Boolean(
        "Only Products Marked for Lengow",
        help="Products bear the mark Sell through Lengow, on their tab Sales.",
    )
    include_out_of_stock = fields.Boolean(
        "With Products out of Stock",
        default=True,
        help="Otherwise their rows are left out as long as there is none.",
    )
    include_archived = fields.Boolean("With Archived Products")
    include_unpublished = fields.Boolean(
        "With Unpublished Products",
        default=True,
        help="Matters where products are published on a website of Odoo's.",
    )
    variant_mode = fields.Selection(
        [
            ("parents", "One row each, below a parent row"),
            ("variants", "One row each, without parent rows"),
        ],
        "Variants",
        default="parents",
        required=True,
    )
    id_source = fields.Selection(
        [
            ("default_code", "Internal reference"),
            ("barcode", "Barcode"),
            ("id", "Odoo's number of the product"),
        ],
        "Product ID",
        default="default_code",
        required=True,
        help="Marketplace orders name products by it.",
    )

    # Prices and stock
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        required=True,
        default=lambda self: self.env.lang or "en_US",
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        check_company=True,
        help="Without one, the sales prices of the products are used.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
    )
    tax_included = fields.Boolean(
        "Prices Include Taxes",
        default=True,
        help="The products' own taxes are added where prices are without them.",
    )
    carrier_id = fields.Many2one(
        "delivery.carrier",
        "Delivery Price of",
        check_company=True,
        help="Methods with a fixed price or with rules are understood.",
    )
    warehouse_ids = fields.Many2many(
        "stock.warehouse",
        string="Warehouses",
        check_company=True,
        help="Those whose stock counts. Without any, all of the company.",
    )
    stock_kind = fields.Selection(
        [
            ("free", "Free to use"),
            ("on_hand", "On hand"),
            ("forecast", "Forecast"),
        ],
        "Stock",
        default="free",
        required=True,
        help="Free is what is on hand and not reserved.",
    )
    safety_margin = fields.Float(
        help="So much of each product is kept back, and not offered."
    )
    untracked_quantity = fields.Float(
        "Quantity of Untracked Products",
        default=100.0,
        help="Goods whose stock Odoo does not track are always offered so often.",
    )
    product_url = fields.Char(
        "Address of a Product",
        help="For shops outside of Odoo, such as https://shop.example.com/p/{reference}. "
        "It may hold {id}, {template_id}, {reference} and {barcode}. Without one, the "
        "pages of Odoo's own website are named.",
    )

    # File
    format = fields.Selection(
        [("csv", "CSV"), ("xml", "XML"), ("json", "JSON")], default="csv", required=True
    )
    delimiter = fields.Selection(
        [
            (";", "Semicolon ;"),
            (",", "Comma ,"),
            ("|", "Bar |"),
            ("\t", "Tabulator"),
        ],
        default=";",
        required=True,
    )
    compressed = fields.Boolean(
        "Compressed File (gzip)",
        help="The address delivers a .gz file. Not needed for speed: whoever accepts "
        "compressed answers gets them anyway.",
    )
    column_ids = fields.One2many("lengow.feed.column", "feed_id", "Columns", copy=True)

    # Address
    access_token = fields.Char(
        readonly=True,
        copy=False,
        groups=MANAGER,
        default=lambda self: self._make_token(),
    )
    url = fields.Char("Address", compute="_compute_url", groups=MANAGER)
    basic_login = fields.Char("User", copy=False, groups=MANAGER)
    basic_password = fields.Char("Password", copy=False, groups=MANAGER)
    basic_url = fields.Char(
        "Address with Password", compute="_compute_url", groups=MANAGER
    )

    # === COMPUTE METHODS === #

    @api.depends("pricelist_id", "company_id")
    def _compute_currency_id(self):
        for feed in self:
            company = feed.company_id or self.env.company
            feed.currency_id = feed.pricelist_id.currency_id or company.currency_id

    @api.depends("access_token")
    def _compute_url(self):
        base = self.get_base_url()
        for feed in self:
            path = f"{FEED_PATH}/{feed.id or 0}"
            feed.basic_url = urls.urljoin(base, path)
            feed.url = feed.access_token and urls.urljoin(
                base, f"{path}/{feed.access_token}"
            )

    # === CONSTRAINTS === #

    @api.constrains("product_url")
    def _check_product_url(self):
        for feed in self.filtered("product_url"):
            try:
                feed.product_url.format(id=1, template_id=1, reference="", barcode="")
            except (AttributeError, IndexError, KeyError, ValueError) as error:
                raise ValidationError(
                    self.env._(
                        "The address of a product holds {id}, {template_id}, {reference} "
                        "or {barcode}, and no other braces: %s",
                        feed.product_url,
                    )
                ) from error

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Begin with a complete set of columns where none is given."""
        feeds = super().create(vals_list)
        for feed in feeds:
            if not feed.column_ids:
                feed.column_ids = [
                    Command.create({**vals, "sequence": 10 * number})
                    for number, vals in enumerate(feed._prepare_default_columns(), 1)
                ]
        feeds._trigger_build()
        return feeds

    def write(self, vals):
        """Compute every row again when it may look different."""
        res = super().write(vals)
        if ROW_FIELDS & vals.keys():
            self._request_full_build()
        return res

    def unlink(self):
        """Delete the files too."""
        folders = [feed._get_folder() for feed in self]
        res = super().unlink()
        self.env.cr.postcommit.add(lambda: self._remove_folders(folders))
        return res

    def copy_data(self, default=None):
        """Name the copy a copy."""
        vals_list = super().copy_data(default)
        for feed, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", feed.name)
        return vals_list

    # === ACTION METHODS === #

    def action_build(self):
        """Compute every row again in the background."""
        self.check_access("write")
        self._request_full_build()
        return make_notification(
            self.env._("Build started"),
            self.env._("The feed is built in the background. The form shows how far."),
        )

    def action_update(self):
        """Compute what changed, in the background."""
        self.check_access("write")
        self._trigger_build()
        return make_notification(
            self.env._("Update started"),
            self.env._("What changed since the last build is computed again."),
        )

    def action_renew_token(self):
        """Revoke the address and make another."""
        self.check_access("write")
        for feed in self:
            feed.access_token = self._make_token()
        return make_notification(
            self.env._("New address"),
            self.env._(
                "The old address is dead. Enter the new one in Lengow, under the "
                "sources of your catalogue."
            ),
        )

    def action_add_columns(self):
        """Append the usual columns that are missing, such as those of new attributes."""
        self.check_access("write")
        for feed in self:
            known = {column._get_content_key() for column in feed.column_ids}
            feed.column_ids = [
                Command.create(vals)
                for vals in feed._prepare_default_columns()
                if feed.column_ids.new(vals)._get_content_key() not in known
            ]

    # === BUSINESS METHODS === #

    @api.model
    def _make_token(self):
        return secrets.token_urlsafe(24)

    def _request_full_build(self):
        self.sudo().full_requested = True
        self._trigger_build()

    @api.model
    def _trigger_build(self):
        self.env["lengow.account"]._trigger_crons("build_feeds")

    def _check_is_built(self):
        if not self.file_version:
            raise UserError(
                self.env._("The feed %s has not been built yet.", self.name)
            )
