"""Which requests a delivery comes to: it is reported as lines and orders are complete."""

from decimal import ROUND_FLOOR

from .action_lines import LinePlanner, Target
from .marketplace import PER_QUANTITY
from .money import ZERO
from .parsing import text


class DeliveryPlanner(LinePlanner):
    """Tells which requests a delivery comes to.

    :param closed: numbers of the lines of which no more will be delivered
    """

    def __init__(self, *args, closed=(), **kwargs):
        super().__init__(*args, **kwargs)
        self._closed = {text(key) for key in closed}

    def _plan_open_order(self, open_lines):
        """Report the order once all that is open of it has been delivered."""
        given = {part.line_id: part for part in self._parts}
        delivered = {
            line: self._get_done(line)
            + (self._get_quantity(line, given[line.key]) if line.key in given else ZERO)
            for line in open_lines
        }
        short = [line for line in open_lines if delivered[line] < line.quantity]
        self.waiting = [line.key for line in short if line.key not in self._closed]
        if self.waiting or not any(delivered.values()):
            return
        for line in short:
            self._tell_short(line, delivered[line])
        self.targets.append(Target(values=self._sum_values()))

    def _plan_line(self, line, part):
        done = self._get_done(line)
        given = self._get_quantity(line, part)
        if self._rule.granularity == PER_QUANTITY:
            self._plan_pieces(line, part, done, given)
        elif done < line.quantity:
            self._plan_whole_line(line, part, done + given)
        elif given:
            self._tell_clipped(line, given, ZERO)

    def _plan_pieces(self, line, part, done, given):
        """Report the pieces that became whole.

        A piece made of several products counts when the last of them leaves.
        """
        delivered = done + given
        reported = _count_pieces(line, delivered) - _count_pieces(line, done)
        if reported > 0:
            self.targets.append(Target(line, reported, part.values))
        if given and delivered > line.quantity:
            self._tell_clipped(line, given, max(reported, ZERO))
        elif given and reported <= 0:
            self.waiting.append(line.key)

    def _plan_whole_line(self, line, part, delivered):
        """Report the line once it is complete, or no more of it will leave."""
        is_complete = delivered >= line.quantity
        if not is_complete and line.key not in self._closed:
            self.waiting.append(line.key)
        elif delivered > 0:
            if not is_complete:
                self._tell_short(line, delivered)
            self.targets.append(Target(line, None, part.values))

    def _tell_clipped(self, line, given, reported):
        self._tell("clipped", line, given=text(given), quantity=text(reported))

    def _tell_short(self, line, delivered):
        self._tell(
            "short",
            line,
            missing=text(line.quantity - delivered),
            ordered=text(line.quantity),
        )


def _count_pieces(line, quantity):
    """Count the whole pieces in a quantity, as far as they were ordered."""
    quantity = min(quantity, line.quantity)
    if line.quantity != line.quantity.to_integral_value():
        return quantity
    return quantity.to_integral_value(ROUND_FLOOR)
