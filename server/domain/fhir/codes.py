"""Codes and units: LOINC's and UCUM's, and how others write them."""

from server.domain.glucose import HI, LO, MG_DL, MMOL_L

LOINC, UCUM, URN = "http://loinc.org", "http://unitsofmeasure.org", "urn:ietf:rfc:3986"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
CODES = {("meter", MMOL_L): ("14743-9", "Glucose [Moles/volume] in Capillary blood by Glucometer"),
         ("meter", MG_DL): ("41653-7", "Glucose [Mass/volume] in Capillary blood by Glucometer"),
         ("cgm", MMOL_L): ("105272-9", "Glucose [Moles/volume] in Interstitial fluid"),
         ("cgm", MG_DL): ("99504-3", "Glucose [Mass/volume] in Interstitial fluid")}
# Codes that other systems give a glucose value, finger, blood or sensor.
GLUCOSE = {"14743-9": "meter", "41653-7": "meter", "15074-8": "import", "2339-0": "import", "2345-7": "import",
           "14749-6": "import", "105272-9": "cgm", "99504-3": "cgm"}
EDGES = {HI: {MMOL_L: (">", 33.3), MG_DL: (">", 600)}, LO: {MMOL_L: ("<", 1.1), MG_DL: ("<", 20)}}
# (kind, name) of a measurement: its code, what it is called, its unit.
MEASURED = {
    ("hba1c", "percent"): ("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%"),
    ("weight", "weight_kg"): ("29463-7", "Body weight", "kg"),
    ("waist", "waist_cm"): ("8280-0", "Waist Circumference at umbilicus", "cm"),
    ("sleep", "hours"): ("93832-4", "Sleep duration", "h"),
    ("blood_pressure", "systolic_mm_hg"): ("8480-6", "Systolic blood pressure", "mm[Hg]"),
    ("blood_pressure", "diastolic_mm_hg"): ("8462-4", "Diastolic blood pressure", "mm[Hg]"),
    ("blood_pressure", "pulse_per_minute"): ("8867-4", "Heart rate", "/min"),
    ("lipids", "total_cholesterol_mmol_l"): ("14647-2", "Cholesterol [Moles/volume] in Serum or Plasma", "mmol/L"),
    ("lipids", "ldl_mmol_l"): ("22748-8", "Cholesterol in LDL [Moles/volume] in Serum or Plasma", "mmol/L"),
    ("lipids", "hdl_mmol_l"): ("14646-4", "Cholesterol in HDL [Moles/volume] in Serum or Plasma", "mmol/L"),
    ("lipids", "triglycerides_mmol_l"): ("14927-8", "Triglyceride [Moles/volume] in Serum or Plasma", "mmol/L"),
    ("kidney", "egfr_ml_min"): ("98979-8", "Glomerular filtration rate (CKD-EPI 2021)", "mL/min/{1.73_m2}"),
    ("kidney", "albumin_creatinine_mg_g"): ("9318-7", "Albumin/Creatinine [Mass Ratio] in Urine", "mg/g"),
    ("kidney", "creatinine_umol_l"): ("14682-9", "Creatinine [Moles/volume] in Serum or Plasma", "umol/L")}
PANELS = {"blood_pressure": ("85354-9", "Blood pressure panel with all children optional"), "lipids": ("24331-1", "Lipid panel"),
          "kidney": ("24362-6", "Renal function 2000 panel - Serum or Plasma"),
          "eye": ("29271-4", "Eye exam"), "foot": ("11397-7", "Physical findings of Foot")}
VITAL = ("weight", "waist", "blood_pressure")
LABORATORY = ("hba1c", "lipids", "kidney")
NAME_OF = {code: place for place, (code, _, _) in MEASURED.items()} | {
    "59261-8": ("hba1c", "percent")}  # by IFCC, in mmol/mol
# How a unit may be written, and what makes our unit of it: times so much, and so much more. Pounds and inches are exact by
# definition; NGSP percent of IFCC mmol/mol is the master equation of ngsp.org.
UNITS: dict[str, dict[str, tuple[str, str]]] = {
    "%": {"%": ("1", "0"), "mmol/mol": ("0.09148", "2.152")},
    "kg": {"kg": ("1", "0"), "公斤": ("1", "0"), "千克": ("1", "0"), "g": ("0.001", "0"), "斤": ("0.5", "0"),
           "[lb_av]": ("0.45359237", "0"), "lb": ("0.45359237", "0"), "lbs": ("0.45359237", "0")},
    "cm": {"cm": ("1", "0"), "厘米": ("1", "0"), "m": ("100", "0"), "mm": ("0.1", "0"), "[in_i]": ("2.54", "0"),
           "in": ("2.54", "0"), "inch": ("2.54", "0"), "inches": ("2.54", "0")},
    "h": {"h": ("1", "0"), "hr": ("1", "0"), "hour": ("1", "0"), "hours": ("1", "0"), "小时": ("1", "0"),
          "min": ("0.0166666666666667", "0")},
    "mm[Hg]": {"mm[hg]": ("1", "0"), "mmhg": ("1", "0"), "kpa": ("7.50062", "0")},
    "/min": {"/min": ("1", "0"), "{beats}/min": ("1", "0"), "beats/min": ("1", "0"), "beats/minute": ("1", "0"),
             "bpm": ("1", "0"), "次/分": ("1", "0")},
    "mmol/L": {"mmol/l": ("1", "0")},
    "mL/min/{1.73_m2}": {"ml/min/{1.73_m2}": ("1", "0"), "ml/min/1.73m2": ("1", "0"), "ml/min/1.73_m2": ("1", "0")},
    "mg/g": {"mg/g": ("1", "0"), "mg/g{creat}": ("1", "0")},
    "umol/L": {"umol/l": ("1", "0"), "μmol/l": ("1", "0")}}
# What is counted in whole numbers.
WHOLE = ("mm[Hg]", "/min")
