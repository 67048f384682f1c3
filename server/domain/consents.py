"""Agreement by purpose and version."""

import datetime as dt

from server.domain.refusals import Refusal

PURPOSES = ("care", "family", "board", "sponsor_share", "marketing", "research", "public_story")
OWN_CONSENT_AGE_YEARS = 14


def age_years(birth_on: dt.date, today: dt.date) -> int:
    """Whole years of age; somebody born on 29 February has a birthday on 1 March in other years."""
    return today.year - birth_on.year - ((today.month, today.day) < (birth_on.month, birth_on.day))


def check_giver(given_by: str, guardian_name: str | None, birth_on: dt.date | None, today: dt.date) -> None:
    """Under 14 a guardian consents (PIPL article 31). Raises guardian_needed or guardian_name_needed."""
    if given_by == "guardian":
        if not guardian_name:
            raise Refusal("guardian_name_needed")
    elif birth_on is not None and age_years(birth_on, today) < OWN_CONSENT_AGE_YEARS:
        raise Refusal("guardian_needed")
