"""Files of blood glucose meters: bytes in, readings out, with a reason for every line that is none."""

from server.domain.meters.files import MOST_BYTES, MOST_LINES, Line, read
from server.domain.meters.layouts import Wishes, wishes_of
from server.domain.meters.reasons import REASONS

__all__ = ["MOST_BYTES", "MOST_LINES", "REASONS", "Line", "Wishes", "read", "wishes_of"]
