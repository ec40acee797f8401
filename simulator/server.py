"""The same application behind a real socket."""

import io
import socket
import struct

from werkzeug.serving import WSGIRequestHandler, make_server

from .exchange import EFFECTS, Effects

_HANDLER = "simulator.handler"


class _Handler(WSGIRequestHandler):
    """Hands itself to the application's wrapper, and keeps quiet."""

    def make_environ(self):
        return {**super().make_environ(), _HANDLER: self, EFFECTS: Effects()}

    def log_request(self, code="-", size="-"):
        pass

    def reset(self):
        """Break the connection so that the other side gets an RST, not an end."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        # The socket is only closed once both of its files are.
        self.rfile.close()
        self.wfile.close()
        self.connection.close()
        # http.server flushes what it believes to be the open socket.
        self.rfile, self.wfile = io.BytesIO(), io.BytesIO()


def make_simulator_server(simulator, host="127.0.0.1", port=0):
    """Put a simulator behind a threaded HTTP server.

    :param Simulator simulator: the application
    :param str host: address to listen on
    :param int port: port to listen on, 0 for any that is free
    :return: the server; its `server_port` tells the port
    :rtype: werkzeug.serving.BaseWSGIServer
    """

    def app(environ, start_response):
        body = simulator(environ, start_response)
        if environ[EFFECTS].reset:
            environ[_HANDLER].reset()
            raise ConnectionResetError("The simulator broke the connection")
        return body

    return make_server(host, port, app, threaded=True, request_handler=_Handler)
