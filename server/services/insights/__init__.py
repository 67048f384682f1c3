"""Insights: what a person's own readings say, in figures, as pictures and on one page for the doctor."""

from server.services.insights.picturing import trend
from server.services.insights.reading import show
from server.services.insights.reporting import report

__all__ = ["report", "show", "trend"]
