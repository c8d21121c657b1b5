"""The networks as ONNX graphs of ONNX Runtime's fused operators, weights as 8-bit integers.

The encoder's activations are brought to 8 bits with scales that were measured beforehand, so that
what a sentence gets doesn't hang on the others in its batch, as it would with one scale for the
whole batch (DynamicQuantizeLinear). Weights use 7 of their 8 bits: on processors without VNNI
pairs of products are added in 16 bits, which more would overflow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

MICROSOFT = "com.microsoft"
OPSET, IR_VERSION = 18, 9
LARGEST = 63
"""Of a weight's absolute value."""

Weights = Mapping[str, np.ndarray]


class Inputs(NamedTuple):
    """What a matrix is given."""

    columns: np.ndarray
    """What each column of the inputs is divided by, and of the matrix multiplied with, so that no
    column is much wider than the others (SmoothQuant, Xiao et al. 2023)."""
    span: tuple[float, float]
    """The least and the greatest input after that; 0 is between them."""


class Graph:
    """Nodes and weights as they are added; a node's output bears its name."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []
        self._count = 0

    def node(
        self,
        kind: str,
        inputs: Sequence[str],
        *,
        domain: str = "",
        outputs: int = 1,
        **fields: object,
    ) -> str:
        """Add a node; its output, or the first of several (the next ends in `:1`)."""
        self._count += 1
        name = f"{kind}{self._count}"
        made = [name, *(f"{name}:{i}" for i in range(1, outputs))]
        self._nodes.append(
            helper.make_node(kind, list(inputs), made, name, domain=domain, **fields)
        )
        return name

    def weight(self, array: np.ndarray) -> str:
        """Add an array as it is."""
        self._count += 1
        name = f"w{self._count}"
        self._weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def half(self, array: np.ndarray) -> str:
        """An array kept in 16 bits."""
        return self.node("Cast", [self.weight(array.astype(np.float16))], to=TensorProto.FLOAT)

    def rows(self, table: np.ndarray, ids: str) -> str:
        """The rows `ids` of a table kept in 8 bits with a scale a row."""
        scale = np.maximum(np.abs(table).max(1, keepdims=True), 1e-9) / 127
        found = self.node("Gather", [self.weight(np.round(table / scale).astype(np.int8)), ids])
        found = self.node("Cast", [found], to=TensorProto.FLOAT)
        scales = self.node("Gather", [self.weight(scale.astype(np.float32)), ids])
        return self.node("Mul", [found, scales])

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray | None, inputs: Inputs) -> str:
        """`x` times a matrix (outputs, inputs), both in 8 bits, plus a bias."""
        low, high = inputs.span
        x_scale = (high - low) / 255
        x_names = self.weight(np.float32(x_scale)), self.weight(np.uint8(round(-low / x_scale)))
        x = self.node("Mul", [x, self.weight((1 / inputs.columns).astype(np.float32))])
        x = self.node("QuantizeLinear", [x, *x_names])
        weight = weight * inputs.columns
        scale = np.maximum(np.abs(weight).max(1), 1e-9) / LARGEST
        packed = np.round(weight / scale[:, None]).astype(np.int8).T
        names = [x, self.weight(packed), x_names[0], self.weight(scale.astype(np.float32))]
        names += [x_names[1], self.weight(np.zeros(len(scale), np.int8))]
        names += [] if bias is None else [self.weight(bias)]
        return self.node("MatMulIntegerToFloat", names, domain=MICROSOFT)

    def model(
        self,
        inputs: Sequence[onnx.ValueInfoProto],
        outputs: Mapping[str, Sequence[str | int]],
        results: Sequence[str],
    ) -> bytes:
        """The file; `results` are the names that `outputs` are made from."""
        infos = []
        for (name, shape), result in zip(outputs.items(), results, strict=True):
            self._nodes.append(helper.make_node("Identity", [result], [name]))
            infos.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)))
        graph = helper.make_graph(self._nodes, "tagger", list(inputs), infos, self._weights)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
        onnx.checker.check_model(model)
        return model.SerializeToString()


def encoder(
    weights: Weights, inputs: Mapping[str, Inputs], *, layers: int, heads: int, epsilon: float
) -> bytes:
    """`network.Tagger`: pieces (batch, length) and lengths (batch) in, logits out.

    `inputs` tells of each matrix by its name.
    """
    graph = Graph()
    ids = helper.make_tensor_value_info("pieces", TensorProto.INT64, ["batch", "length"])
    lengths = helper.make_tensor_value_info("lengths", TensorProto.INT32, ["batch"])
    zero = graph.weight(np.array([0]))
    size = graph.node("Shape", ["pieces"], start=1, end=2)
    positions = graph.weight(weights["encoder.position.weight"])
    positions = graph.node("Slice", [positions, zero, size, zero])
    x = graph.node("Add", [graph.rows(weights["encoder.word.weight"], "pieces"), positions])
    x = _norm(graph, x, weights, "encoder.norm", epsilon)
    for i in range(layers):
        x = _layer(graph, x, weights, inputs, f"encoder.layers.{i}", heads, epsilon)
    x = graph.node("MatMul", [x, graph.weight(weights["output.weight"].T)])
    x = graph.node("Add", [x, graph.weight(weights["output.bias"])])
    labels = len(weights["output.bias"])
    return graph.model([ids, lengths], {"outputs": ["batch", "length", labels]}, [x])


def _layer(
    graph: Graph,
    x: str,
    weights: Weights,
    inputs: Mapping[str, Inputs],
    name: str,
    heads: int,
    epsilon: float,
) -> str:
    def linear(x: str, part: str, *, bias: bool = True) -> str:
        matrix = f"{name}.{part}"
        found = weights[f"{matrix}.bias"] if bias else None
        return graph.linear(x, weights[f"{matrix}.weight"], found, inputs[matrix])

    def add_norm(found: str, x: str, part: str) -> str:
        norm = [weights[f"{name}.{part}_norm.{kind}"] for kind in ("weight", "bias")]
        names = [found, x, *map(graph.weight, (*norm, weights[f"{name}.{part}.bias"]))]
        return graph.node("SkipLayerNormalization", names, domain=MICROSOFT, epsilon=epsilon)

    qkv = graph.node("Split", [linear(x, "qkv")], outputs=3, axis=-1, num_outputs=3)
    attention = [qkv, f"{qkv}:1", f"{qkv}:2", "", "lengths"]
    found = graph.node("MultiHeadAttention", attention, domain=MICROSOFT, num_heads=heads)
    x = add_norm(linear(found, "attended", bias=False), x, "attended")
    found = graph.node("Gelu", [linear(x, "inner")], domain=MICROSOFT)
    return add_norm(linear(found, "outer", bias=False), x, "outer")


def _norm(graph: Graph, x: str, weights: Weights, name: str, epsilon: float) -> str:
    parts = [graph.weight(weights[f"{name}.{kind}"]) for kind in ("weight", "bias")]
    return graph.node("LayerNormalization", [x, *parts], axis=-1, epsilon=epsilon)


def student(weights: Weights, *, dilations: Sequence[int], width: int, epsilon: float) -> bytes:
    """`student.Student` from its word vectors on: words (batch, length, width) and mask in."""
    graph = Graph()
    words = helper.make_tensor_value_info("words", TensorProto.FLOAT, ["batch", "length", width])
    mask = helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["batch", "length", 1])

    def linear(x: str, name: str) -> str:
        found = graph.node("MatMul", [x, graph.half(weights[f"{name}.weight"].T)])
        return graph.node("Add", [found, graph.half(weights[f"{name}.bias"])])

    def masked(x: str) -> str:
        return graph.node("Mul", [x, "mask"])

    x = _norm(graph, linear("words", "entry"), weights, "entry_norm", epsilon)
    x = masked(graph.node("Gelu", [x], domain=MICROSOFT))
    for i, dilation in enumerate(dilations):
        normed = masked(_norm(graph, x, weights, f"norms.{i}", epsilon))
        found = linear(_neighbours(graph, normed, dilation), f"layers.{i}")
        found = graph.node("Gelu", [found], domain=MICROSOFT)
        x = masked(graph.node("Add", [x, found]))
    x = linear(x, "output")
    labels = len(weights["output.bias"])
    return graph.model([words, mask], {"outputs": ["batch", "length", labels]}, [x])


def _neighbours(graph: Graph, x: str, distance: int) -> str:
    """Each place beside those `distance` before and after it, nothing beyond the ends."""
    axis = graph.weight(np.array([1]))
    padded = graph.node("Pad", [x, graph.weight(np.array([0, distance, 0, 0, distance, 0]))])
    ends = (0, -2 * distance), (distance, -distance), (2 * distance, 2**31)
    bounds = [[graph.weight(np.array([end])) for end in pair] for pair in ends]
    shifted = [graph.node("Slice", [padded, *pair, axis]) for pair in bounds]
    return graph.node("Concat", shifted, axis=-1)
