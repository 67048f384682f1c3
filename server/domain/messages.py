"""To whom a message of health staff goes, in which order: by how serious it is, what the patient chose, and consent."""

SEVERITIES = ("routine", "serious", "critical")
FIRST = ("patient", "family")
# Who writes: health staff, or the programme itself on a camp's last day.
STAFF, WHO_WATCHES = "staff", "who_watches"
KINDS = (STAFF, WHO_WATCHES)
# How far a nudge got, the furthest last.
STATES = ("no_channel", "failed", "waiting", "delivered")
# What leaves by text or WeChat says that there is something, and never what.
NUDGE = "您有一条新消息，请打开小程序看。"
NUDGE_OF_CARER = "您照护的家人有一条新消息，请打开小程序看。"
# Severity, and whom the patient chose to hear serious news first, to who hears in order. Family hears only by a tie with
# `danger` under a consent that lives; where there is none the patient hears first, whatever was chosen.
ROUTES: dict[tuple[str, str], tuple[str, ...]] = {
    ("routine", "patient"): ("patient",),
    ("routine", "family"): ("patient",),
    ("serious", "patient"): ("patient",),
    ("serious", "family"): ("family", "patient"),
    ("critical", "patient"): ("patient", "family"),
    ("critical", "family"): ("family", "patient"),
}


def route(severity: str, first: str, *, family_hears: bool) -> tuple[str, ...]:
    """Who hears, in order: patient, family or both."""
    chosen = ROUTES[severity, first]
    return chosen if family_hears else ("patient",)


def waits_for_morning(severity: str) -> bool:
    """Whether its nudge is held in the reader's quiet hours: only what is critical wakes anybody."""
    return severity != "critical"
