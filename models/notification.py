"""What a button answers with."""

_RELOAD = {"type": "ir.actions.client", "tag": "soft_reload"}


def make_notification(title, message, kind="success", sticky=False, then=None):
    """Make the action that shows a message in a corner of the screen.

    :param str title: what was done, such as the button's name.
    :param str message: what came of it.
    :param str kind: ``success``, ``warning`` or ``danger``.
    :param bool sticky: whether it stays until the user closes it.
    :param dict then: action that follows, default what is on the screen is read again.
    :return: action.
    """
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "type": kind,
            "title": title,
            "message": message,
            "sticky": sticky,
            "next": then or dict(_RELOAD),
        },
    }
