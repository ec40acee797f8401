from odoo import fields


class SharedJson(fields.Json):
    """JSON of which all readers get the same value: none of them may change it.

    Odoo copies it for each of them, which takes long for a whole order.
    """

    def convert_to_record(self, value, record):
        return False if value is None else value
