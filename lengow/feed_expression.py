"""Small expressions over a product's values, without any way out of them.

An expression is parsed once; what is not in the short list of what it may hold is
refused then. Names stand for fields, with dots for those of related records.
"""

import ast
import operator
import re

_MAX_LENGTH = 500  # characters of an expression (ours)
_MAX_TEXT = 100_000  # characters that replacing may begin with (ours)

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")  # which no file can hold

_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_UNARY = {ast.Not: operator.not_, ast.USub: operator.neg}
_FUNCTIONS = {
    "str": str,
    "int": int,
    "float": float,
    "len": len,
    "round": round,
    "min": min,
    "max": max,
    "abs": abs,
    "upper": lambda text: str(text).upper(),
    "lower": lambda text: str(text).lower(),
    "strip": lambda text: str(text).strip(),
    "replace": lambda text, old, new: _replace(str(text), old, new),
    "cut": lambda text, length: str(text)[:length],
}


class ExpressionError(ValueError):
    """An expression holds what it must not, or is none."""


class Expression:
    """One expression, parsed.

    :param str source: such as `name + " " + (barcode or "")`
    :raise ExpressionError: when it is not understood; its text says why
    """

    def __init__(self, source):
        if len(source) > _MAX_LENGTH:
            raise ExpressionError(f"it is longer than {_MAX_LENGTH} characters")
        try:
            tree = ast.parse(source.strip(), mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise ExpressionError(f"{error.__class__.__name__}: {error}") from error
        #: The names that stand for fields.
        self.paths = set()
        self._evaluate = self._compile(tree.body)

    def evaluate(self, values):
        """Work the expression out.

        :param dict values: name -> value of each of `paths`
        :return: a plain value
        """
        return self._evaluate(values)

    def _compile(self, node):
        method = getattr(self, f"_compile_{type(node).__name__.lower()}", None)
        if method is None:
            raise ExpressionError(f"{type(node).__name__} is not allowed in it")
        return method(node)

    def _compile_constant(self, node):
        value = node.value
        if not isinstance(value, str | int | float | bool | None):
            raise ExpressionError(f"{value!r} is not allowed in it")
        if isinstance(value, str) and _HALF_CHARACTER.search(value):
            raise ExpressionError("a character in it is no whole one")
        return lambda values: value

    def _compile_name(self, node):
        return self._compile_path(node.id)

    def _compile_attribute(self, node):
        names = []
        while isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            raise ExpressionError("only names of fields have dots in it")
        return self._compile_path(".".join([node.id, *reversed(names)]))

    def _compile_path(self, path):
        if "_" in {part[:1] for part in path.split(".")}:
            raise ExpressionError(f"{path} is no name of a field")
        self.paths.add(path)
        return lambda values: values[path]

    def _compile_binop(self, node):
        return self._compile_pair(node.op, node.left, node.right)

    def _compile_pair(self, kind, left, right):
        function = _OPERATORS.get(type(kind))
        if function is None:
            raise ExpressionError(f"{type(kind).__name__} is not allowed in it")
        left, right = self._compile(left), self._compile(right)
        if isinstance(kind, ast.Mult | ast.Mod):
            # A text times a number would fill the memory, one modulo a value formats.
            return lambda values: function(
                _number(left(values)), _number(right(values))
            )
        if isinstance(kind, ast.Add):
            return lambda values: _add(left(values), right(values))
        return lambda values: function(left(values), right(values))

    def _compile_compare(self, node):
        if len(node.ops) > 1:
            raise ExpressionError("compare two values at a time")
        return self._compile_pair(node.ops[0], node.left, node.comparators[0])

    def _compile_unaryop(self, node):
        function = _UNARY.get(type(node.op))
        if function is None:
            raise ExpressionError(f"{type(node.op).__name__} is not allowed in it")
        operand = self._compile(node.operand)
        return lambda values: function(operand(values))

    def _compile_boolop(self, node):
        operands = [self._compile(value) for value in node.values]
        stops = bool if isinstance(node.op, ast.Or) else operator.not_

        def evaluate(values):
            for operand in operands:
                value = operand(values)
                if stops(value):
                    break
            return value

        return evaluate

    def _compile_ifexp(self, node):
        test, body, orelse = map(self._compile, (node.test, node.body, node.orelse))
        return lambda values: (body if test(values) else orelse)(values)

    def _compile_tuple(self, node):
        items = [self._compile(item) for item in node.elts]
        return lambda values: tuple(item(values) for item in items)

    _compile_list = _compile_tuple

    def _compile_call(self, node):
        name = node.func.id if isinstance(node.func, ast.Name) else None
        function = _FUNCTIONS.get(name)
        if function is None or node.keywords:
            raise ExpressionError(f"the functions are {', '.join(_FUNCTIONS)}")
        arguments = [self._compile(argument) for argument in node.args]
        return lambda values: function(*(argument(values) for argument in arguments))


def _replace(text, old, new):
    if len(text) > _MAX_TEXT:
        raise ValueError("the text is too long to replace something in it")
    return text.replace(old, new)


def _number(value):
    if isinstance(value, int | float):
        return value
    raise TypeError("a text is no number")


def _add(left, right):
    if isinstance(left, str) and not right:
        return left  # an empty field is an empty text beside a text
    if isinstance(right, str) and not left:
        return right
    return left + right
