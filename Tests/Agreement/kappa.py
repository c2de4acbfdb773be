#!/usr/bin/env python3
"""Prints the expected values of Tests/AuditingTests/CohenKappaTests.swift: kappa from scikit-learn, and the 95% interval
from the asymptotic standard error of statsmodels.

    pip install scikit-learn statsmodels
    python3 Tests/Agreement/kappa.py

The labels of the photo with the index i are formulas of i, so that the test makes the same labels.
"""
import math
import warnings

import numpy
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa

CASES = {
    "two": (20, 2, 3), "three": (97, 3, 4), "six": (500, 6, 10), "opposite": (31, 2, 1), "one": (40, 1, 7), "equal": (12, 4, 0),
    "fixed": (30, 3, -1), "none": (0, 2, 1),
}


def labels(count, classes, period):
    """The second annotator differs in each photo whose index is a multiple of the period; never for 0. With -1, the second
    annotator gives all photos the class 0."""
    first = [(i * i + i // 3) % classes for i in range(count)]
    second = [0 if period < 0 else (c + 1) % classes if period and i % period == 0 else c for i, c in enumerate(first)]
    return first, second


warnings.simplefilter("ignore")
for name, (count, classes, period) in CASES.items():
    first, second = labels(count, classes, period)
    if count == 0:
        print(name, "no photos")
        continue
    kappa = cohen_kappa_score(first, second)
    table = numpy.zeros((classes, classes))
    for a, b in zip(first, second):
        table[a, b] += 1
    agreed = int(numpy.trace(table))
    expected = float(table.sum(0) @ table.sum(1)) / count**2
    if classes == 1 or math.isnan(kappa):
        print(name, count, agreed, expected, "kappa", kappa)
        continue
    result = cohens_kappa(table)
    assert abs(result.kappa - kappa) < 1e-12
    print(name, count, agreed, repr(expected), "kappa", repr(float(kappa)), "interval", float(result.kappa_low), float(result.kappa_upp), "std", float(result.std_kappa))
