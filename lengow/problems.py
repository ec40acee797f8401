"""What is wrong with a request, in words that can be translated."""

from dataclasses import dataclass, field


def _(source):
    """Mark a sentence for translation: Odoo collects what stands in `_(...)`."""
    return source


#: Code -> sentence. A request with one of these is not to be sent.
PROBLEMS = {
    "unknown_action": _("%(marketplace)s does not offer the action “%(action)s”."),
    "status": _(
        "The action “%(action)s” is not possible while the order is “%(status)s”."
        " It is possible in: %(allowed)s."
    ),
    "line_status": _(
        "The action “%(action)s” is not possible for the line %(line)s, which is"
        " “%(status)s”. It is possible in: %(allowed)s."
    ),
    "never_allowed": _(
        "%(marketplace)s lists the action “%(action)s”, but no status in which it is"
        " possible."
    ),
    "no_lines": _("There is no line to report with “%(action)s”."),
    "unknown_line": _("The order has no line %(line)s."),
    "nothing_left": _(
        "Line %(line)s: all %(ordered)s ordered pieces have been reported before."
    ),
    "too_much": _(
        "Line %(line)s: %(quantity)s pieces are more than the %(left)s that are left."
    ),
    "whole_order_only": _(
        "%(marketplace)s takes “%(action)s” for the whole order only, not for a part."
    ),
    "whole_line_only": _(
        "%(marketplace)s takes “%(action)s” for whole lines only, not for a part of"
        " line %(line)s."
    ),
    "aimless": _(
        "%(marketplace)s does not take the number or the quantity of line %(line)s"
        " here, so “%(action)s” would be about more than that."
    ),
    "missing": _("%(argument)s is missing."),
    "missing_because": _(
        "%(argument)s is missing. It is asked for when %(condition)s."
    ),
    "unknown_argument": _(
        "%(marketplace)s does not take %(argument)s for the action “%(action)s”."
    ),
    "not_applicable": _("%(argument)s may be given only when %(condition)s."),
    "not_listed": _("%(argument)s: “%(value)s” is not one of %(choices)s."),
    "not_text": _("%(argument)s must be a single value."),
    "not_date": _("%(argument)s: “%(value)s” is no date."),
    "not_number": _("%(argument)s: “%(value)s” is no number."),
    "not_whole": _("%(argument)s: “%(value)s” is no whole number."),
    "negative": _("%(argument)s: “%(value)s” is negative."),
    "not_positive": _("%(argument)s: “%(value)s” must be at least 1."),
    "badly_written": _("%(argument)s: “%(value)s” must be written as “%(written)s”."),
    "not_boolean": _("%(argument)s: “%(value)s” is neither yes nor no."),
    "not_json": _("%(argument)s holds something that cannot be sent."),
    "above_paid": _(
        "%(argument)s: %(value)s is more than the %(limit)s that the buyer paid and has"
        " not got back."
    ),
    "no_mapping": _(
        "The carrier “%(carrier)s” is not mapped on %(channel)s. Map it under"
        " Configuration, Carrier Mappings: this is then sent by itself."
    ),
    "contradiction": _(
        "The rules of %(marketplace)s about %(argument)s contradict each other, so it"
        " is not clear what to send."
    ),
}

#: Code -> sentence. These are worth telling; the request can be sent.
NOTICES = {
    "both_lists": _("%(marketplace)s lists %(argument)s as required and as optional."),
    "bad_default": _(
        "%(argument)s: %(marketplace)s does not take its own default “%(value)s”."
    ),
    "no_choices": _(
        "%(argument)s: %(marketplace)s takes listed values only, but lists none. The"
        " value is sent unchecked."
    ),
    "unknown_type": _(
        "%(argument)s is of an unknown type, “%(type)s”. The value is sent unchecked."
    ),
    "asked_for": _("%(argument)s is empty. It may be asked for when %(condition)s."),
    "clipped": _(
        "Line %(line)s: %(quantity)s of the %(given)s delivered pieces are reported, as"
        " no more were ordered."
    ),
    "short": _(
        "Line %(line)s is reported as complete, though %(missing)s of its %(ordered)s"
        " pieces will not be delivered."
    ),
    "rule_form": _(
        "It is not clear when %(argument)s is asked for: the rule cannot be read."
    ),
    "rule_long": _(
        "It is not clear when %(argument)s is asked for: the rule is too long."
    ),
    "rule_operator": _(
        "It is not clear when %(argument)s is asked for: the rule has an unknown"
        " operator, “%(name)s”."
    ),
    "rule_function": _(
        "It is not clear when %(argument)s is asked for: the rule has an unknown"
        " function, “%(name)s”."
    ),
    "rule_root": _(
        "It is not clear when %(argument)s is asked for: the rule looks into something"
        " unknown, “%(name)s”."
    ),
    "rule_value": _(
        "It is not clear when %(argument)s is asked for: “%(name)s” cannot compare with"
        " the rule's value."
    ),
    "rule_pattern": _(
        "It is not clear when %(argument)s is asked for: the rule's pattern is not"
        " valid."
    ),
    "rule_slow": _(
        "It is not clear when %(argument)s is asked for: the rule's pattern takes too"
        " long."
    ),
}

_SENTENCES = {**PROBLEMS, **NOTICES}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, or worth telling, about a request.

    :param str code: which; a key of :data:`PROBLEMS` or :data:`NOTICES`
    :param str argument: name of the argument that it is about, "" if none
    :param str line_id: number of the line that it is about, "" if none
    :param dict values: texts for the placeholders of the sentence
    """

    code: str
    argument: str = ""
    line_id: str = ""
    values: dict = field(default_factory=dict)

    @property
    def template(self):
        """:return: the sentence in English, with its placeholders."""
        return _SENTENCES[self.code]

    @property
    def is_notice(self):
        """:return: True when the request can be sent all the same."""
        return self.code in NOTICES

    def __str__(self):
        return self.template % self.values
