"""The lessons that camps teach, found by id."""

from typing import Any

from server.domain.templates import TEMPLATES

LESSONS: dict[str, dict[str, Any]] = {
    lesson["id"]: {**lesson, "template": template["name"]}
    for template in TEMPLATES.values() for lesson in template["lessons"]
}
