"""The batch kernel: exact derivatives, steady states that are found or said to be missing, responses and labels."""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome.catalog.body import central_values
from estrogenome.core.errors import ModelError
from estrogenome.network import Network, compose
from estrogenome.network.compose import translate
from estrogenome.network.maths import OPERATIONS
from estrogenome.network.sbml import describe
from estrogenome.trajectories.graph import _FUNCTIONS, Graph
from estrogenome.trajectories.kernel import _CHUNK, Kernel

STEP = 1e-5


def made(body: str) -> Kernel:
    head = "model estrogenome_body()\n compartment v = 2;\n species x in v, y in v;\n x = 0; y = 0; k = 3; q = 1; m = 0.5; input_x = 2;\n"
    sbml = translate(f"{head}{body}\nend\n")
    return Kernel(Network(sbml=sbml, structure=describe(sbml), digest=""))


LINEAR = "a: -> x; input_x; b: x -> y; k*x; c: y -> ; q*y;"
SATURATED = "a: -> x; input_x; b: x -> y; k*x/(m + x); c: y -> ; q*y;"


def test_every_operation_is_known_to_the_graph():
    assert set(_FUNCTIONS) == set(OPERATIONS)


@pytest.mark.parametrize(
    "formula",
    [
        "x*k - q/x",
        "sqrt(x)*exp(-x)",
        "ln(x + k)^2",
        "x^k + k^x + x^x",
        "min(x, k)*max(x, 0.1)",
        "piecewise(x^3, x > 1, x)",
        "1/(1 + x/k + (x*m)^0.5)",
        "log10(x)",
        "root(3, x)",
    ],
)
def test_derivatives_are_exact(formula):
    kernel = made(f"p := {formula}; a: x -> ; p;")
    system = kernel.rates(("x",)).at(kernel.constants)
    for x in (0.3, 0.9, 2.2):
        points = np.array([[x - STEP, x, x + STEP], [0.0, 0.0, 0.0]])
        values = system.values(points)[0]
        assert system.gradient(points)[0, 0, 1] == pytest.approx((values[2] - values[0]) / (2 * STEP), rel=1e-6)


def test_what_does_not_depend_leaves_no_trace():
    graph = Graph()
    a, b = graph.symbol("a"), graph.symbol("b")
    node = graph.apply("multiply", graph.apply("add", a, b), graph.number(3.0))
    assert graph.values[graph.derivative(node, "a")] == 3
    assert graph.is_linear(node, frozenset({"a", "b"}))
    assert not graph.is_linear(graph.apply("multiply", a, b), frozenset({"a", "b"}))


def test_a_linear_body_is_solved():
    found = made(LINEAR).solve({"input_x": np.array([2.0, 6.0])})
    np.testing.assert_allclose(found.of("x"), [2 / 3, 2.0])
    np.testing.assert_allclose(found.of("y"), [2.0, 6.0])
    np.testing.assert_allclose(found.of("b"), [2.0, 6.0])
    np.testing.assert_array_equal(found.of("k"), [3.0, 3.0])
    assert not found.failed.any()


def test_saturation_is_solved_up_to_its_limit_and_no_further():
    found = made(SATURATED).solve({"input_x": np.array([0.0, 1.0, 2.999, 3.001])})
    np.testing.assert_allclose(found.of("x")[:3], [0.0, 0.25, 0.5 * 2.999 / 0.001], rtol=1e-9)
    np.testing.assert_array_equal(found.failed, [False, False, False, True])
    assert np.isnan(found.of("b")[3])
    assert np.isnan(found.of("y")[3])


def test_nothing_in_is_nothing_inside():
    found = made(LINEAR).solve({"input_x": 0.0})
    assert found.concentrations.tolist() == [[0.0, 0.0]]
    assert not found.failed.any()


def test_where_plain_newton_goes_below_zero_the_damped_steps_find_the_state():
    """A sigmoid loss: flat at zero, so that Newton's first step overshoots by far."""
    found = made("a: -> x; input_x; b: x -> y; k*x^4/(m^4 + x^4) + 1e-4*x; c: y -> ; q*y;").solve({"input_x": np.array([0.5, 1.0, 2.9])})
    assert not found.failed.any()
    np.testing.assert_allclose(found.of("b"), [0.5, 1.0, 2.9], rtol=1e-9)


def test_growth_without_loss_fails_alone():
    found = made("a: -> x; input_x; b: x -> y; k*x; c: y -> ; q*y;").solve({"k": np.array([1.0, 0.0, 2.0])})
    np.testing.assert_array_equal(found.failed, [False, True, False])
    np.testing.assert_allclose(found.of("x")[[0, 2]], [2.0, 1.0])


