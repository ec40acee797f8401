"""A catalogue of any size to measure the feed with.

Imported by scripts that run in Odoo's shell. One template is made by the ORM, and copied
by SQL with all that belongs to it: making 100,000 variants one by one takes an hour.
"""

from odoo import Command
from odoo.tools import SQL

VARIANTS = 5  # of each template
QUANTITIES = (12, 3)  # in stock in each warehouse
ATTRIBUTES = {
    "Size": ("S", "M", "L", "XL", "XXL"),
    "Color": ("Navy blue",),
    "Material": ("Organic cotton",),
}
DESCRIPTION = (
    "<p>Made of <b>organic cotton</b>, cut and sewn in Europe; machine washable at 30°.</p>"
    "<ul><li>Length of the back: 72 cm in size M</li><li>Two pockets, one inside</li></ul>"
)


def prepare_catalogue(env, variants):
    """Make a pricelist with two rules, two warehouses, and products with their stock.

    :param int variants: how many, five of each template
    :return: the pricelist and the warehouses
    """
    company = env.company
    first = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
    second = env["stock.warehouse"].create({"name": "Second", "code": "SECND"})
    prototype = _make_prototype(env, first + second)
    pricelist = env["product.pricelist"].create(
        {
            "name": "Marketplaces",
            "item_ids": [
                Command.create({"compute_price": "percentage", "percent_price": 10}),
                Command.create(
                    {
                        "applied_on": "2_product_category",
                        "categ_id": prototype.categ_id.id,
                        "compute_price": "formula",
                        "price_discount": 15,
                        "price_round": 0.05,
                    }
                ),
            ],
        }
    )
    env.flush_all()
    _copy(env, prototype, variants // VARIANTS - 1)
    env.cr.commit()
    return pricelist, first + second


def _make_prototype(env, warehouses):
    attributes = env["product.attribute"].create(
        [
            {
                "name": name,
                "value_ids": [Command.create({"name": value}) for value in values],
            }
            for name, values in ATTRIBUTES.items()
        ]
    )
    template = env["product.template"].create(
        {
            "name": "T-shirt",
            "list_price": 19.9,
            "is_storable": True,
            "weight": 0.2,
            "description_ecommerce"
            if "description_ecommerce" in env["product.template"]._fields
            else "description": DESCRIPTION,
            "description_sale": "Organic cotton, made in Europe.",
            "categ_id": env["product.category"]
            .create(
                {
                    "name": "T-shirts",
                    "parent_id": env["product.category"]
                    .create({"name": "Clothing"})
                    .id,
                }
            )
            .id,
            "attribute_line_ids": [
                Command.create(
                    {
                        "attribute_id": attribute.id,
                        "value_ids": [Command.set(attribute.value_ids.ids)],
                    }
                )
                for attribute in attributes
            ],
        }
    )
    products = template.product_variant_ids
    for number, product in enumerate(products):
        product.write(
            {"default_code": f"BENCH-{number}", "barcode": f"37{number:011d}"}
        )
    for warehouse, quantity in zip(warehouses, QUANTITIES, strict=True):
        for product in products:
            env["stock.quant"]._update_available_quantity(
                product, warehouse.lot_stock_id, quantity
            )
    return template


def _copy(env, prototype, count):
    """Copy a template so many times, with its variants, attributes and stock."""
    products = prototype.product_variant_ids
    lines = prototype.attribute_line_ids
    quants = env["stock.quant"].search([("product_id", "in", products.ids)])
    copied = [prototype, products, lines, lines.product_template_value_ids, quants]
    env.cr.execute("CREATE TEMPORARY TABLE copied (tab text, old int, i int, new int)")
    for records in copied:
        _number(env, records, count)
    env.cr.execute("ANALYZE copied")
    for records in copied:
        _copy_rows(env, records._table, ["id"])
    _copy_rows(env, "product_variant_combination", [])
    _copy_rows(env, "product_attribute_value_product_template_attribute_line_rel", [])
    env.cr.execute(
        "UPDATE product_product SET default_code = 'BENCH-' || id, "
        "barcode = 3700000000000 + id WHERE default_code LIKE 'BENCH-%'"
    )
    env.cr.execute(
        SQL(
            "UPDATE product_template SET list_price = 10 + (id %% 9973) * 0.01 "
            "WHERE id IN (SELECT new FROM copied WHERE tab = 'product_template')"
        )
    )
    env.cr.execute("ANALYZE")
    env.registry.clear_all_caches()
    env.invalidate_all()


def _number(env, records, count):
    """Give each copy its number."""
    table = records._table
    env.cr.execute(
        SQL(
            "INSERT INTO copied SELECT %s, old, i, nextval(%s) "
            "FROM generate_series(1, %s) i, unnest(%s) old ORDER BY i, old",
            table,
            f"{table}_id_seq",
            count,
            records.ids,
        )
    )


def _copy_rows(env, table, own):
    """Copy the rows of a table whose references all lead to copies.

    :param list own: the columns that identify a row itself.
    """
    env.cr.execute(
        SQL(
            "SELECT a.attname, a.attgenerated, f.relname FROM pg_attribute a "
            "LEFT JOIN pg_constraint c ON c.contype = 'f' AND c.conrelid = a.attrelid "
            "AND c.conkey = ARRAY[a.attnum] LEFT JOIN pg_class f ON f.oid = c.confrelid "
            "WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped",
            table,
        )
    )
    columns = {
        name: table if name in own else to for name, _gen, to in env.cr.fetchall()
    }
    env.cr.execute("SELECT DISTINCT tab FROM copied")
    tables = {name for (name,) in env.cr.fetchall()}
    joined = [name for name, to in columns.items() if to in tables]
    mandatory = own or joined
    joins = SQL(" ").join(
        SQL(
            "%s JOIN copied %s ON %s = %s AND %s = r.%s %s",
            SQL("" if name in mandatory else "LEFT"),
            SQL.identifier(f"c_{name}"),
            SQL.identifier(f"c_{name}", "tab"),
            columns[name],
            SQL.identifier(f"c_{name}", "old"),
            SQL.identifier(name),
            SQL("")
            if name == mandatory[0]
            else SQL(
                "AND %s = %s",
                SQL.identifier(f"c_{name}", "i"),
                SQL.identifier(f"c_{mandatory[0]}", "i"),
            ),
        )
        for name in sorted(joined, key=lambda name: name not in mandatory)
    )
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s r %s",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(
                SQL(
                    "COALESCE(%s, r.%s)",
                    SQL.identifier(f"c_{name}", "new"),
                    SQL.identifier(name),
                )
                if name in joined
                else SQL("r.%s", SQL.identifier(name))
                for name in columns
            ),
            SQL.identifier(table),
            joins,
        )
    )
