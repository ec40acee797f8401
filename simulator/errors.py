"""Errors in the forms that Lengow answers them."""


class ApiError(Exception):
    """A refusal, turned into a response by the application.

    :param int status: HTTP status
    :param str message: what went wrong
    :param str form: `object` for `{"error": {"message", "code"}}`, `text` for
        `{"error": "..."}`, `detail` for `{"detail": "..."}`
    :param dict headers: headers of the response
    :source: lengow_api, "Transport"
    """

    def __init__(self, status, message, form="object", headers=None):
        super().__init__(message)
        self.status = status
        self.message = message
        self.form = form
        self.headers = headers or {}

    @property
    def body(self):
        """The answer's JSON.

        :return: the error in its form
        :rtype: dict
        """
        if self.form == "detail":
            return {"detail": self.message}
        if self.form == "text":
            return {"error": self.message}
        return {"error": {"message": self.message, "code": self.status}}


class Refusal(Exception):
    """A marketplace's no to an action, found in its answer later on.

    :param problems: sentences, or pairs of the argument's name (or None) and a sentence
    """

    def __init__(self, *problems):
        self.problems = [
            (None, problem) if isinstance(problem, str) else problem
            for problem in problems
        ]
        super().__init__(" ".join(message for _argument, message in self.problems))
