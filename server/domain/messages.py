"""To whom a message of health staff goes, in which order: by how serious it is, what the patient chose, and consent."""

SEVERITIES = ("routine", "serious", "critical")
FIRST = ("patient", "family")
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
