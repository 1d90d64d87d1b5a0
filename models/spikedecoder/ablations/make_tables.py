#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Puts the tables of ablations into a Markdown file, between its marks <!-- table: NAME --> and
<!-- table: end -->.

NAME.csv is what `synfire ablate NAME.yaml --csv NAME.csv` has written; it lies beside this program,
as does paper.csv with the published accuracy of rows. Rows that differ in nothing but their seed
become one row: mean, and half the range behind +-.
"""
import argparse
import csv
import os
import re
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))
MARKED = re.compile(r"(<!-- table: (?!end)(\w+) -->\n).*?(<!-- table: end -->)", re.S)
COLUMNS = [  # heading, column, factor to its unit, decimals
    ("held-out bits", "held_out_bits", 1, 3),
    ("accuracy, %", "held_out_accuracy", 100, 1),
    ("training, %", "training_accuracy", 100, 1),
    ("integer bits", "integer_bits", 1, 3),
    ("arithmetic, nJ", "arithmetic_energy_j", 1e9, 0),
    ("chip, uJ", "chip_energy_j", 1e6, 2),
    ("chip, us", "chip_time_s", 1e6, 0),
]


def without_seed(name):
    return re.sub(r" seed=\d+", "", name)


def spread(values, factor, decimals):
    """Mean of the values that are there, and half of their range."""
    numbers = [factor * float(value) for value in values if value]
    if not numbers:
        return ""
    text = f"{sum(numbers) / len(numbers):.{decimals}f}"
    if len(numbers) > 1:
        text += f" +- {(max(numbers) - min(numbers)) / 2:.{decimals}f}"
    return text


def mean_firing(row):
    """Mean over populations, percent; the rates stand in the CSV one by one, the share of attention
    scores that are not zero beside them."""
    pairs = [pair.split("=") for pair in row["firing_percent"].split()]
    rates = [float(rate) for population, rate in pairs if not population.endswith(".scores")]
    return str(sum(rates) / len(rates)) if rates else ""


def read(name):
    path = os.path.join(FOLDER, name + ".csv")
    if not os.path.exists(path):
        sys.exit(f"make_tables.py: {path}: is missing; `synfire ablate ... --csv` writes it")
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def table(grid):
    published = {row["row"]: row["figure"] for row in read("paper") if row["grid"] == grid}
    groups = {}
    for row in read(grid):
        groups.setdefault(without_seed(row["name"]), []).append(row)
    unknown = set(published) - set(groups)
    if unknown:
        sys.exit(f"make_tables.py: paper.csv: no row of {grid}.csv is called {min(unknown)!r}")
    titles = ["row", "parameters", "paper, %"] + [heading for heading, *_ in COLUMNS]
    titles += ["firing, %", ""]
    lines = ["| " + " | ".join(titles) + " |", "|---" * len(titles) + "|"]
    for name, group in groups.items():
        cells = [name, f"{int(group[0]['parameters']):,}", published.get(name, "")]
        cells += [spread([row[column] for row in group], factor, decimals)
                  for _, column, factor, decimals in COLUMNS]
        cells.append(spread([mean_firing(row) for row in group], 1, 1))
        cells.append(group[0]["note"])
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", help="Markdown file (default: ../RESULTS.md)",
                        default=os.path.join(os.path.dirname(FOLDER), "RESULTS.md"))
    path = parser.parse_args().file
    with open(path, encoding="utf-8") as file:
        text = file.read()

    def fill(mark):
        return mark.group(1) + table(mark.group(2)) + mark.group(3)

    filled, count = MARKED.subn(fill, text)
    if count == 0:
        sys.exit(f"make_tables.py: {path}: has no mark <!-- table: NAME -->")
    with open(path, "w", encoding="utf-8") as file:
        file.write(filled)


if __name__ == "__main__":
    main()
