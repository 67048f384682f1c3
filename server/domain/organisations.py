"""When an organisation's people answer: its service hours, and an instant so many service hours away."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from server.domain import camps
from server.domain.refusals import Refusal

# Monday is 1. Every day, because a class asks on Sundays too; an organisation that rests says so.
DEFAULT_SERVICE_HOURS = {"from": "08:00", "to": "20:00", "weekdays": [1, 2, 3, 4, 5, 6, 7], "timezone": "Asia/Shanghai"}
MOST_SIGNATORIES = 3
MOST_ON_DUTY = 20
# Further than a week no set of weekdays lies, and a day is added for the hours of today that are over.
_DAYS_LOOKED_AHEAD = 9


def check_service_hours(hours: dict[str, Any]) -> None:
    """Let hours that begin before they end in a zone that exists pass. Raises hours_invalid, timezone_unknown."""
    if not hours["from"] < hours["to"] or len(set(hours["weekdays"])) != len(hours["weekdays"]):
        raise Refusal("hours_invalid")
    camps.zone(hours["timezone"])


def is_open(hours: dict[str, Any], now: dt.datetime) -> bool:
    """Whether somebody answers at this instant."""
    begin, end = next(_spans(hours, now))
    return begin <= now < end


def opens_at(hours: dict[str, Any], now: dt.datetime) -> dt.datetime:
    """When somebody answers next, in UTC: `now` itself while open."""
    return max(now, next(_spans(hours, now))[0])


def opens_today(hours: dict[str, Any], now: dt.datetime) -> dt.datetime:
    """When somebody answers next today, in UTC: `now` itself while open, and when nobody does any more today."""
    zone, begin = camps.zone(hours["timezone"]), opens_at(hours, now)
    return begin if begin.astimezone(zone).date() == now.astimezone(zone).date() else now


def due_after(hours: dict[str, Any], now: dt.datetime, wanted: dt.timedelta) -> dt.datetime:
    """The instant, in UTC, at which so much service time has passed since `now`; closed hours do not count."""
    left = wanted
    while True:
        for begin, end in _spans(hours, now):
            since = max(begin, now)
            if since + left <= end:
                return since + left
            left -= end - since
        now = end


def _spans(hours: dict[str, Any], now: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """The spans of service that end after `now`, soonest first, as instants in UTC, for about a week."""
    zone = camps.zone(hours["timezone"])
    first = now.astimezone(zone).date()
    for ahead in range(_DAYS_LOOKED_AHEAD):
        day = first + dt.timedelta(days=ahead)
        if day.isoweekday() in hours["weekdays"]:
            begin, end = (dt.datetime.fromisoformat(f"{day}T{hours[at]}").replace(tzinfo=zone).astimezone(dt.UTC)
                          for at in ("from", "to"))
            if end > now:
                yield begin, end
