"""Reactions and formulas in words."""

from __future__ import annotations

import re

import pytest

from estrogenome.network import compose
from estrogenome.network.maths import Number, Operation, Symbol
from estrogenome.network.words import formula_text, maths_of, reaction_names

A, B, C = Symbol("a"), Symbol("b"), Symbol("c")


def op(operator, *arguments):
    return Operation(operator, arguments)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (op("multiply", op("add", A, B), C), "([a] + b) · c"),
        (op("subtract", A, op("subtract", B, C)), "[a] − (b − c)"),
        (op("subtract", op("subtract", A, B), C), "[a] − b − c"),
        (op("divide", A, op("multiply", B, C)), "[a] / (b · c)"),
        (op("divide", op("multiply", A, B), C), "[a] · b / c"),
        (op("power", op("divide", A, B), C), "([a] / b)^c"),
        (op("power", op("power", A, B), C), "([a]^b)^c"),
        (op("negate", op("add", A, Number(2.0))), "−([a] + 2)"),
        (op("sqrt", op("add", A, B)), "√([a] + b)"),
        (op("minimum", A, B), "min([a], b)"),
        (op("where", op("less", A, B), A, C), "([a] if [a] < b, else c)"),
    ],
)
def test_brackets_stand_where_they_are_needed(expression, text):
    assert formula_text(expression, {"a"}) == text


def test_a_text_means_what_the_model_computes(catalog):
    """Every rate and rule, read back from its text and evaluated at random numbers."""
    import numpy as np

    from estrogenome.trajectories.kernel import Kernel

    maths = maths_of(catalog)
    kernel = Kernel(compose(catalog))
    solved = kernel.solve(dict(maths.constants))
    values = {s: float(np.asarray(solved.of(s)).ravel()[0]) for s in (*maths.species, *(n for n, _ in maths.rules))} | maths.constants
    for name, expression in (*zip(maths.reactions, maths.rates, strict=True), *maths.rules):
        text = formula_text(expression, set(maths.species))
        python = text.replace("[", "").replace("]", "").replace("·", "*").replace("−", "-").replace("^", "**").replace("√", "np.sqrt")
        assert eval(python, {"np": np, "ln": np.log, "exp": np.exp} | values) == pytest.approx(
            float(np.asarray(solved.of(name)).ravel()[0]), rel=1e-9
        ), name


def test_every_reaction_says_what_becomes_what(catalog):
    names = reaction_names(catalog)
    assert set(names) == set(compose(catalog).structure.reactions)
    for reaction, words in names.items():
        assert re.search(r" [→⇄] |^new | lost", words), (reaction, words)
    assert len(set(names.values())) > len(names) / 2


def test_both_ways_between_places_lost_and_new(catalog):
    words = set(reaction_names(catalog).values())
    assert any(re.search(r": .* ⇄ .*\(flow\)", w) for w in words)
    assert any(w.startswith("new ") for w in words)
    assert any(" lost, " in w for w in words)
