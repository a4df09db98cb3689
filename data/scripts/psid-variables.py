"""Makes data/variables/psid.csv and data/tagsets/psid.txt.

Sources (see data/variables/psid.md):
  1. the cross-year index of the PSID's variables, as a table with the columns concept, year, variable, file,
     psid_index_label;
  2. the labels of one cart of individual variables of the PSID Data Center, as a table with the columns variable,
     start, end, label: they hold the interview number, age and weight of each wave, which the index lacks.

Use:
  python3 psid-variables.py psid_key_vars_by_wave.csv J342279_columns.csv ..
"""

import csv
import os
import re
import sys

# Wrongly indexed: age at first marriage under age; month and day of birth under age.
IGNORED = {"head_age2", "ind_age"}

NAMES = {
    "fam_interview_id": "family_interview",
    "ind_sequence": "sequence",
    "ind_relation_to_head": "relation",
    "ind_empstat": "own_status",
    "ind_grades_completed": "schooling",
    "ind_birth_year": "birth_year",
    "head_age": "reference_age",
    "head_sex": "reference_sex",
    "head_empstat_1968_96": "reference_status",
    "head_empstat_m1": "reference_status_first_mention",
    "spouse_empstat": "spouse_status",
    "head_race_m1": "reference_race",
    "head_hispanic_m1": "reference_hispanic",
    "spouse_race_m1": "spouse_race",
    "spouse_hispanic_m1": "spouse_hispanic",
    "occ1_head_main": "reference_occupation_1_digit",
    "occ2_head_main": "reference_occupation_2_digits",
    "occ2_spouse_main": "spouse_occupation_2_digits",
    "occ3_1970_retro_head_main": "reference_occupation_1970_retrospective",
    "occ3_1970_retro_spouse_main": "spouse_occupation_1970_retrospective",
    "occ3_1970_head_main": "reference_occupation_1970",
    "occ3_1970_spouse_main": "spouse_occupation_1970",
    "occ3_2000_head_present_or_last": "reference_occupation_2000",
    "occ3_2000_spouse_present_or_last": "spouse_occupation_2000",
    "occ4_2010_head_present_or_last": "reference_occupation_2010",
    "occ4_2010_spouse_present_or_last": "spouse_occupation_2010",
    "region_current": "region",
    "state_fips": "state_fips",
    "state_psid": "state_psid",
}
# Of no use to the reader: too coarse for occ1990dd.
NOT_IN_CART = {"reference_occupation_1_digit", "reference_occupation_2_digits", "spouse_occupation_2_digits"}


def from_index(path):
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["concept"] in IGNORED:
                continue
            concept = NAMES[row["concept"]]
            # From 1994 the question allows several answers; 1994 to 1996 have the summary beside the first mention.
            if concept == "spouse_status" and "1st mention" in row["psid_index_label"]:
                concept = "spouse_status_first_mention"
            file_kind = {"INDIVIDUAL": "individual", "FAMILY PUBLIC": "family"}[row["file"]]
            yield concept, int(row["year"]), row["variable"], file_kind


def from_labels(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = [(row["variable"], " ".join(row["label"].split())) for row in csv.DictReader(file)]
    yield "interview_1968", "", "ER30001", "individual"
    yield "person_number", "", "ER30002", "individual"
    yield "sex", "", "ER32000", "individual"
    yield "interview", 1968, "ER30001", "individual"
    for variable, label in rows:
        interview = re.fullmatch(r"(\d{4}) INTERVIEW NUMBER", label)
        if interview and variable != "ER30001":
            yield "interview", int(interview[1]), variable, "individual"
        other = re.fullmatch(r"(AGE OF INDIVIDUAL|.*\bIND\w* (?:LONGITUDINAL )?W(?:EIGH)?T) (\d\d)", label)
        if other:
            year = int(other[2]) + (1900 if int(other[2]) >= 68 else 2000)
            yield ("age" if label.startswith("AGE") else "weight"), year, variable, "individual"


def main(index, labels, data):
    rows = [*from_labels(labels), *from_index(index)]
    seen = set()
    for concept, year, variable, _ in rows:
        if (concept, year) in seen:
            sys.exit(f"{concept} has two variables in {year}, one of them {variable}")
        seen.add((concept, year))
    order = list(dict.fromkeys(concept for concept, *_ in rows))
    rows.sort(key=lambda row: (order.index(row[0]), row[1] or 0))
    with open(os.path.join(data, "variables", "psid.csv"), "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["concept", "year", "variable", "file"])
        writer.writerows(rows)
    cart = sorted((row for row in rows if row[0] not in NOT_IN_CART), key=lambda row: row[1] or 0)
    with open(os.path.join(data, "tagsets", "psid.txt"), "w", encoding="utf-8") as file:
        file.writelines(f"{variable}\n" for variable in dict.fromkeys(row[2] for row in cart))


if __name__ == "__main__":
    main(*sys.argv[1:4])
