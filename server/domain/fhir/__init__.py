"""FHIR R4: readings and measurements as Observations, and Observations as readings and measurements.

Codes are LOINC's, units UCUM's. A finger-stick is 14743-9 (mmol/L) or 41653-7 (mg/dL), a sensor's value 105272-9 or
99504-3. HI and LO are told as more or less than what the meters show. http://hl7.org/fhir/R4/observation.html
"""

from server.domain.fhir.codes import LABORATORY, URN
from server.domain.fhir.reading import Read, entries_of, read
from server.domain.fhir.reasons import REASONS
from server.domain.fhir.subjects import others, patients, subject_of
from server.domain.fhir.writing import bundle

__all__ = ["LABORATORY", "REASONS", "URN", "Read", "bundle", "entries_of", "others", "patients", "read", "subject_of"]
