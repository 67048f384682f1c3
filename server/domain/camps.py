"""A camp's days, plans and rules. The only place that turns an instant into a day."""

import dataclasses
import datetime as dt
import functools
import zoneinfo
from collections.abc import Mapping
from typing import Any

from server.domain.refusals import Refusal

DEFAULT_TIMEZONE = "Asia/Shanghai"
LAST_JOINING_DAY = 3
KINDS = ("meal", "exercise", "glucose", "lesson")
ASKED_KINDS = ("meal", "exercise", "glucose")


@functools.cache
def zone(name: str) -> zoneinfo.ZoneInfo:
    """The IANA time zone of that name. Raises Refusal timezone_unknown."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise Refusal("timezone_unknown") from None


@dataclasses.dataclass(frozen=True)
class Calendar:
    """The days of a camp: its zone, when a day begins there (minutes after midnight), its first day and its length.

    A day is *open* from its start until `grace_hours` after its end; then it is closed for good.
    """

    timezone: str
    starts_on: dt.date
    days: int
    day_starts_minutes: int = 0
    grace_hours: int = 12

    @property
    def ends_on(self) -> dt.date:
        """The last camp day."""
        return self.starts_on + dt.timedelta(days=self.days - 1)

    def start_of(self, day: dt.date) -> dt.datetime:
        """The UTC instant at which a camp-local day begins.

        A wall time that a summer-time change skips or repeats is read as its first occurrence (PEP 495, fold 0).
        """
        wall = dt.datetime(day.year, day.month, day.day, *divmod(self.day_starts_minutes, 60), tzinfo=zone(self.timezone))
        return wall.astimezone(dt.UTC)

    def day_of(self, instant: dt.datetime) -> dt.date:
        """The camp-local day that an aware instant belongs to, whatever zone it was written in."""
        day = instant.astimezone(zone(self.timezone)).date()
        return day - dt.timedelta(days=1) if instant < self.start_of(day) else day

    def end_of(self, day: dt.date) -> dt.datetime:
        """The UTC instant at which the next day begins."""
        return self.start_of(day + dt.timedelta(days=1))

    def closes_at(self, day: dt.date) -> dt.datetime:
        """The UTC instant from which nothing filed for that day counts any more."""
        return self.end_of(day) + dt.timedelta(hours=self.grace_hours)

    def is_closed(self, day: dt.date, now: dt.datetime) -> bool:
        """Whether the day and its grace are over."""
        return now >= self.closes_at(day)

    def holds(self, day: dt.date) -> bool:
        """Whether the day is one of the camp's."""
        return self.starts_on <= day <= self.ends_on

    def number_of(self, day: dt.date) -> int:
        """1 for the first camp day; 0 and less before it."""
        return (day - self.starts_on).days + 1

    def day_numbered(self, number: int) -> dt.date:
        """The camp-local day of that number."""
        return self.starts_on + dt.timedelta(days=number - 1)

    def last_closed_number(self, now: dt.datetime) -> int:
        """The number of the last closed camp day, 0 when none is."""
        number = min(self.number_of(self.day_of(now)), self.days)
        while number > 0 and not self.is_closed(self.day_numbered(number), now):
            number -= 1
        return max(number, 0)

    def finished(self, now: dt.datetime) -> bool:
        """Whether the last camp day has closed."""
        return self.is_closed(self.ends_on, now)

    def takes_members(self, now: dt.datetime) -> bool:
        """Whether somebody may still join: before the camp or until the end of its third day."""
        return now < self.end_of(self.day_numbered(min(LAST_JOINING_DAY, self.days)))


def day_of(instant: dt.datetime, calendar: Calendar | None) -> dt.date:
    """The camp day of the instant, or the day in Asia/Shanghai for somebody in no camp."""
    return calendar.day_of(instant) if calendar else instant.astimezone(zone(DEFAULT_TIMEZONE)).date()


def status(calendar: Calendar, opened: bool, archived: bool, now: dt.datetime) -> str:
    """draft, enrolling, running, finished or archived, from the camp's two marks and the clock."""
    if archived:
        return "archived"
    if not opened:
        return "draft"
    if now < calendar.start_of(calendar.starts_on):
        return "enrolling"
    return "finished" if calendar.finished(now) else "running"


def calendar_of(rules: Mapping[str, Any], timezone: str, starts_on: dt.date, days: int) -> Calendar:
    """The calendar that a camp's rules describe."""
    return Calendar(timezone, starts_on, days, minutes_of(rules["day_starts_at"]), rules["grace_hours"])


def minutes_of(wall: str) -> int:
    """Minutes after midnight of an HH:MM wall time."""
    hours, _, minutes = wall.partition(":")
    return int(hours) * 60 + int(minutes)


def asked_on(rules: Mapping[str, Any], plan: str, number: int) -> dict[str, int]:
    """How many entries of each kind the plan asks for on that camp day; kinds that are not asked are absent."""
    day = rules["plans"][plan]["days"].get(str(number), {})
    return {kind: day[kind] for kind in ASKED_KINDS if day.get(kind)}


def proposed_plan(template: Mapping[str, Any], plans: Mapping[str, Any], *, on_insulin: bool) -> str:
    """The plan proposed from the person's treatment: the template's for insulin users, or its other one."""
    name = template["proposed"]["insulin" if on_insulin else "other"]
    return name if name in plans else next(iter(plans))


def merge_patch(target: Any, patch: Any) -> Any:
    """The target with the patch applied as RFC 7396 (JSON Merge Patch) says: objects merge, null removes."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged
