from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import const
from ..lengow.base_url import normalize_url
from .notification import make_notification

CHARGE_PRODUCTS = (
    "product_shipping",
    "product_processing_fee",
    "product_discount",
    "product_adjustment",
)
CHARGE_FIELDS = {
    "shipping_product_id",
    "processing_fee_product_id",
    "discount_product_id",
    "adjustment_product_id",
}


class LengowAccount(models.Model):
    """One Lengow account: a pair of keys."""

    _name = "lengow.account"
    _description = "Lengow account"
    _inherit = ["mail.thread", "mail.activity.mixin", "lengow.policy"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, default=lambda self: self.env._("Lengow"))
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    active = fields.Boolean(default=True)
    base_url = fields.Char("API Address", required=True, default=const.PRODUCTION_URL)
    is_production = fields.Boolean(compute="_compute_is_production")
    access_token = fields.Char(groups="base.group_system", copy=False)
    secret = fields.Char(groups="base.group_system", copy=False)
    has_keys = fields.Boolean(compute="_compute_has_keys", compute_sudo=True)
    lengow_account_id = fields.Char("Account Number", readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "Not Connected"), ("connected", "Connected"), ("error", "Error")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    last_error = fields.Text(readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        help="Is told of problems.",
    )
    requests_per_minute = fields.Integer(
        default=const.REQUESTS_PER_MINUTE,
        required=True,
        help="All workers together never send more. Lengow refuses more than 500.",
    )
    order_currency = fields.Selection(
        [
            ("marketplace", "Currency of the marketplace"),
            ("account", "Currency of the account"),
        ],
        "Currency of Orders",
        default="marketplace",
        required=True,
        help="The currency that the buyer paid in, or the one that Lengow converts to.",
    )
    import_from = fields.Date(
        "Orders Since",
        help="Orders placed before this day are not imported.",
    )
    import_window_days = fields.Float(
        "First Import (Days)",
        default=const.IMPORT_WINDOW_DAYS,
        required=True,
        help="How far back the first import looks. Parts of a day are possible.",
    )
    overlap_minutes = fields.Integer(
        "Overlap (Minutes)",
        default=const.OVERLAP_MINUTES,
        required=True,
        help="Each import looks back this much further than the last one, since orders can "
        "become visible late.",
    )
    fetched_until = fields.Datetime(
        "Orders Fetched Until",
        readonly=True,
        copy=False,
        help="Start of the last complete fetch. It moves only after its last page is stored.",
    )
    marketplaces_synced_at = fields.Datetime(
        "Marketplaces Synchronised", readonly=True, copy=False
    )
    shipping_product_id = fields.Many2one(
        "product.product",
        "Shipping",
        check_company=True,
        domain=[("type", "=", "service")],
        default=lambda self: self._default_product("product_shipping"),
    )
    processing_fee_product_id = fields.Many2one(
        "product.product",
        "Processing Fee",
        check_company=True,
        domain=[("type", "=", "service")],
        default=lambda self: self._default_product("product_processing_fee"),
    )
    discount_product_id = fields.Many2one(
        "product.product",
        "Discount",
        check_company=True,
        domain=[("type", "=", "service")],
        default=lambda self: self._default_product("product_discount"),
    )
    adjustment_product_id = fields.Many2one(
        "product.product",
        check_company=True,
        domain=[("type", "=", "service")],
        default=lambda self: self._default_product("product_adjustment"),
        help="For the small differences that a channel tolerates.",
    )
    salesperson_id = fields.Many2one(
        "res.users", help="May stay empty: then orders belong to nobody."
    )
    channel_ids = fields.One2many("lengow.channel", "account_id")
    order_ids = fields.One2many("lengow.order", "account_id")
    product_mapping_ids = fields.One2many("lengow.product.mapping", "account_id")
    sync_ids = fields.One2many("lengow.sync", "account_id")
    latest_sync_ids = fields.Many2many(
        "lengow.sync", string="Last Runs", compute="_compute_latest_sync_ids"
    )
    order_count = fields.Integer(compute="_compute_order_counts")
    to_fix_count = fields.Integer(compute="_compute_order_counts")
    channel_count = fields.Integer(compute="_compute_channel_count")

    _lengow_account_uniq = models.UniqueIndex(
        "(base_url, lengow_account_id) WHERE lengow_account_id IS NOT NULL",
        "This database has another account, maybe an archived one, for the same Lengow "
        "account. Use that one, or orders would come twice.",
    )
    _requests_per_minute_range = models.Constraint(
        f"CHECK (requests_per_minute BETWEEN 1 AND {const.MAXIMUM_REQUESTS_PER_MINUTE})",
        f"Lengow takes between 1 and {const.MAXIMUM_REQUESTS_PER_MINUTE} requests a minute.",
    )
    _window_positive = models.Constraint(
        "CHECK (import_window_days > 0 AND overlap_minutes >= 0)",
        "The days of the first import must be more than 0, the overlap not less than 0.",
    )

    @api.model
    def _default_product(self, name):
        product = self.env.ref(f"sale_lengow.{name}", raise_if_not_found=False)
        return product or self.env["product.product"]

    # === COMPUTE METHODS === #

    @api.depends("base_url")
    def _compute_is_production(self):
        for account in self:
            account.is_production = account.base_url == const.PRODUCTION_URL

    @api.depends("access_token", "secret")
    def _compute_has_keys(self):
        for account in self:
            account.has_keys = bool(account.access_token and account.secret)

    def _compute_latest_sync_ids(self):
        for account in self:
            account.latest_sync_ids = self.env["lengow.sync"].search(
                [("account_id", "=", account.id)], limit=10
            )

    def _compute_order_counts(self):
        orders = self.env["lengow.order"]
        domain = [("account_id", "in", self.ids)]
        totals, to_fix = (
            dict(orders._read_group(domain + more, ["account_id"], ["__count"]))
            for more in ([], orders._get_to_fix_domain())
        )
        for account in self:
            account.order_count = totals.get(account, 0)
            account.to_fix_count = to_fix.get(account, 0)

    @api.depends("channel_ids")
    def _compute_channel_count(self):
        for account in self:
            account.channel_count = len(account.channel_ids)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("base_url"):
                vals["base_url"] = normalize_url(vals["base_url"])
        accounts = super().create(vals_list)
        for company, company_accounts in accounts.grouped("company_id").items():
            domain = [
                ("company_id", "=", company.id),
                ("id", "not in", company_accounts.ids),
            ]
            if not self.with_context(active_test=False).search_count(domain, limit=1):
                self._set_default_taxes(company)
        return accounts

    def write(self, vals):
        if "base_url" in vals:
            vals = {**vals, "base_url": normalize_url(vals["base_url"])}
            self._check_may_readdress(vals["base_url"])
        if {"access_token", "secret", "base_url"} & vals.keys():
            vals = {"state": "draft", "last_error": False, **vals}
        elsewhere = self.filtered(
            lambda account: any(
                name in vals and account[name] and account[name] != vals[name]
                for name in ("base_url", "lengow_account_id")
            )
        )
        if elsewhere:
            elsewhere._forget_progress()
        policy_names = {"salesperson_id", *self.env["lengow.policy"]._fields}
        policies = {
            account: account._prepare_policy_vals()
            for account in self
            if policy_names & vals.keys()
        }
        res = super().write(vals)
        for account, policy in policies.items():
            account._pass_on_policy(policy)
        if not CHARGE_FIELDS.isdisjoint(vals):
            self.env["lengow.order"]._retry_errors(
                ["no_service_product"], domain=[("account_id", "in", self.ids)]
            )
        if "import_from" in vals:
            self.fetched_until = False
        if {"import_from", "order_currency"} & vals.keys():
            self.env["lengow.order"].search(
                [("account_id", "in", self.ids)]
            )._reconsider()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_orders(self):
        for account in self:
            if account.order_ids:
                raise UserError(
                    self.env._(
                        "%s has marketplace orders, which are kept. Archive it instead.",
                        account.name,
                    )
                )

    def _prepare_policy_vals(self):
        """:return: values that a new channel begins with."""
        names = self.env["lengow.policy"]._fields.keys() - set(models.MAGIC_COLUMNS)
        names -= {"display_name"}
        values = {name: self[name] for name in sorted(names)}
        values["user_id"] = self.salesperson_id
        fields_ = self.env["lengow.channel"]._fields
        return {
            name: fields_[name].convert_to_write(value, self)
            for name, value in values.items()
        }

    def _pass_on_policy(self, policy):
        """Let the channels that follow the account follow its new policy.

        :param dict policy: what the policy was before.
        """
        new = self._prepare_policy_vals()
        channels = self.with_context(active_test=False).channel_ids
        for name in [name for name in new if new[name] != policy[name]]:
            field = channels._fields[name]
            channels.filtered(
                lambda channel, name=name, field=field: (
                    field.convert_to_write(channel[name], channel) == policy[name]
                )
            ).write({name: new[name]})

    def _forget_progress(self):
        """Begin anew: it is another Lengow account from now on."""
        self.write({"fetched_until": False, "marketplaces_synced_at": False})
        runs = self.env["lengow.sync"].search(
            [("account_id", "in", self.ids), ("state", "=", "running")]
        )
        runs._end()

    @api.model
    def _set_default_taxes(self, company):
        """Give our products for charges a company's default tax, as any product has it.

        They may be older than the company, or than its chart of accounts.
        """
        for name in CHARGE_PRODUCTS:
            product_sudo = self._default_product(name).sudo()  # managers may not write
            if not product_sudo.taxes_id._filter_taxes_by_company(company):
                product_sudo.taxes_id += company.sudo().account_sale_tax_id

    # === ACTION METHODS === #

    def action_import_now(self):
        """Let the crons fetch and import orders at once, though the account was paused.

        :raise UserError: when the account is not connected.
        """
        self.check_access("read")
        self._check_connected()
        self._resume()
        self._trigger_crons("fetch_orders", "import_orders")
        return make_notification(
            self.env._("Import started"),
            self.env._(
                "Orders arrive in the background. The last runs show how far it is."
            ),
        )

    def action_view_orders(self):
        """:return: action that lists the account's marketplace orders."""
        return self._open_related("action_lengow_order")

    def action_view_orders_to_fix(self):
        """:return: action that lists the account's orders in error."""
        return {
            **self._open_related("action_lengow_order_to_fix"),
            "context": {
                "search_default_to_fix": 1,
                "search_default_group_error_code": 1,
            },
        }

    def action_view_channels(self):
        """:return: action that lists the account's channels."""
        return self._open_related("action_lengow_channel")

    def _open_related(self, action_name):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"sale_lengow.{action_name}"
        )
        return {
            **action,
            "domain": [("account_id", "=", self.id)],
            "context": {"default_account_id": self.id},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _trigger_crons(self, *names):
        for name in names:
            cron_sudo = self.env.ref(
                f"sale_lengow.ir_cron_{name}"
            ).sudo()  # users may not read crons
            cron_sudo._trigger()
