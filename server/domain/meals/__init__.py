"""Meals: what was eaten, read from free words, and the carbohydrate in it."""

from server.domain.meals.counting import CERTAINTIES, Counted, count
from server.domain.meals.reading import read

__all__ = ["CERTAINTIES", "Counted", "count", "read"]
