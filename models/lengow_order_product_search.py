from typing import Any, NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..const import MAXIMUM_INTEGER, PRODUCT_FIELD_NAMES

# Besides the database's id, what a product may be known by.
IDENTIFYING_TYPES = ("char", "integer")


class ProductKey(NamedTuple):
    """How a marketplace line names its product.

    ``field`` is the product's field that Lengow means, or None.
    """

    field: str | None
    id: str


class Found(NamedTuple):
    """What an id of Lengow's leads to.

    Several products mean that the id is ambiguous. ``uom`` is the unit of the packaging
    that bears the id, or None.
    """

    products: Any
    uom: Any = None


class LengowOrder(models.Model):
    """The steps from a product's id at Lengow to products of Odoo.

    Each is one search for all the ids that the steps before it did not find.
    """

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    def _search_products(self, keys):
        """Search step by step.

        :param set keys: :class:`ProductKey` of lines of one account.
        :return: dict of key to :class:`Found`, without those that no step finds.
        """
        found = {}
        for step in (
            self._find_mapped_products,
            self._find_products_by_named_field,
            self._find_products_by_reference,
            self._find_products_by_barcode,
            self._find_packagings,
            self._find_supplied_products,
            self._find_variants,
            self._find_products_alike,
        ):
            missing = {key for key in keys if key.id and key not in found}
            if not missing:
                break
            matches = step(missing)
            found.update({key: matches[key] for key in missing & matches.keys()})
        return found

    @api.model
    def _get_product_field(self, name):
        """Tell which field of products Lengow means.

        It may name anything: what is not stored, restricted to a group, or of a type that
        identifies nothing is none.

        :param str name: ``merchant_product_id.field`` of a line.
        :return: the field's name, or None.
        """
        name = PRODUCT_FIELD_NAMES.get(name.lower(), name)
        if name in ("id", "product_tmpl_id"):
            return name
        field = self.env["product.product"]._fields.get(name)
        if field and field.inherited:
            field = self.env["product.template"]._fields[name]
        is_identifying = (
            field
            and field.store
            and not field.groups
            and field.type in IDENTIFYING_TYPES
        )
        return name if is_identifying else None

    def _find_mapped_products(self, keys):
        mappings = self.env["lengow.product.mapping"].search_fetch(
            [
                ("account_id", "=", self.account_id.id),
                ("external_id", "in", [key.id for key in keys]),
            ],
            ["external_id", "product_id"],
        )
        found = {mapping.external_id: mapping.product_id for mapping in mappings}
        return self._spread(keys, found)

    def _find_products_by_named_field(self, keys):
        found = {}
        for name in {key.field for key in keys} - {None}:
            named = {key for key in keys if key.field == name}
            found.update(self._find_products_by_field(name, named))
        return found

    def _find_products_by_reference(self, keys):
        return self._find_products_by_field("default_code", keys)

    def _find_products_by_barcode(self, keys):
        return self._find_products_by_field("barcode", keys)

    def _find_products_by_field(self, name, keys):
        field = self.env["product.product"]._fields[name]
        values = {key.id for key in keys}
        if field.type != "char":
            values = read_numbers(values)
        products = self._with_archived("product.product").search_fetch(
            Domain(name, "in", values), [name, "active", "product_tmpl_id"], order="id"
        )
        groups = self._filter_company(products).grouped(name)
        if field.type != "char":
            # Groups of a many2one are by record.
            groups = {str(int(value)): group for value, group in groups.items()}
        return self._spread(keys, groups)

    def _find_packagings(self, keys):
        packagings = self._with_archived("product.uom").search_fetch(
            self._get_company_domain("product.uom")
            & Domain("product_id", "any", self._get_company_domain("product.product"))
            & Domain("barcode", "in", [key.id for key in keys]),
            ["barcode", "product_id", "uom_id"],
        )
        by_barcode = packagings.with_env(self.env).grouped("barcode")
        return {
            key: Found(packaging.product_id, packaging.uom_id)
            for key in keys
            if (packaging := by_barcode.get(key.id))
        }

    def _find_supplied_products(self, keys):
        suppliers = self._with_archived("product.supplierinfo").search_fetch(
            self._get_company_domain("product.supplierinfo")
            & Domain(
                "product_tmpl_id", "any", self._get_company_domain("product.template")
            )
            & Domain("product_code", "in", [key.id for key in keys]),
            ["product_code", "product_id", "product_tmpl_id"],
        )
        found = {}
        for supplier in suppliers:
            # Without a product, the code is that of every variant.
            products = (
                supplier.product_id or supplier.product_tmpl_id.product_variant_ids
            )
            known = found.get(supplier.product_code, products.browse())
            found[supplier.product_code] = known | products
        return self._spread(keys, found)

    def _find_variants(self, keys):
        """Find templates, so that an id that is the parent's can be refused by name."""
        numbered = {key for key in keys if key.field == "id"}
        templates = self._with_archived("product.template").search_fetch(
            self._get_company_domain("product.template")
            & (
                Domain("default_code", "in", [key.id for key in keys])
                | Domain("id", "in", read_numbers({key.id for key in numbered}))
            ),
            ["default_code"],
        )
        # Templates and products are numbered apart: that a template has the number of a
        # product that is gone does not make its only variant that product.
        by_number = {
            str(template.id): variants
            for template in templates
            if len(variants := _prefer_active(template.product_variant_ids)) > 1
        }
        by_reference = {
            reference: group.product_variant_ids
            for reference, group in templates.grouped("default_code").items()
        }
        return {
            **self._spread(numbered, by_number),
            **self._spread(keys, by_reference),
        }

    def _find_products_alike(self, keys):
        """Compare references and barcodes without regard to case and blanks around them.

        People type them. It comes last, so that it never outweighs an exact one.
        """
        wanted = {_simplify(key.id): None for key in keys}
        names = ("default_code", "barcode")
        products = self._with_archived("product.product").search_fetch(
            self._get_company_domain("product.product")
            & Domain.OR(_make_alike_domain(name, list(wanted)) for name in names),
            [*names, "active"],
        )
        found = {}
        for product in products:
            for value in {_simplify(product[name] or "") for name in names}:
                found[value] = found.get(value, products.browse()) | product
        found = {key.id: found.get(_simplify(key.id)) for key in keys}
        return self._spread(
            keys, {name: group for name, group in found.items() if group}
        )

    def _with_archived(self, model):
        """:return: an empty recordset that finds archived records too."""
        return self.env[model].with_context(active_test=False)

    def _get_company_domain(self, model):
        company = self.account_id.company_id
        return Domain(self.env[model]._check_company_domain(company))

    def _filter_company(self, products):
        """:return: the products that the account's company may sell.

        As a part of the search, the database would read all templates for it.
        """
        templates = products.product_tmpl_id.filtered_domain(
            self._get_company_domain("product.template")
        )
        allowed = set(templates._ids)
        return products.filtered(lambda product: product.product_tmpl_id.id in allowed)

    def _spread(self, keys, products_by_id):
        """Give each key its products; archived ones only where there are no others.

        :return: dict of key to :class:`Found`.
        """
        found = {}
        for key in keys:
            products = products_by_id.get(key.id)
            if products:
                # Not with the context that finds archived records, such as taxes.
                found[key] = Found(_prefer_active(products).with_env(self.env))
        return found


def _prefer_active(products):
    if len(products) < 2:
        return products
    return products.filtered("active") or products


def read_numbers(texts):
    """Read ids that are numbers.

    :param texts: several texts.
    :return: list of those that are a number of a record, written as Odoo does.
    """
    return [
        int(text)
        for text in texts
        if text.isascii()
        and text.isdigit()
        and not text.startswith("0")  # nor 0, which stands for no value
        and len(text) <= len(str(MAXIMUM_INTEGER))
        and int(text) <= MAXIMUM_INTEGER
    ]


def _simplify(text):
    return text.strip().lower()


def _make_alike_domain(name, values):
    return Domain.custom(
        to_sql=lambda model, alias, query: SQL(
            "lower(trim(%s)) = ANY(%s)",
            model._field_to_sql(alias, name, query),
            values,
        )
    )
