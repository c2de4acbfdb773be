#!/usr/bin/env python3
"""Confident learning with cleanlab, for Tests/AuditingTests/ConfidentLearningTests.swift.

    Tests/Interop/confident_learning.py            prints the expected numbers as Swift
    Tests/Interop/confident_learning.py --check    compares the numbers in ConfidentLearningTests.swift with cleanlab

The probabilities are multiples of 1/1024, so that 32-bit numbers have the same values.
"""
import pathlib
import re
import sys

import numpy
from cleanlab.count import compute_confident_joint, get_confident_thresholds
from cleanlab.filter import find_label_issues

CLASSES, EXAMPLES = 4, 60
TESTS = pathlib.Path(__file__).resolve().parent.parent / "AuditingTests/ConfidentLearningTests.swift"


def numbers():
    """Labels and probabilities from a linear congruential generator, the same as in the test."""
    state = 1

    def draw(limit):
        nonlocal state
        state = (state * 1103515245 + 12345) % 2**31
        return (state >> 16) % limit

    labels, rows = [], []
    for example in range(EXAMPLES):
        truth = example % CLASSES
        labels.append(draw(CLASSES) if draw(5) == 0 else truth)
        row = [draw(200) for _ in range(CLASSES)]
        row[truth] += 1024 - sum(row)
        rows.append([max(0, value) for value in row])
    return numpy.array(labels), numpy.array(rows) / 1024


def main():
    labels, probabilities = numbers()
    # The sum of a row is 1024: no value was below 0.
    assert (probabilities.sum(1) == 1).all()
    issues = find_label_issues(labels, probabilities, filter_by="low_self_confidence", n_jobs=1)
    scores = probabilities[numpy.arange(EXAMPLES), labels]
    # Equal scores at the border would have no defined order.
    assert len(set(scores[issues])) == issues.sum() and scores[issues].max() < scores[~issues].min()
    lines = [
        f"static let thresholds: [Double] = {[round(float(value), 9) for value in get_confident_thresholds(labels, probabilities)]}",
        f"static let joint = {compute_confident_joint(labels, probabilities, calibrate=False).flatten().tolist()}",
        f"static let issues = {sorted(numpy.flatnonzero(issues).tolist(), key=lambda index: scores[index])}",
    ]
    if sys.argv[1:] == ["--check"]:
        text = re.sub(r"\s+", "", TESTS.read_text())
        missing = [line for line in lines if re.sub(r"\s+", "", line) not in text]
        if missing:
            sys.exit("cleanlab has other numbers than ConfidentLearningTests.swift:\n" + "\n".join(missing))
        print("cleanlab agrees: thresholds, confident joint, label issues")
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
