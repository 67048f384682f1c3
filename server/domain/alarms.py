"""What becomes of a dangerous reading after its card: episodes, freshness, rechecks, who hears and when the next one does.

Rules are product.md's Alert in docs/clinical.md; not reviewed by a clinician. Decisions only: nothing is sent here.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from server.domain import alerts, streaks, thresholds
from server.domain.camps import Calendar
from server.domain.glucose import Patient, Reading

# Within this much of one another readings of one kind are one episode, which rings again only when worse.
EPISODE = dt.timedelta(hours=12)
FRESH = {"low": dt.timedelta(hours=12), "high": dt.timedelta(hours=24), "ketone": dt.timedelta(hours=24),
         "words": dt.timedelta(hours=24), "lost_contact": dt.timedelta(days=7)}
RECHECK_AFTER = dt.timedelta(minutes=15)
RECHECK_MISSED_AFTER = dt.timedelta(minutes=20)
UNACKNOWLEDGED_AFTER = dt.timedelta(minutes=15)
HIGH_SERVICE_TIME = dt.timedelta(hours=2)
TWICE_WITHIN = dt.timedelta(hours=24)
CAUTION_WITHIN = dt.timedelta(minutes=60)
# A person in a running camp of whom nothing has come for so long is out of reach.
SILENT_FOR = dt.timedelta(days=3)
LATE_AFTER = dt.timedelta(minutes=30)
# What a later reading ends, each as the worst and as the mildest of its kind ends. An ending is kept by kind, and whether
# it names no symptom, with its instant.
ENDINGS = (("low", "low"), ("high", "high"), ("high", "critical_high"), ("ketone", "critical_high"))
Ended = Mapping[tuple[str, bool], dt.datetime]

LEVELS = ("low", "critical_low", "emergency_low", "high", "critical_high", "emergency_high", "emergency_ketone",
          "emergency_words", "lost_contact")
ABOUT = ("self", "relative", "unknown")
WORSE = {"low": "critical_low", "critical_low": "emergency_low"}
# Who of the staff is told, step by step: the roles that are asked for, those of one group by who is nearest, and where it has
# nobody the next group.
STEPS = {"manager": (("health_manager", "nurse"),), "doctor": (("doctor",),), "duty": (("admin",),),
         "nurse": (("nurse", "health_manager"), ("doctor",), ("admin",))}
# Who is told in order to act now, one step after the other. The nurse is told besides, in pregnancy, and hears the same day
# what is over by then too.
ACTING = ("manager", "doctor", "duty")


def kind_of(level: str) -> str:
    """low, high, ketone, words or lost_contact: what makes readings of one time one episode. Raised ketones are critical
    highs of the kind ketone, which alert_levels says."""
    return level if level == "lost_contact" else level.rpartition("_")[2]


def rank(level: str | None) -> int:
    """How bad a level is among those of its kind; 0 for none."""
    if level is None:
        return 0
    return 3 if level.startswith("emergency") else 2 if level.startswith("critical") else 1


def worst(levels: Iterable[str | None]) -> str | None:
    """The worst of levels of one kind."""
    return max(levels, key=rank, default=None)


def foremost(cards: Iterable[tuple[dict[str, Any] | None, dt.datetime | None]],
             now: dt.datetime | None = None) -> dict[str, Any] | None:
    """The card to show first of many readings' cards, each with its instant (None where that is not known, and it may be
    now): one that is not over, one that is still fresh before an old one, a critical or emergency one before a mild one,
    then the latest, and of one instant the low."""

    def urgency(one: tuple[dict[str, Any], dt.datetime | None]) -> tuple[bool, bool, bool, bool, float, bool]:
        level, at = one[0]["level"], one[1]
        fresh = at is None or now is None or now - at < FRESH[kind_of(level)]
        return (not one[0].get("over"), fresh, rank(level) > 1, at is None, at.timestamp() if at else 0.0,
                kind_of(level) == "low")

    found = max(((card, at) for card, at in cards if card is not None), key=urgency, default=None)
    return found[0] if found else None


def is_late(card: dict[str, Any] | None, at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether the card is one for a reading that was long ago when it was told. Of one without an instant nobody knows."""
    return card is not None and card["level"] in alerts.CARDS and at is not None and now - at > LATE_AFTER


def card_told(card: dict[str, Any] | None, at: dt.datetime | None, now: dt.datetime, ended: Ended) -> dict[str, Any] | None:
    """The card for a reading of that instant as it is told now: of one that is late, how the person is and to measure, or
    that it is over. An emergency that is no low stands while it is fresh: it does not pass by itself."""
    if card is None or not is_late(card, at, now):
        return card
    level = card["level"]
    over = [kind for kind in alerts.kinds_of(card)
            if (end := ended.get((kind, needs_calm(kind, level)))) is not None and end > at]
    return alerts.late_card(card, over, stands=rank(level) > rank("critical_low") and level != "emergency_low"
                            and now - at < FRESH[kind_of(level)])


