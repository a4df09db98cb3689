"""Makes data/occupations/occ1990dd.csv, crosswalks.csv and additions.csv.

Sources (see data/occupations/README.md), all in one folder:
  occ1990dd_titles.csv               occ1990dd, title: mostly the labels of IPUMS's OCC1990
  crosswalks/occYEAR_occ1990dd.csv   occ, occ1990dd: the crosswalks of Autor and Dorn (2013)
  ipums_occ1990_xwalk.csv            IPUMS's crosswalk from the Census codes of each year to OCC1990
  census2000_titles.csv, census2010_titles.csv   code, title

Use:
  python3 occupations.py FOLDER ../occupations
"""

import csv
import os
import re
import sys

YEARS = (1960, 1970, 1980, 1990, 2000, 2005, 2010)
IPUMS_COLUMNS = {1960: "c1960", 1970: "c1970", 1980: "c1980", 1990: "c1990", 2000: "c2000_1", 2005: "c2000_1"}

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


# Codes that OCC1990 and occ1990dd both have, with another meaning.
OTHER_MEANING = {408, 874}

# Codes that the crosswalks lack and that we place by hand: vintage's year, code, occupation, reason.
BY_HAND = [
    (1970, 600, 905, "current members of the armed forces: a code that the PSID added to the 1970 list"),
    *((year, 150, 47, "the title of 47 names mining and geological engineers") for year in (2000, 2005)),
    *((year, 752, 549, "the Census merges them with other repairers (762) in public files") for year in (2000, 2005)),
    *((year, 984, 905, "a code of the military range 980 to 984") for year in (2000, 2005)),
    (2010, 325, 19, "split from code 0320 of 2002, Funeral directors"),
    (2010, 1500, 47, "the title of 47 names mining and geological engineers"),
    (2010, 1660, 83, "the Census merges them with medical scientists (1650) in public files"),
    (2010, 1815, 166, "the title of 166 names them; code 181 of 2000, Market and survey researchers, is there"),
    (2010, 1950, 235, "the Census merges them with other science technicians (1965) in public files"),
    (2010, 3235, 105, "split from code 3240 of 2002, Therapists, all other"),
    (2010, 3257, 95, "split from code 3130 of 2002, Registered nurses"),
    (2010, 6540, 599, "the Census merges them with other construction workers (6765) in public files"),
    (2010, 7440, 549, "the Census merges them with other repairers (7630) in public files"),
    (2010, 7520, 549, "the Census merges them with other repairers (7630) in public files"),
    *((2010, code, 905, "a code of the military range 9800 to 9840") for code in (9800, 9810, 9820, 9830, 9840)),
    (2010, 9990, 999, "one of the special codes 9950 to 9990: the answer could not be coded"),
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


def read_ipums(source):
    """For each year, the code of OCC1990 that IPUMS gives a Census code, with its label."""
    found = {year: {} for year in IPUMS_COLUMNS}
    label = ""
    for row in rows_of(source, "ipums_occ1990_xwalk.csv"):
        label = row["title"] or label  # only the first row of a code has the label
        for year, column in IPUMS_COLUMNS.items():
            if row[column].strip().isdigit():
                found[year].setdefault(int(row[column]), (int(row["occ1990"]), label))
    return found


def same_title(a, b):
    return re.sub("[^a-z]", "", a.lower()) == re.sub("[^a-z]", "", b.lower())


def additions_of(codes, crosswalks, ipums, names):
    """Codes that the crosswalks lack: {(year, code): (occupation, reason)}. What comes first counts."""
    by_hand = {(year, code): (target, reason) for year, code, target, reason in BY_HAND}
    assert len(by_hand) == len(BY_HAND)
    found = {}
    for year, crosswalk in crosswalks.items():
        known = set(ipums.get(year, ())) | set(names.get(year, ())) | {code for y, code in by_hand if y == year}
        if year in (2000, 2005):
            known |= set(crosswalks[2000]) | set(crosswalks[2005])
        for code in sorted(known - set(crosswalk)):
            found[year, code] = by_hand.get((year, code)) or added(year, code, codes, crosswalks, ipums, names)
    return {key: value for key, value in found.items() if value is not None}


def added(year, code, codes, crosswalks, ipums, names):
    twin = {2000: 2005, 2005: 2000}.get(year)
    if twin is not None and code in crosswalks[twin]:
        target = crosswalks[twin][code]
        return (target, f"as in the crosswalk of {twin}, the same list") if target in codes else None
    if year == 2010:
        if code % 10 or not same_title(names[2010][code], names[2000].get(code // 10, "")):
            # The only title that the lists of 2000 and 2010 word otherwise.
            assert (code, names[2000].get(code // 10)) == (9730, "Shuttle Car Operators"), f"2010: place {code} by hand"
        for other in (2000, 2005):
            if code // 10 in crosswalks[other]:
                return crosswalks[other][code // 10], f"as code {code // 10:03} in the crosswalk of {other}"
        target, label = from_occ1990(ipums[2000][code // 10], codes, crosswalks)
        return target, f"as code {code // 10:03} of 2000, which IPUMS counts in {label}"
    target, label = from_occ1990(ipums[year][code], codes, crosswalks)
    return (target, f"IPUMS counts it in {label}") if target in codes else None


def from_occ1990(place, codes, crosswalks):
    """OCC1990 has mostly the codes of 1990, which the crosswalk of 1990 takes to occ1990dd where it lacks them."""
    code, label = place
    if code in NOT_OCCUPATIONS:
        return code, label
    assert code not in OTHER_MEANING
    target = code if code in codes else crosswalks[1990][code]
    return target, f"OCC1990 {code} ({label})"


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

    crosswalks = {}
    for year in YEARS:
        rows = rows_of(source, "crosswalks", f"occ{year}_occ1990dd.csv")
        crosswalks[year] = {int(row["occ"]): int(row["occ1990dd"]) for row in rows}
        assert len(crosswalks[year]) == len(rows), f"{year}: a code stands twice"
        assert set(crosswalks[year].values()) <= set(codes) | NOT_OCCUPATIONS, f"{year}: a target is unknown"
    write(
        os.path.join(out, "crosswalks.csv"),
        ("vintage", "code", "occ1990dd"),
        [(f"census-{year}", code, crosswalks[year][code]) for year in YEARS for code in sorted(crosswalks[year])],
    )

    names = {
        year: {int(row["code"]): row["title"] for row in rows_of(source, f"census{year}_titles.csv")}
        for year in (2000, 2010)
    }
    names[2005] = names[2000]
    additions = additions_of(set(codes), crosswalks, read_ipums(source), names)
    write(
        os.path.join(out, "additions.csv"),
        ("vintage", "code", "occ1990dd", "census_title", "reason"),
        [
            (f"census-{year}", code, target, names.get(year, {}).get(code, ""), reason)
            for (year, code), (target, reason) in sorted(additions.items())
        ],
    )


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
