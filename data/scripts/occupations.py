"""Makes data/occupations/occ1990dd.csv and data/occupations/crosswalks.csv.

Sources (see data/occupations/README.md): code lists and crosswalks of occ1990dd (Autor and Dorn 2013), as the
files occ1990dd_titles.csv (columns occ1990dd, title) and crosswalks/occYEAR_occ1990dd.csv (columns occ, occ1990dd)
of one folder.

Use:
  python3 occupations.py FOLDER ../occupations
"""

import csv
import os
import sys

YEARS = (1960, 1970, 1980, 1990, 2000, 2005, 2010)

# Codes of the crosswalks that are no occupation.
NOT_OCCUPATIONS = {991, 999}

# Titles that differ from the source's: typing errors, and codes that occ1990dd uses otherwise than IPUMS's OCC1990
# does. The reasons are in data/occupations/README.md.
TITLES = {
    159: "Teachers, n.e.c.",
    204: "Dental hygienists",
    408: "Laundry and dry cleaning workers",
    450: "Supervisors of landscaping, lawn service, and groundskeeping",
    470: "Supervisors of personal service jobs, n.e.c.",
    534: "Heating, air conditioning, and refrigeration mechanics",
    729: "Nail and tacking machine operators (woodworking)",
    753: "Cementing and gluing machine operators",
    873: "Production helpers",
    874: "Helpers, production workers",
}

# First code of each range, Dorn's groups of level 2, with those of level 3 for services, and of level 1.
PROFESSIONAL = "Managers, professionals, technicians, finance and public safety"
CLERICAL = "Administrative support and retail sales"
SERVICE = "Low-skill services"
PRODUCTION = "Precision production and craft"
OPERATORS = "Machine operators, assemblers and inspectors"
MANUAL = "Transportation, construction, mechanics, mining and agriculture"
GUARDS = ("Guards", SERVICE)
GROUPS = [
    (3, "Executive, administrative and managerial occupations", PROFESSIONAL),
    (23, "Management related occupations", PROFESSIONAL),
    (43, "Professional specialty occupations", PROFESSIONAL),
    (203, "Technicians and related support occupations", PROFESSIONAL),
    (243, "Financial sales and related occupations", PROFESSIONAL),
    (274, "Retail sales occupations", CLERICAL),
    (303, "Administrative support occupations", CLERICAL),
    (405, "Housekeeping, cleaning and laundry", SERVICE),
    (415, *GUARDS),
    (417, "Fire fighting, police and correctional institutions", PROFESSIONAL),
    (425, *GUARDS),
    (433, "Food preparation and service occupations", SERVICE),
    (445, "Health service occupations", SERVICE),
    (448, "Building and grounds cleaning and maintenance occupations", SERVICE),
    (457, "Personal appearance occupations", SERVICE),
    (459, "Recreation and hospitality occupations", SERVICE),
    (468, "Child care workers", SERVICE),
    (469, "Miscellaneous personal care and service occupations", SERVICE),
    (473, "Farm operators and managers", MANUAL),
    (479, "Other agricultural and related occupations", MANUAL),
    (503, "Mechanics and repairers", MANUAL),
    (558, "Construction trades", MANUAL),
    (614, "Extractive occupations", MANUAL),
    (628, "Precision production occupations", PRODUCTION),
    (703, "Machine operators, assemblers and inspectors", OPERATORS),
    (803, "Transportation and material moving occupations", MANUAL),
    (905, "Military", "Military"),
]


def groups_of(code):
    return max((group for group in GROUPS if group[0] <= code), key=lambda group: group[0])[1:]


def rows_of(*path):
    with open(os.path.join(*path), newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def write(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main(source, out):
    titles = {int(row["occ1990dd"]): row["title"] for row in rows_of(source, "occ1990dd_titles.csv")}
    titles.update(TITLES)
    codes = sorted(set(titles) - NOT_OCCUPATIONS)
    assert len(codes) == 332 and len({titles[code] for code in codes}) == 332
    assert all("  " not in titles[code] and " ," not in titles[code] for code in codes)
    write(
        os.path.join(out, "occ1990dd.csv"),
        ("code", "title", "major_group", "broad_group"),
        [(code, titles[code], *groups_of(code)) for code in codes],
    )

    crosswalks = []
    for year in YEARS:
        rows = sorted(
            (int(row["occ"]), int(row["occ1990dd"]))
            for row in rows_of(source, "crosswalks", f"occ{year}_occ1990dd.csv")
        )
        assert len({code for code, _ in rows}) == len(rows), f"{year}: a code stands twice"
        assert {target for _, target in rows} <= set(codes) | NOT_OCCUPATIONS, f"{year}: a target is unknown"
        crosswalks += [(f"census-{year}", *row) for row in rows]
    write(os.path.join(out, "crosswalks.csv"), ("vintage", "code", "occ1990dd"), crosswalks)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
