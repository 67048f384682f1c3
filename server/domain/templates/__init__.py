"""The camp templates that ship with the project, by name. Plain JSON values; copy one before changing it."""

from typing import Any

from server.domain.templates import gestational_42, prediabetes_21, standard_28, type1_28

TEMPLATES: dict[str, dict[str, Any]] = {
    template["name"]: template
    for template in (standard_28.TEMPLATE, gestational_42.TEMPLATE, prediabetes_21.TEMPLATE, type1_28.TEMPLATE)
}
