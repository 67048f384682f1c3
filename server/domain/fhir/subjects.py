"""Whose an Observation is: a Bundle may hold the readings of more than one person."""

from collections.abc import Iterable
from typing import Any

# A subject that is nobody: a group, a device, a place.
NOBODY = ""


def patients(entries: Iterable[object]) -> dict[str, str]:
    """{every name a Patient of the Bundle goes by: the one name for them}."""
    names: dict[str, str] = {}
    for entry in entries:
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict) or resource.get("resourceType") != "Patient":
            continue
        own = [_last(each) for each in (entry.get("fullUrl"), resource.get("id")) if isinstance(each, str) and each]
        names |= dict.fromkeys(own, own[0]) if own else {}
    return names


def subject_of(entry: object, known: dict[str, str]) -> str | None:
    """One name for the person that an entry's Observation is about, None where it does not say; NOBODY for no person."""
    resource = entry.get("resource") if isinstance(entry, dict) else None
    subject = resource.get("subject") if isinstance(resource, dict) else None
    if not isinstance(subject, dict):
        return None
    reference = subject.get("reference")
    if isinstance(reference, str) and reference:
        if reference.startswith("#"):
            return _contained(resource, reference[1:])
        kind = reference.split("/_history/")[0].rpartition("/")[0].rpartition("/")[2]
        name = _last(reference)
        return known.get(name, name) if kind in ("", "Patient") else NOBODY
    said = subject.get("identifier") or subject.get("display")
    return repr(said) if said else None


def others(subjects: Iterable[str | None], everyone: Iterable[str], owner: str, strangers: set[str]) -> list[bool]:
    """Of each subject, whether it is somebody else than the owner, or may be: of several people in one Bundle only the
    owner's own name tells which of them it is. `strangers` are known to be others."""
    subjects = list(subjects)
    people = {*everyone, *subjects} - {None, NOBODY}
    unclear = len(people) > 1 or bool(people & strangers)
    return [subject == NOBODY or (subject != owner and unclear) for subject in subjects]


def _last(reference: str) -> str:
    return reference.split("/_history/")[0].rpartition("/")[2].removeprefix("urn:uuid:").lower()


def _contained(resource: dict[str, Any], own_id: str) -> str:
    """What is held inside has a name only there: it is the same person where it says the same."""
    held = resource.get("contained")
    return next((repr(one) for one in (held if isinstance(held, list) else []) if isinstance(one, dict)
                 and one.get("id") == own_id), f"#{own_id}")