def ended_by(drafts: Iterable[dict[str, Any]], patient: Patient) -> Ended:
    """The latest of these glucose drafts that ends a danger, kind by kind. One that is itself another of the kind ends
    none."""
    ended: dict[tuple[str, bool], dt.datetime] = {}
    for draft in drafts:
        raised = alert_levels(draft, patient)
        for kind, level in ENDINGS:
            if kind not in raised and ends(kind, draft, level):
                key = kind, needs_calm(kind, level)
                ended[key] = max(ended.get(key, draft["occurred_at"]), draft["occurred_at"])
    return ended


def rings_at_once(level: str) -> bool:
    """Whether staff and family hear of it at any hour: a critical low and every emergency."""
    return level == "critical_low" or level.startswith("emergency")


def staff_hear(level: str) -> bool:
    """Whether those who act are told of it at all: a reading's card then says so when there are none."""
    return rings_at_once(level) or level in ("critical_high", "lost_contact")


def steps_to(*reached: str | None) -> tuple[str, ...]:
    """The steps of those who act, up to the furthest of these; the first one where none was reached."""
    return ACTING[:1 + max((ACTING.index(step) for step in reached if step), default=0)]


def next_step(reached: str | None) -> str | None:
    """The step after that one; the last has none."""
    following = len(steps_to(reached))
    return ACTING[following] if following < len(ACTING) else None


def alert_levels(draft: dict[str, Any], patient: Patient) -> dict[str, str]:
    """The levels of all alerts that a glucose draft raises, by kind, the one that its answer shows first. Ketones are a
    danger at any glucose and no glucose ends them: they are an alert of their own, and a high that is no worse is in it.
    Somebody else's reading raises none. In pregnancy 11.1, and fasting 7.0, raise `high`, of which the nurse hears the same
    day."""
    if draft["kind"] != "glucose" or draft.get("not_mine"):
        return {}
    reading, signs = Reading(draft["value"], draft["unit"]), set(draft.get("symptoms") or ())
    by_glucose = alerts.glucose_level(reading, signs, patient) or (
        "high" if _high_in_pregnancy(reading, draft, patient) else None)
    by_ketones = alerts.ketone_level(signs, draft.get("ketone_mmol_l"), draft.get("urine_ketone"), patient)
    if by_ketones is None:
        return {kind_of(by_glucose): by_glucose} if by_glucose else {}
    if by_glucose is None or (kind_of(by_glucose) == "high" and rank(by_glucose) <= rank(by_ketones)):
        return {"ketone": by_ketones}
    both = [("ketone", by_ketones), (kind_of(by_glucose), by_glucose)]
    return dict(both if by_ketones == "emergency_ketone" else reversed(both))


def nurse_hears(draft: dict[str, Any], patient: Patient) -> bool:
    """Whether the nurse hears of it the same day: in pregnancy below 3.3, 11.1 and above, and fasting 7.0 and above."""
    if patient.diabetes_type != "gestational":
        return False
    reading = Reading(draft["value"], draft["unit"])
    return reading.below(*thresholds.PREGNANCY_LOW_BELOW.both) or _high_in_pregnancy(reading, draft, patient)


def _high_in_pregnancy(reading: Reading, draft: dict[str, Any], patient: Patient) -> bool:
    return patient.diabetes_type == "gestational" and (
        reading.at_least(*thresholds.PREGNANCY_HIGH_FROM.both)
        or (draft.get("slot") == "fasting" and reading.at_least(*thresholds.PREGNANCY_FASTING_FROM.both)))


def is_extreme(draft: dict[str, Any]) -> bool:
    """Whether one such reading is the doctor's business at once: 27.8 mmol/L and above."""
    return Reading(draft["value"], draft["unit"]).at_least(*thresholds.DOCTOR_AT_ONCE_FROM.both)


def ends(kind: str, draft: dict[str, Any], level: str | None = None) -> bool:
    """Whether a later reading like this ends an episode of that kind and level: 3.9 and above a low, one in range a high,
    and a blood ketone below 1.5 a ketone. A critical or emergency high is not ended by one that names a symptom."""
    if draft["kind"] != "glucose" or draft.get("not_mine"):
        return False
    reading = Reading(draft["value"], draft["unit"])
    if kind == "ketone":
        ketone = draft.get("ketone_mmol_l")
        return ketone is not None and ketone < thresholds.KETONE_RAISED
    risen = reading.at_least(*thresholds.LOW_BELOW.both)
    if kind != "high":
        return kind == "low" and risen
    calm = not (draft.get("symptoms") and needs_calm(kind, level))
    return risen and calm and reading.below(*thresholds.HIGH_FROM.both)


def needs_calm(kind: str, level: str | None) -> bool:
    """Whether only a reading without a symptom ends an episode of that kind and level."""
    return kind == "high" and rank(level) > rank("high")


def out_of_reach(calendar: Calendar, marks: str, now: dt.datetime) -> bool:
    """Whether silence of so long is one in a running camp: it began before, and no day of that time was paused."""
    since, today = calendar.day_of(now - SILENT_FOR), calendar.day_of(now)
    return (calendar.holds(since) and calendar.holds(today)
            and streaks.PAUSED not in marks[calendar.number_of(since) - 1:calendar.number_of(today)])


def next_at(*instants: dt.datetime | None) -> dt.datetime | None:
    """The earliest of the instants that there are."""
    return min((instant for instant in instants if instant is not None), default=None)
