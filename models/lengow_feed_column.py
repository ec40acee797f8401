from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError

from ..lengow.feed_expression import Expression, ExpressionError
from ..lengow.feed_headers import clean_headers

# What a standard column holds, in the order of Lengow's own example and beyond.
STANDARD_VALUES = [
    ("id", "Product ID"),
    ("name", "Name"),
    ("reference", "Reference"),
    ("brand", "Brand"),
    ("category", "Category path"),
    ("description", "Description, plain"),
    ("description_html", "Description, HTML"),
    ("description_short", "Description for customers"),
    ("price", "Price before reduction"),
    ("price_reduced", "Reduced price"),
    ("reduction_percent", "Reduction in percent"),
    ("reduction_from", "Reduction from"),
    ("reduction_to", "Reduction until"),
    ("currency", "Currency"),
    ("quantity", "Quantity"),
    ("ean", "EAN"),
    ("url", "Address of the product"),
    ("image", "Address of an image"),
    ("delivery_price", "Delivery price"),
    ("weight", "Weight"),
    ("parent_id", "ID of the parent"),
    ("product_type", "Type: parent, child or simple"),
    ("product_variation", "What variants differ in"),
]
KINDS = [
    ("standard", "Standard value"),
    ("field", "Field of the product"),
    ("attribute", "Attribute"),
    ("text", "Fixed text"),
    ("price", "Price of a pricelist"),
    ("stock", "Stock of a warehouse"),
    ("expression", "Expression"),
]
MAXIMUM_IMAGES = 10


class LengowFeedColumn(models.Model):
    """One column of a feed."""

    _name = "lengow.feed.column"
    _description = "Lengow feed column"
    _order = "feed_id, sequence, id"

    feed_id = fields.Many2one(
        "lengow.feed", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="feed_id.company_id")
    sequence = fields.Integer(default=1000)
    name = fields.Char("Header", help="As Lengow sees the column.")
    kind = fields.Selection(KINDS, "Content", default="field", required=True)
    value = fields.Selection(STANDARD_VALUES, "Standard Value")
    image_number = fields.Integer(
        "Image", default=1, help="The first image is the product's own."
    )
    path = fields.Char("Field", help="A field of products, such as categ_id.name.")
    attribute_id = fields.Many2one("product.attribute", ondelete="cascade")
    text = fields.Char("Fixed Text")
    pricelist_id = fields.Many2one("product.pricelist", ondelete="restrict")
    warehouse_id = fields.Many2one("stock.warehouse", ondelete="restrict")
    expression = fields.Char(
        help="Fields, texts, numbers, + - * / and comparisons, if … else …, and the "
        "functions upper, lower, strip, replace, cut, round, min, max, len."
    )
    header_warning = fields.Char(compute="_compute_header_warning")

    # === COMPUTE METHODS === #

    @api.depends("feed_id.column_ids.name", "feed_id.column_ids.sequence")
    def _compute_header_warning(self):
        self.header_warning = False
        for feed in self.feed_id:
            columns = feed.column_ids.sorted()
            headers, changed = clean_headers(columns.mapped("name"))
            for number in changed:
                columns[number].header_warning = self.env._(
                    "Is written as %s", headers[number]
                )

    # === CONSTRAINTS === #

    @api.constrains(
        "kind", "value", "path", "attribute_id", "warehouse_id", "expression"
    )
    def _check_content(self):
        for column in self:
            problem = column._find_problem()
            if problem:
                raise ValidationError(
                    self.env._(
                        "Column %(column)s: %(problem)s.",
                        column=column.name or column.sequence,
                        problem=problem,
                    )
                )

    def _find_problem(self):
        self.ensure_one()
        needed = {
            "standard": "value",
            "field": "path",
            "attribute": "attribute_id",
            "stock": "warehouse_id",
            "expression": "expression",
        }.get(self.kind)
        if needed and not self[needed]:
            return self.env._("fill in %s", self._fields[needed].string)
        if self.kind == "field":
            return self._find_path_problem(self.path)
        if self.kind == "expression":
            try:
                paths = Expression(self.expression).paths
            except ExpressionError as error:
                return self.env._("the expression is not understood: %s", error)
            problems = map(self._find_path_problem, sorted(paths))
            return next(filter(None, problems), None)
        return None

    def _find_path_problem(self, path):
        """Refuse what is no field, and what the user may not read."""
        # Constraints run with the rights of the system; what counts are the user's.
        env = self.env if self.env.uid == SUPERUSER_ID else self.env(su=False)
        model = env["product.product"]
        for name in path.split("."):
            field = model is not None and model._fields.get(name)
            if not field:
                return self.env._("there is no field %s", path)
            if not model.has_access("read") or not model._has_field_access(
                field, "read"
            ):
                return self.env._("you may not read %s", path)
            model = env[field.comodel_name] if field.relational else None
        if field.type in ("binary", "image"):
            return self.env._("%s is a file; use the standard value image", path)
        return None

    # === BUSINESS METHODS === #

    def _is_boolean(self):
        """Tell whether the field at the end of the path is a truth value."""
        model, field = self.env["product.product"], None
        for name in (self.path or "").split("."):
            field = model._fields.get(name) if model is not None else None
            model = self.env[field.comodel_name] if field and field.relational else None
        return bool(field) and field.type == "boolean"

    def _get_settings(self):
        """:return: list of all that decides what the column holds."""
        self.ensure_one()
        return [
            self.value,
            self.image_number,
            self.path,
            self.attribute_id.id,
            self.text,
            self.pricelist_id.id,
            self.warehouse_id.id,
            self.expression,
        ]

    def _get_content_key(self):
        """:return: what tells columns apart that hold different things."""
        self.ensure_one()
        return self.kind, self.value, self.image_number, self.attribute_id.id

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Compute every row again."""
        columns = super().create(vals_list)
        columns.feed_id._request_full_build()
        return columns

    def write(self, vals):
        """Compute every row again."""
        res = super().write(vals)
        self.feed_id._request_full_build()
        return res

    def unlink(self):
        """Compute every row again."""
        feeds = self.feed_id
        res = super().unlink()
        feeds._request_full_build()
        return res
