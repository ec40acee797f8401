"""Words to describe a marketplace with, in the shape of `/v3.0/marketplaces/`."""

_COUNTRIES = {
    "DE": "DEU",
    "ES": "ESP",
    "FR": "FRA",
    "GB": "GBR",
    "IT": "ITA",
    "NL": "NLD",
    "PL": "POL",
    "SE": "SWE",
}


def describe(code, name, country, legacy_code, homepage, description, **orders):
    """Describe one marketplace.

    :param str code: marketplace code
    :param str name: its name for people
    :param str country: ISO code of its country, two letters
    :param str legacy_code: the code it had before
    :param str homepage: its website
    :param str description: HTML
    :param dict orders: `status`, `carriers`, `shipping_methods`, `actions`
    :return: the description
    :rtype: dict
    :source: 002, "Get marketplace informations" and the release note before it
    """
    return {
        "package": f"mp_{legacy_code}",
        "country_iso_a2": country,
        "country": _COUNTRIES[country],
        "name": name,
        "legacy_code": legacy_code,
        "orders": {
            "carriers": orders.get("carriers", {}),
            "shipping_methods": orders.get("shipping_methods", []),
            "actions": orders.get("actions", {}),
            "status": orders.get("status", {}),
        },
        "logo": f"cdn/partners//{code}.jpeg",
        "description": description,
        "homepage": homepage,
    }


def action(status, args=(), optional=(), **descriptions):
    """Describe one action.

    :param status: Lengow statuses in which it is allowed
    :param args: arguments that must be given
    :param optional: arguments that may be given
    :param dict descriptions: argument -> description
    :return: the action
    :rtype: dict
    :source: 002, "Detail of orders.actions"
    """
    return {
        "status": list(status),
        "args": list(args),
        "optional_args": list(optional),
        "args_description": descriptions,
    }


def arg(kind="string", **more):
    """Describe one argument that takes any value.

    :param str kind: `string`, `list`, `date`, `quantity`, `line_number`, `price`,
        `decimal`
    :param more: `default_value`, `depends_on`
    :return: the argument
    :rtype: dict
    """
    return {"type": kind, "accept_free_values": True, **more}


def choice(values, free=False, **more):
    """Describe one argument with a list of values.

    :param values: dict of code to label or to `{"label"}`, or list of codes
    :param bool free: other values are taken too
    :param more: `default_value`, `depends_on`
    :return: the argument
    :rtype: dict
    """
    return {
        "type": "list",
        "valid_values": values,
        "accept_free_values": free,
        **more,
    }


def labels(*codes, **named):
    """Give codes their labels.

    :param codes: codes that are their own label
    :param named: code -> label
    :return: code -> `{"label"}`
    :rtype: dict
    """
    return {code: {"label": named.get(code, code)} for code in (*codes, *named)}


def when(root, path, function, value, operator="allOf"):
    """Make an argument depend on the order or on another argument.

    :param str root: `order` or `action_data`
    :param str path: where the value stands
    :param str function: such as `equals`, `in_list`, `regex`
    :param value: what it is compared with
    :param str operator: `allOf`, `anyOf`, `oneOf`
    :return: the rule
    :rtype: dict
    :source: 002, "Detail of depends_on fields"
    """
    return both((root, path, function, value), operator=operator)


def both(*conditions, operator="allOf"):
    """Make an argument depend on several conditions.

    :param conditions: quadruples of root, path, function, value
    :param str operator: `allOf`, `anyOf`, `oneOf`
    :return: the rule
    :rtype: dict
    """
    return {
        "operator": operator,
        "conditions": [
            {
                "key_path": {"root": root, "path": path},
                "function": function,
                "value": value,
            }
            for root, path, function, value in conditions
        ],
    }
