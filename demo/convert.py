"""把 AIM-94 公开数据转成演示用的小样本。 Makes aim94.json and expected.json beside this file.

    python demo/convert.py EVENTS.csv

The public data set is "Diabetes" of the AIM-94 workshop, UCI Machine Learning Repository
(https://archive.ics.uci.edu/dataset/34/diabetes), one file for each patient. EVENTS.csv is those files put into
one table, a row for each event, with the columns patient (two digits), time (YYYY-MM-DD HH:MM, local),
code (the AIM-94 code) and value; other columns are ignored.

Kept: patients 01 to 40, the first 28 days of each (day 1 is the date of the first glucose event), glucose, meals
and exercise. CREDITS.md says what was left out and why.
"""

import csv
import json
import sys
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
CAMP_DAYS = 28
PATIENTS = [f"{number:02d}" for number in range(1, 41)]
# A meter shows nothing below 10 or above 1000 mg/dL, and the camp files nothing outside either. In this sample that
# is one event, a 0 of patient 09: no living person has it, and the same day holds other readings.
LOWEST_MG_DL, HIGHEST_MG_DL = 10, 1000

# AIM-94 code -> the slot a glucose reading is filed under. The camp knows no "before snack" and no "unspecified".
GLUCOSE_SLOTS = {
    "48": "random",  # unspecified
    "57": "random",  # unspecified
    "58": "fasting",  # before breakfast
    "59": "after_breakfast",
    "60": "before_lunch",
    "61": "after_lunch",
    "62": "before_dinner",
    "63": "after_dinner",
    "64": "random",  # before a snack
}
# AIM-94 wrote down how much was eaten or moved compared with usual, never what.
AMOUNTS = {
    "66": ("meal", "typical"),
    "67": ("meal", "more"),
    "68": ("meal", "less"),
    "69": ("exercise", "typical"),
    "70": ("exercise", "more"),
    "71": ("exercise", "less"),
}

CREDIT = {
    "data_set": "AIM-94 Diabetes data set, UCI Machine Learning Repository",
    "source": "https://archive.ics.uci.edu/dataset/34/diabetes",
    "provided_by": "Michael Kahn, MD, PhD, Washington University, St. Louis",
    "terms": "research use with credit; published by UCI as CC BY 4.0",
    "changes": "a converted sample: patients 01-40, first 28 days, glucose, meals and exercise; see CREDITS.md",
}


def read_events(source):
    """Rows of the table by patient: {patient: [(date, "HH:MM", code, value as written)]}, each in order of time."""
    events = {patient: [] for patient in PATIENTS}
    with open(source, encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if row["patient"] in events:
                day, _, time = row["time"].partition(" ")
                events[row["patient"]].append((date.fromisoformat(day), time, row["code"], row["value"]))
    missing = [patient for patient, rows in events.items() if not any(code in GLUCOSE_SLOTS for _, _, code, _ in rows)]
    if missing:
        raise SystemExit(f"No glucose events of patient {', '.join(missing)} in {source}.")
    return {patient: sorted(rows, key=lambda row: row[:2]) for patient, rows in events.items()}


def glucose_dates(rows):
    """The dates with a glucose event, whatever its value."""
    return {day for day, _, code, _ in rows if code in GLUCOSE_SLOTS}


def convert_event(time, code, value):
    """One row of aim94.json, [time, kind, slot or amount, mg/dL or nothing]; None for what is left out."""
    if code in GLUCOSE_SLOTS:
        value_mg_dl = int(value)
        if LOWEST_MG_DL <= value_mg_dl <= HIGHEST_MG_DL:
            return [time, "glucose", GLUCOSE_SLOTS[code], value_mg_dl]
    elif code in AMOUNTS:
        return [time, *AMOUNTS[code]]
    return None


def convert_patient(rows):
    """Days of one patient that hold something: {"1": [[time, kind, …], …], …}."""
    first = min(glucose_dates(rows))
    days = {}
    for day, time, code, value in rows:
        number = (day - first).days + 1
        event = convert_event(time, code, value)
        if event and 1 <= number <= CAMP_DAYS:
            days.setdefault(str(number), []).append(event)
    return days


def expect_patient(rows):
    """What plain date arithmetic says: days with glucose in the first 28, and the run of them that ends on day 28."""
    dates = glucose_dates(rows)
    numbers = {(day - min(dates)).days + 1 for day in dates}
    run = 0
    while CAMP_DAYS - run in numbers:
        run += 1
    return {"days_in_first_28": len(numbers & set(range(1, CAMP_DAYS + 1))), "current_streak_on_day_28": run}


def write_sample(events):
    """Writes aim94.json, one line for each day of a patient, so that a difference can be read."""
    blocks = []
    for patient, rows in events.items():
        days = [f'"{number}": {json.dumps(day)}' for number, day in convert_patient(rows).items()]
        blocks.append(f'"{patient}": {{\n' + ",\n".join(days) + "\n}")
    columns = ["time", "kind", "slot (glucose) or amount (meal, exercise)", "value_mg_dl (glucose)"]
    (HERE / "aim94.json").write_text(
        f'{{\n"credit": {json.dumps(CREDIT)},\n"columns": {json.dumps(columns)},\n"patients": {{\n'
        + ",\n".join(blocks) + "\n}\n}\n", encoding="utf-8",
    )


def write_expected(events):
    """Writes expected.json, one line for each patient."""
    lines = [f'"{patient}": {json.dumps(expect_patient(rows))}' for patient, rows in events.items()]
    credit = CREDIT | {"changes": "figures counted from the dates of the glucose events, by plain date arithmetic"}
    (HERE / "expected.json").write_text(
        f'{{\n"credit": {json.dumps(credit)},\n"patients": {{\n' + ",\n".join(lines) + "\n}\n}\n", encoding="utf-8"
    )


def main():
    """Converts the table named on the command line; says how to call it otherwise."""
    if len(sys.argv) != 2 or sys.argv[1] in ("-h", "--help"):
        raise SystemExit(__doc__)
    events = read_events(sys.argv[1])
    write_sample(events)
    write_expected(events)


if __name__ == "__main__":
    main()
