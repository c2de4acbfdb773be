#!/usr/bin/env python3
"""Writes statistics.json: tests and regressions computed with SciPy and scikit-learn, for StatisticsTests.swift.

    python3 statistics.py >statistics.json

Made with SciPy 1.17 and scikit-learn 1.9; the values do not depend on the version.
"""
import itertools
import json

import numpy
import scipy.stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score


def fisher():
    tables = [[3, 1, 1, 3], [8, 2, 1, 5], [24, 0, 0, 40], [0, 12, 7, 9], [10, 10, 10, 10], [150, 6, 90, 67], [1, 0, 0, 1]]
    return [{"table": table, "p": scipy.stats.fisher_exact([table[:2], table[2:]]).pvalue} for table in tables]


def holm():
    """Holm's procedure as his paper states it, with the closed family of tests: the corrected value of a hypothesis is the
    largest Bonferroni value of all sets that contain it. This is another definition of the same numbers."""
    values = [0.01, 0.04, 0.03, 0.005, 0.5, 0.01]
    everything = range(len(values))
    sets = [s for size in range(1, len(values) + 1) for s in itertools.combinations(everything, size)]
    bonferroni = {s: min(1, len(s) * min(values[i] for i in s)) for s in sets}
    return {"values": values, "corrected": [max(bonferroni[s] for s in sets if i in s) for i in everything]}


def tables():
    """One stratum of two groups and some categories: Pearson's statistic and Bergsma's V."""
    result = []
    for first, second in [([12, 3], [4, 11]), ([5, 5], [4, 6]), ([20, 0], [0, 30]), ([9, 1], [30, 2])]:
        observed = numpy.array([first, second])
        chi = scipy.stats.chi2_contingency(observed, correction=False).statistic
        total = observed.sum()
        phi = max(0, chi / total - 1 / (total - 1))
        result.append({"first": first, "second": second, "statistic": chi, "v": (phi / (1 - 1 / (total - 1))) ** 0.5})
    for first, second in [([7, 2, 5], [1, 9, 4]), ([3, 3, 2, 9], [6, 6, 5, 0])]:
        chi = scipy.stats.chi2_contingency(numpy.array([first, second]), correction=False).statistic
        result.append({"first": first, "second": second, "statistic": chi})
    return result


STRATA = [
    ([3, 7, 7, 9, 2], [1, 2, 4, 7]),
    ([10, 12], [11, 9, 8, 10, 15]),
    ([0.5, 0.25, 0.75], [0.5, 0.5]),
]


def ranks():
    """The area within strata, and the exact p-value over all permutations within strata."""
    areas = []
    for first, second in STRATA:
        labels = [1] * len(first) + [0] * len(second)
        areas.append((roc_auc_score(labels, first + second), len(first) * len(second)))
    pairs = sum(count for _, count in areas)
    auc = sum(area * count for area, count in areas) / pairs

    def sums(first, second):
        """For every choice of the first group: twice the sum of the ranks, minus the expectation."""
        doubled = 2 * scipy.stats.rankdata(first + second) - (len(first) + len(second) + 1)
        return [sum(choice) for choice in itertools.combinations(doubled, len(first))], doubled[:len(first)].sum()

    distribution = {0: 1}
    observed = 0
    for first, second in STRATA:
        values, own = sums(first, second)
        observed += own
        added = {}
        for total, count in distribution.items():
            for value in values:
                added[total + value] = added.get(total + value, 0) + count
        distribution = added
    extreme = sum(count for total, count in distribution.items() if abs(total) >= abs(observed))
    single = scipy.stats.permutation_test(
        (numpy.array(STRATA[0][0]), numpy.array(STRATA[0][1])),
        lambda a, b: abs(scipy.stats.mannwhitneyu(a, b).statistic - len(a) * len(b) / 2), n_resamples=numpy.inf,
        permutation_type="independent", alternative="greater", vectorized=False)
    return {
        "strata": [{"first": first, "second": second} for first, second in STRATA], "auc": auc, "pairs": pairs,
        "p": extreme / sum(distribution.values()), "p_of_first_stratum": single.pvalue,
    }


def regression():
    """Numbers of a formula, so that the labels depend on the features only in part."""
    rows = [[((7 * i + 3) % 11 - 5) / 4, (6 * i % 7 - 3) / 3, (i % 4 - 1.5) / 2] for i in range(40)]
    labels = [(3 * i * i + i) % 5 < 2 or i % 4 == 3 for i in range(40)]
    result = []
    for strength in [0.1, 1, 100]:
        model = LogisticRegression(C=strength, solver="newton-cholesky", tol=1e-12, max_iter=1000).fit(rows, labels)
        result.append({"strength": strength, "weights": model.coef_[0].tolist(), "intercept": model.intercept_[0]})
    return {"rows": rows, "labels": labels, "models": result}


print(json.dumps({"fisher": fisher(), "holm": holm(), "tables": tables(), "ranks": ranks(), "regression": regression()}, indent=1))
