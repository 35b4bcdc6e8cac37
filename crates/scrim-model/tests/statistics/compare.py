"""Random tables of judgements, and what other people's programs make of them.

`compare.py make` writes agreement.json; `compare.py check` works everything out anew and compares to 1e-12. Needs
scikit-learn, statsmodels and krippendorff (`./dev statistics` brings them).

A table is a list of units, each a string with one sign for each rater: a digit for a value, "." for none.
"""

import json
import math
import pathlib
import random
import sys
import warnings

import krippendorff
import numpy
import sklearn
import statsmodels
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import fleiss_kappa
from statsmodels.stats.proportion import proportion_confint

PLACE = pathlib.Path(__file__).with_name("agreement.json")
TABLES = 1000
LEVELS = ["nominal", "ordinal", "interval", "ratio"]


def table(rng):
    """Units that tend to one value each, by raters that err and leave out at rates of their own."""
    values, raters = rng.randint(1, 5), rng.randint(2, 5)
    errs, missing = rng.random(), rng.choice([0, 0, 0.1, 0.4])
    units = []
    for _ in range(rng.randint(1, 16)):
        true = rng.randrange(values)
        said = [rng.randrange(values) if rng.random() < errs else true for _ in range(raters)]
        units.append("".join("." if rng.random() < missing else str(value) for value in said))
    return values, units


def defined(figure):
    """A figure, or None where there is none."""
    with warnings.catch_warnings(), numpy.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            value = float(figure())
        except (ValueError, ZeroDivisionError):
            return None
    return value if math.isfinite(value) else None


def figures(values, units):
    pairs = [(int(unit[0]), int(unit[1])) for unit in units if "." not in unit[:2]]
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    kappa = lambda weights: defined(
        lambda: cohen_kappa_score(first, second, labels=list(range(values)), weights=weights)
    )
    whole = [unit for unit in units if "." not in unit]
    counts = [[unit.count(str(value)) for value in range(values)] for unit in whole]
    data = [[math.nan if unit[at] == "." else int(unit[at]) for unit in units] for at in range(len(units[0]))]
    alpha = lambda level: defined(lambda: krippendorff.alpha(reliability_data=data, level_of_measurement=level))
    return {
        "cohen": [kappa(weights) if pairs else None for weights in [None, "linear", "quadratic"]],
        "fleiss": defined(lambda: fleiss_kappa(numpy.array(counts))) if whole else None,
        "alpha": [alpha(level) for level in LEVELS],
    }


def everything():
    rng = random.Random(20)
    tables = []
    for _ in range(TABLES):
        values, units = table(rng)
        tables.append({"values": values, "units": units, **figures(values, units)})
    shares = [(rng.randint(0, whole), whole) for whole in (rng.randint(1, 400) for _ in range(200))]
    wilson = [[part, whole, *map(float, proportion_confint(part, whole, method="wilson"))] for part, whole in shares]
    samples = [sorted(rng.randint(0, 9999) for _ in range(rng.randint(1, 40))) for _ in range(200)]
    percentile = [[sample, p, float(numpy.percentile(sample, p))] for sample in samples for p in [rng.randint(0, 100)]]
    return {
        "made_with": {"scikit-learn": sklearn.__version__, "statsmodels": statsmodels.__version__,
                      "krippendorff": "0.9.0", "numpy": numpy.__version__},
        "tables": tables, "wilson": wilson, "percentile": percentile,
    }


def lines(found):
    """JSON with a line for each row, so that a change is seen for what it is."""
    rows = lambda name: ",\n".join(json.dumps(row, separators=(",", ":")) for row in found[name])
    parts = [f'"{name}": [\n{rows(name)}\n]' for name in ["tables", "wilson", "percentile"]]
    return "{\n" + ",\n".join([f'"made_with": {json.dumps(found["made_with"])}', *parts]) + "\n}\n"


def differs(one, other):
    if isinstance(one, list):
        return len(one) != len(other) or any(map(differs, one, other))
    if isinstance(one, dict):
        return one.keys() != other.keys() or any(differs(one[key], other[key]) for key in one)
    if isinstance(one, float) and isinstance(other, (int, float)):
        return abs(one - other) > 1e-12
    return one != other


def main():
    found = everything()
    if sys.argv[1:] == ["make"]:
        PLACE.write_text(lines(found))
    kept = json.loads(PLACE.read_text())
    wrong = [name for name in ["tables", "wilson", "percentile"] if differs(found[name], kept[name])]
    print(f"{len(kept['tables'])} tables, {len(kept['wilson'])} shares, {len(kept['percentile'])} percentiles:", end=" ")
    print("as the libraries say" if not wrong else f"not the same: {wrong}")
    sys.exit(bool(wrong))


main()