def test_a_negative_state_is_none():
    assert made("a: x -> ; input_x + k*x; c: y -> ; q*y;").solve({}).failed.all()


def test_a_draw_does_not_depend_on_the_others(catalog):
    kernel, values = body(catalog)
    n = 2 * _CHUNK + 7
    scale = np.exp(np.random.default_rng(1).normal(0, 0.3, n))
    together = kernel.solve(values | {"Q_liver": values["Q_liver"] * scale})
    for i in (0, _CHUNK, n - 1):
        alone = kernel.solve(values | {"Q_liver": values["Q_liver"] * scale[i]})
        np.testing.assert_array_equal(alone.concentrations[0], together.concentrations[i])
        np.testing.assert_array_equal(alone.fluxes[0], together.fluxes[i])


def test_names_and_shapes_are_checked():
    kernel = made(LINEAR)
    with pytest.raises(ModelError, match="no constant nothing"):
        kernel.solve({"nothing": 1.0})
    with pytest.raises(ModelError, match="as many as there are draws"):
        kernel.solve({"k": np.ones(2), "q": np.ones(3)})
    with pytest.raises(ModelError, match="as many as there are draws"):
        kernel.solve({"k": np.ones((2, 2))})
    with pytest.raises(ModelError, match="no species, reaction or quantity"):
        kernel.solve({}).of("nothing")
    with pytest.raises(ModelError, match="no species or constant"):
        kernel.solve({}).response("nothing")


def body(catalog):
    network = compose(catalog)
    known = central_values(catalog, "man", network.structure.constants)
    return Kernel(network), {name: known[name] for name in network.structure.constants}


def test_the_response_to_a_constant_is_the_derivative_of_the_steady_state(catalog):
    kernel, values = body(catalog)
    for name, value in values.items():
        step = STEP * max(abs(value), STEP)
        moved = kernel.solve(values | {name: value + step * np.array([-1.0, 0.0, 1.0])})
        response = moved.response(name)
        for field in ("concentrations", "fluxes", "assigned"):
            around = getattr(moved, field)
            slope = (around[2] - around[0]) / (2 * step)
            size = np.abs(around[1]).max() / max(abs(value), STEP)
            np.testing.assert_allclose(getattr(response, field)[1], slope, rtol=1e-6, atol=1e-7 * size, err_msg=f"{name} {field}")


def test_the_response_to_an_inflow_is_that_to_its_constant():
    found = made(SATURATED).solve({"input_x": np.array([0.5, 1.0])})
    np.testing.assert_allclose(found.response("x").concentrations, found.response("input_x").concentrations)
    np.testing.assert_allclose(found.response("x").of("x"), 3 * 0.5 / (3 - np.array([0.5, 1.0])) ** 2)
    np.testing.assert_allclose(found.response("x").of("b"), [1.0, 1.0])


COMPETING = "free := 1/(m + x + y); a: -> x; input_x; b: x -> y; k*free*x; c: y -> ; q*y;"


def test_a_label_finds_saturation_as_it_is():
    """Its clearance is flux over concentration, whatever the load; an unlabelled addition saturates further."""
    found = made(COMPETING).solve({"input_x": np.array([0.1, 0.4])})
    label = found.tracer("x")
    np.testing.assert_allclose(1 / label.of("x"), found.of("b") / found.of("x"))
    np.testing.assert_allclose(label.of("b"), [1.0, 1.0])
    assert np.all(found.response("x").of("x") > 1.05 * label.of("x"))


def test_a_rule_that_is_linear_carries_the_label():
    found = made("out := x/(1 + m); a: -> x; input_x; b: x -> y; k*(x - out); c: y -> ; q*y;").solve({})
    np.testing.assert_allclose(1 / found.tracer("x").of("x"), [3 * (1 - 1 / 1.5)])
    np.testing.assert_allclose(found.tracer("x").of("out"), found.of("out") / 2)


def test_a_label_is_refused_where_a_rate_bends():
    with pytest.raises(ModelError, match="no one rate in b"):
        made(SATURATED).solve({}).tracer("x")


def test_a_label_of_a_constant_leaves_binding_alone():
    """A precursor that stands as a constant moves its product by its conversion and by its binding; a label of it by conversion alone."""
    found = made("free := 1/(1 + input_x); a: -> x; input_x; b: x -> y; k*free*x; c: y -> ; q*y;").solve({})
    np.testing.assert_allclose(found.tracer("input_x").of("x"), found.tracer("x").of("x"))
    np.testing.assert_allclose(found.tracer("input_x").of("x"), [1.0])
    np.testing.assert_allclose(found.response("input_x").of("x"), [5 / 3])
