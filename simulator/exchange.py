"""What passes between a transport and the application besides plain WSGI."""

from dataclasses import dataclass

# Where the transport leaves an Effects in the WSGI environment.
EFFECTS = "simulator.effects"


@dataclass
class Effects:
    """What shall happen to a connection, besides the answer.

    :param float read_timeout: seconds the caller waits for an answer, None for ever
    :param bool reset: the connection breaks without an answer
    :param bool timed_out: the answer came after the caller had left
    """

    read_timeout: float | None = None
    reset: bool = False
    timed_out: bool = False


@dataclass
class RecordedRequest:
    """A request that reached the simulator; its fields can also be read as items.

    :param str method: HTTP verb
    :param str path: path, without the query
    :param dict args: the query
    :param json: the JSON body, or None
    :param dict form: the form body
    :param int status: status of the answer, None while it is being made
    :param float time: when it came, in seconds of the simulator's clock
    :param str fault: kind of the fault that hit it, or None
    """

    method: str
    path: str
    args: dict
    json: object
    form: dict
    status: int | None
    time: float
    fault: str | None

    def __getitem__(self, name):
        """Read a field by its name."""
        return getattr(self, name)
