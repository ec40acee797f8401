"""How long actions take, and what they are answered."""

from dataclasses import dataclass, fields


@dataclass
class ActionSettings:
    """How the desk works; times in seconds of the simulator's clock.

    :param float delay: before the marketplace is asked
    :param float spread: at most so much more, by chance: actions overtake each other
    :param float retry_delay: before it is asked again
    :param int retries: how often, when it refused (002, "Create an action on an order")
    :param float approval_delay: before an accepted order may be shipped
    :param int accepted_status: HTTP status of an accepted action, 201 or 202
    :param bool is_strict: refuse with 422 at once what the marketplace would refuse
    :param bool takes_doubles: the marketplaces are careless and take a shipment of what
        has been shipped before, so that the ledger shows what was sent twice
    :param str error_form: `string`, `list` or `dict`; None for one after the other
    """

    delay: float = 5
    spread: float = 0
    retry_delay: float = 10
    retries: int = 3
    approval_delay: float = 60
    accepted_status: int = 202
    is_strict: bool = False
    takes_doubles: bool = False
    error_form: str | None = None

    def update(self, **options):
        """Change some settings.

        :param options: settings by name
        :raise ValueError: for one that does not exist
        """
        unknown = {*options} - {field.name for field in fields(self)}
        if unknown:
            raise ValueError(f"Unknown settings: {', '.join(sorted(unknown))}")
        for name, value in options.items():
            setattr(self, name, value)
