from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class LengowBuyer(models.Model):
    """What a marketplace knows a buyer by, and the contact that the buyer is in Odoo.

    It names the marketplace, not its code, which may change; and the company, so that no
    company's contacts are found by another's orders. Where contacts are merged, it goes to
    the one that stays.
    """

    _name = "lengow.buyer"
    _description = "Marketplace buyer"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    marketplace_id = fields.Many2one(
        "lengow.marketplace", required=True, ondelete="cascade"
    )
    customer_number = fields.Char(help="The marketplace's number of the buyer.")
    email = fields.Char(help="Normalised; empty where it is not the buyer's alone.")
    name = fields.Char(help="As the marketplace gives it.")
    partner_id = fields.Many2one(
        "res.partner", required=True, ondelete="cascade", index=True
    )

    _number_uniq = models.UniqueIndex(
        "(company_id, marketplace_id, customer_number) WHERE customer_number IS NOT NULL",
        "A marketplace's number of a buyer is one buyer.",
    )
    _email_idx = models.Index("(email) WHERE email IS NOT NULL")

    # === BUSINESS METHODS === #

    @api.model
    def _find(self, company, numbers, emails):
        """Find buyers by their numbers and e-mail addresses.

        :param res.company company: whose buyers they are.
        :param numbers: set of pairs of a marketplace's id and a number.
        :param emails: set of pairs of a marketplace's id and an e-mail address.
        :return: the buyers, the oldest first.
        """
        if not numbers and not emails:
            return self.browse()
        marketplace_ids = {marketplace_id for marketplace_id, _key in numbers | emails}
        keys = Domain("customer_number", "in", [number for _id, number in numbers])
        keys |= Domain("email", "in", [email for _id, email in emails])
        return self.search(
            Domain("company_id", "=", company.id)
            & Domain("marketplace_id", "in", list(marketplace_ids))
            & keys,
            order="id",
        )

    def _get_partner(self):
        """:return: the contact, none where it may no longer be used."""
        partner = self.partner_id
        is_usable = partner.active and partner.company_id in (
            partner.company_id.browse(),
            self.company_id,
        )
        return partner if is_usable else partner.browse()

    @api.model
    def _remember(self, vals_list):
        """Remember buyers that are new.

        Where another worker has just met one of them, PostgreSQL lets this transaction
        fail as out of date: who begins it again finds them.

        :param list vals_list: the same values of each, none missing but as None.
        """
        if not vals_list:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO lengow_buyer (%s) VALUES %s ON CONFLICT DO NOTHING",
                SQL(", ").join(map(SQL.identifier, vals_list[0])),
                SQL(", ").join(SQL("%s", tuple(vals.values())) for vals in vals_list),
            )
        )
