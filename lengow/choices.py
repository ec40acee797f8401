"""Lists of values as marketplaces give them: carriers, methods, reasons."""

from dataclasses import dataclass

from .parsing import as_dict, as_list, text

_CODE_NAMES = ("code", "value", "id", "name")


@dataclass(frozen=True)
class Choice:
    """One value of a list.

    :param str code: as it is sent
    :param str label: for people
    :param str lengow_code: Lengow's own code of a carrier, "" when it has none
    """

    code: str
    label: str
    lengow_code: str = ""


def read_choices(values):
    """Read a list of values; "0" is one like any other.

    :param values: dict of code to `{"label"}` or to label, or list of codes, or null
    :return: dict of code to :class:`Choice`
    :source: lengow_api, "Actions"
    """
    if isinstance(values, dict):
        entries = list(values.items())
    else:
        entries = [_read_entry(entry) for entry in as_list(values)]
    choices = (_make_choice(code, description) for code, description in entries)
    return {choice.code: choice for choice in choices if text(choice.code)}


def find_choice(choices, value):
    """Find the value of a list that a loosely typed one means.

    :param dict choices: code to :class:`Choice`
    :param value: a code as text or number
    :return: :class:`Choice`, None when the list has none
    """
    if not choices:
        return None
    if isinstance(value, str) and value in choices:
        return choices[value]
    wanted = text(value)
    found = (choice for choice in choices.values() if text(choice.code) == wanted)
    return next(found, None) if wanted else None


def _read_entry(entry):
    if not isinstance(entry, dict):
        return entry, None
    for name in _CODE_NAMES:
        if text(entry.get(name)):
            return entry[name], entry
    return "", None


def _make_choice(code, description):
    code = code if isinstance(code, str) else text(code)
    details = as_dict(description)
    label = text(details.get("label") if details else description)
    return Choice(code, label or text(code), text(details.get("lengow_code")))
