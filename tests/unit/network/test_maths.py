"""A model's formulas as data: what comes out of the SBML, and what is refused."""

from __future__ import annotations

import pytest

from estrogenome.core.errors import ModelError
from estrogenome.network import Number, Operation, Symbol, compose, read_maths
from estrogenome.network.compose import translate
from estrogenome.network.maths import OPERATIONS, symbols


def maths(body: str):
    return read_maths(
        translate(f"model estrogenome_body()\n compartment v = 2;\n species x in v, y in v;\n x = 0; y = 0; k = 3;\n{body}\nend\n")
    )


def test_the_body_is_read_whole(catalog):
    network = compose(catalog)
    found = read_maths(network.sbml)
    assert found.species == network.structure.species
    assert found.reactions == network.structure.reactions
    assert {name for name, _ in found.rules} == set(network.structure.assigned)
    assert set(found.constants) == {*network.structure.constants, *network.structure.compartments}


def test_rules_stand_after_what_they_need(catalog):
    found = read_maths(compose(catalog).sbml)
    rules = dict(found.rules)
    before: set[str] = set()
    for name, formula in found.rules:
        assert symbols(formula) & rules.keys() <= before
        before.add(name)


def test_stoichiometry_is_net():
    found = maths("a: 2 x -> x + 3 y; k*x; b: y -> y; k*y;")
    assert found.stoichiometry == (((0, -1.0), (1, 3.0)), ())


def test_a_formula_is_a_tree():
    found = maths("a: x -> ; k*x - 2^x;")
    assert found.rates[0] == Operation(
        "subtract", (Operation("multiply", (Symbol("k"), Symbol("x"))), Operation("power", (Number(2.0), Symbol("x"))))
    )
    assert found.constants == {"v": 2.0, "k": 3.0}


def test_a_function_is_written_out():
    text = "function f(a, b)\n a/(b + a)\nend\nmodel estrogenome_body()\n compartment v = 1; species x in v; x = 0; k = 1;\n a: x -> ; f(x, k);\nend\n"
    rate = read_maths(translate(text)).rates[0]
    assert rate == Operation("divide", (Symbol("x"), Operation("add", (Symbol("k"), Symbol("x")))))


def test_a_piecewise_formula_is_a_choice():
    rate = maths("a: x -> ; piecewise(1, x > k, 2, x <= 1, k);").rates[0]
    assert rate == Operation(
        "where",
        (
            Operation("less", (Symbol("k"), Symbol("x"))),
            Number(1.0),
            Operation("where", (Operation("less_equal", (Symbol("x"), Number(1.0))), Number(2.0), Symbol("k"))),
        ),
    )


@pytest.mark.parametrize("operator", sorted(OPERATIONS))
def test_every_operation_can_be_written(operator):
    spelled = {
        "add": "x + k",
        "subtract": "x - k",
        "multiply": "x*k",
        "divide": "x/k",
        "negate": "-x",
        "power": "x^k",
        "sqrt": "sqrt(x)",
        "exp": "exp(x)",
        "log": "ln(x)",
        "minimum": "min(x, k)",
        "maximum": "max(x, k)",
        "less": "piecewise(x, x < k, k)",
        "less_equal": "piecewise(x, x <= k, k)",
        "equal": "piecewise(x, x == k, k)",
        "not_equal": "piecewise(x, x != k, k)",
        "and": "piecewise(x, x < k && k < 2, k)",
        "or": "piecewise(x, x < k || k < 2, k)",
        "not": "piecewise(x, !(x < k), k)",
        "where": "piecewise(x, x < k, k)",
    }

    def operators(expression):
        if isinstance(expression, Operation):
            yield expression.operator
            for argument in expression.arguments:
                yield from operators(argument)

    assert operator in set(operators(maths(f"a: x -> ; {spelled[operator]};").rates[0]))


def test_rules_that_need_each_other_are_refused():
    """Antimony refuses them too; an SBML edited by hand could hold them."""
    text = "model estrogenome_body()\n compartment v = 1; species x in v; x = 0; k = 3; a: x -> ; p*x; p := q*x; q := 7*k;\nend\n"
    with pytest.raises(ModelError, match="these rules need each other: p, q"):
        read_maths(translate(text).replace("<ci> k </ci>", "<ci> p </ci>"))


def test_a_parameter_with_a_rate_rule_is_one_more_species():
    found = maths("a: x -> ; k*x; w = 1; w' = k*x - w;")
    assert found.species == ("x", "y", "w")
    assert found.reactions == ("a", "change_w")
    assert found.stoichiometry[1] == ((2, 1.0),)
    assert "w" not in found.constants


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("a: x -> ; sin(x);", "no operation that we know"),
        ("a: x -> ; k*time;", "no operation that we know"),
        ("a: x -> ; k*x; y = 1; y' = k;", "rate rules of species"),
        ("a: x -> ; k*x; at x > 1: k = 2;", "events"),
        ("a: x -> ; k*x; m = 2*k;", "initial assignments"),
        ("a: x -> ; k*x; $y = 1;", "species set by a rule"),
        ("a: x -> ; k*x; y := 2*x;", "species set by a rule"),
    ],
)
def test_what_has_no_steady_state_is_refused_in_one_line(body, word):
    with pytest.raises(ModelError, match=word) as error:
        maths(body)
    assert "\n" not in str(error.value)
