"""Stock movements in a marketplace's warehouse: `/v3.0/logistics/.../stock_movements`."""

from dataclasses import dataclass
from urllib.parse import quote

from .errors import LengowParameterError
from .movement import read_rows
from .parsing import as_dict, as_list, iso_utc, text


@dataclass(frozen=True)
class MovementResource:
    """A kind of movements that a feed has.

    :param str name: such as `received_items`
    :param tuple required: parameters that must be given
    :param tuple optional: parameters that may be given
    """

    name: str
    required: tuple = ()
    optional: tuple = ()


class MovementEndpoints:
    """The part of :class:`LengowClient` that reads stock movements.

    :source: API reference, "Retrieve stock movements"
    """

    def get_movement_resources(self, feed_id):
        """List the kinds of movements that a feed has.

        :param feed_id: Lengow's number of the feed
        :rtype: list[MovementResource]
        :raise LengowError: when the request failed
        """
        answer = self._transport.request(
            "GET",
            f"{_path(feed_id)}/",
            params={"account_id": self.get_account_id()},
            accept=lambda answer: isinstance(answer, dict),
        )
        return [
            MovementResource(
                name,
                tuple(map(text, as_list(facts.get("required")))),
                tuple(map(text, as_list(facts.get("optional")))),
            )
            for name, facts in answer.items()
            if isinstance(facts, dict)
        ]

    def get_movements(self, feed_id, resource, **parameters):
        """Read the movements of a kind; they are answered all at once.

        :param feed_id: Lengow's number of the feed
        :param resource: a :class:`MovementResource`, or its name
        :param parameters: as the resource lists them; `since` and `until` stand for
            `from` and `to`, dates are written
        :return: the movements' payloads, each a row of its own
        :rtype: list[dict]
        :raise LengowParameterError: when a required one is missing
        :raise LengowError: when the request failed
        """
        names = {"since": "from", "until": "to"}
        given = {
            names.get(name, name): value if isinstance(value, str) else iso_utc(value)
            for name, value in parameters.items()
            if value is not None
        }
        if isinstance(resource, MovementResource):
            missing = [name for name in resource.required if name not in given]
            if missing:
                # A request would be refused all the same.
                raise LengowParameterError(", ".join(missing))
            resource = resource.name
        answer = self._transport.request(
            "GET",
            f"{_path(feed_id)}/{quote(text(resource), safe='')}",
            params={"account_id": self.get_account_id(), **given},
            accept=lambda answer: isinstance(as_dict(answer).get("data"), list),
        )
        return read_rows(answer["data"])


def _path(feed_id):
    return f"/v3.0/logistics/feed/{quote(text(feed_id), safe='')}/stock_movements"
