"""Every compiled loop a guest can reach, with each kind of arguments it is called with, so that a set-up compiles all.

Loops called by other loops are compiled with them. Inputs are read-only (`core.compiled.read_only`), outputs writable.
A call with other kinds still works: it compiles at that call.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from numba import types

from booth.core.compiled import numba  # noqa: F401 - first: it says where compiled loops are kept
from booth.looks import composite as compose
from booth.looks import composite_still as compose_still
from booth.looks import edge_colors as edge
from booth.looks import spill
from booth.looks.backdrop import real_room as room
from booth.looks.light import apply_light as lay
from booth.looks.light import kernels
from booth.perception import eye_rows, foreground, live_plate, matte_edges, matte_pixels, plate_edges
from booth.still.burst import deblur

_BYTE, _FLOAT, _INT, _BOOL = types.uint8, types.float32, types.int64, types.boolean


def _out(kind: Any, ndim: int, layout: str = "C") -> types.Array:
    return types.Array(kind, ndim, layout)


def _in(kind: Any, ndim: int, layout: str = "C") -> types.Array:
    return types.Array(kind, ndim, layout, readonly=True)


def _tuple(*parts: Any) -> types.BaseTuple:
    return types.BaseTuple.from_types(parts)


@dataclass(frozen=True, slots=True)
class Kernel:
    """One loop for one kind of arguments."""

    loop: Any  # the compiler's dispatcher
    kinds: tuple[Any, ...]

    @property
    def name(self) -> str:
        """Where it is written."""
        return f"{self.loop.py_func.__module__}.{self.loop.py_func.__name__}"

    def compile(self) -> None:
        """Compile it, or load it where that was done before."""
        self.loop.compile(self.kinds)


_BYTES3, _BYTES2, _FLOATS3, _FLOATS2, _FLOATS1 = (
    _in(_BYTE, 3), _in(_BYTE, 2), _in(_FLOAT, 3), _in(_FLOAT, 2), _in(_FLOAT, 1),
)  # fmt: skip
_TO_BYTES3, _TO_BYTES2, _TO_BYTES1 = _out(_BYTE, 3), _out(_BYTE, 2), _out(_BYTE, 1)
_TO3, _TO2, _TO1 = _out(_FLOAT, 3), _out(_FLOAT, 2), _out(_FLOAT, 1)
_GRADE = (_TO2, _TO2, _FLOAT)  # matrix, table, vignette


def _matte() -> Iterator[Kernel]:
    yield Kernel(matte_pixels._coefficients, (_FLOATS3, _FLOATS2, _INT, _FLOAT, _TO3))
    for layout in "CA":  # a window as wide as the frame, and a narrower one
        tables = _tuple(_TO_BYTES1, _TO1)
        kinds = (_TO_BYTES3, _TO3, _TO_BYTES2, tables, _in(_BYTE, 2, layout), _out(_BYTE, 2, layout))
        yield Kernel(matte_pixels.apply_coefficients, kinds)
    yield Kernel(matte_pixels.update_mean, (_FLOATS2, _FLOATS2, _FLOAT, _FLOAT, _FLOAT, _TO2))
    yield Kernel(matte_pixels.apply_still, (_BYTES3, _TO3, _TO_BYTES2, _tuple(_FLOAT, _FLOAT), _TO2))
    yield Kernel(live_plate._fit, (_FLOATS3, _FLOATS3, _FLOATS3, _TO3, _TO2))
    weighed = _tuple(_FLOATS3, _FLOATS3, _FLOATS3, _FLOATS2, _FLOATS3, _FLOATS2, _FLOATS2, _FLOATS2, _FLOATS2)
    yield Kernel(live_plate._weigh, (weighed, _FLOAT, _TO2, _TO_BYTES2))
    yield Kernel(matte_edges._solve, (_BYTES3, _FLOATS2, _FLOATS3, _TO2))
    room = (_BYTES3, _BYTES3, _FLOATS2, _FLOATS3, _FLOATS2, _FLOATS2)
    yield Kernel(plate_edges._solve, (*room, _FLOAT, _TO2))


def _eyes() -> Iterator[Kernel]:
    bounds = _out(_INT, 2)
    yield Kernel(eye_rows.read_rows, (_FLOATS2, bounds, bounds, _out(_INT, 1), bounds, _out(types.float64, 1)))


def _mirror() -> Iterator[Kernel]:
    pictures, maps = _tuple(_BYTES3, _BYTES2, _BYTES3), _tuple(_TO3, _TO3, _TO3)
    box = _tuple(_INT, _INT, _INT, _INT)
    yield Kernel(
        compose.compose_mirror, (pictures, maps, _out(_BOOL, 2), _TO1, _TO2, _TO2, _FLOAT, _BOOL, box, _TO_BYTES3)
    )
    graded = _tuple(*_GRADE, _BOOL)
    yield Kernel(compose.keep_own, (_BYTES3, _BYTES2, _BYTES2, graded, box, _TO_BYTES3))
    yield Kernel(compose.grade_8bit, (_BYTES3, *_GRADE, _TO_BYTES3))
    yield Kernel(compose.grade_float, (_FLOATS3, *_GRADE, _TO3))
    yield Kernel(edge._settled, (_TO3, _TO3, _TO3, _TO3))
    yield Kernel(room._weigh, (_BYTES3, _BYTES2, _TO1, _TO3))
    yield Kernel(room._settle, (_TO3, _TO3, _TO1, _TO3))
    yield Kernel(room._enlarge, (_FLOATS3, _FLOATS2, _out(_BYTE, 2)))


def _still() -> Iterator[Kernel]:
    maps, grain = _tuple(_FLOATS3, _FLOATS3, _FLOATS3, _FLOATS3, _FLOATS3), _tuple(_FLOATS3, _TO1)
    grade = _tuple(*_GRADE, _BOOL)
    yield Kernel(compose_still._rows, (_INT, _INT, _TO3, _FLOATS2, maps, _TO1, grain, grade))
    yield Kernel(edge._own_colours, (_FLOATS3, _FLOATS2, _TO3, _TO3, _TO3))
    yield Kernel(foreground._nearest, (_FLOATS3, _TO3))
    yield Kernel(foreground.mean_colours, (_FLOATS3, _FLOATS2, _TO3, _TO3))
    yield Kernel(foreground.settle_level, (_FLOATS3, _FLOATS3, _TO3, _TO3, _INT))
    yield Kernel(spill._take, (_TO3, _FLOATS3))
    three = _tuple(_TO2, _TO2, _TO2)
    yield Kernel(deblur._lift, (_TO2, three, three, _TO2, _TO2, _TO2, _TO2, _FLOAT, _TO1))


def _light() -> Iterator[Kernel]:
    faces = _in(types.int32, 2)
    yield Kernel(kernels.vertex_normals, (_TO2, faces, _TO2))
    yield Kernel(kernels.read_table, (_BYTES3, _TO1, types.float64, _FLOAT, _TO1))
    yield Kernel(kernels.light_vertices, (_TO2, _TO2, _TO1, _TO1, _FLOAT, _FLOAT, _TO1))
    yield Kernel(kernels.draw, (_TO2, faces, _TO2, _TO2, _TO3))
    yield Kernel(kernels.shrink, (_BYTES3, _INT, _INT, _INT, _INT, _TO_BYTES3))
    yield Kernel(kernels.soften, (_TO3, _TO3, _TO2, _TO2, _TO2, _FLOAT, _FLOAT))
    yield Kernel(kernels.march, (_TO2, _out(_BOOL, 2), _TO1, _FLOAT, _FLOAT, _TO2))
    yield Kernel(kernels.shade, (_TO3, _TO2, _TO1, _TO2, _TO2, _TO3, _TO1, _TO1, _TO1, _TO3))
    yield Kernel(lay.blend_stops, (_TO3, _FLOAT, _FLOAT))
    yield Kernel(lay.lay_bytes, (_BYTES3, _BYTES2, _FLOATS3, _TO1, _TO1, _TO_BYTES1, _TO_BYTES3))
    yield Kernel(lay.lay_floats, (_FLOATS3, _FLOATS2, _FLOATS3, _TO1, _tuple(_TO1, _TO1), _TO3))


SLOWEST = ("_rows", "compose_mirror", "lay_bytes", "shade", "apply_coefficients")  # to compile: 7, 5, 3, 2, 2 s


def shares(kernels: Sequence[Kernel], parts: int) -> list[list[Kernel]]:
    """Deal the loops out so that the parts take about as long; all kinds of one loop go to one part."""
    by_loop: dict[str, list[Kernel]] = {}
    for kernel in kernels:
        by_loop.setdefault(kernel.name, []).append(kernel)

    def slowness(name: str) -> int:
        short = name.rpartition(".")[2]
        return SLOWEST.index(short) if short in SLOWEST else len(SLOWEST)

    dealt: list[list[Kernel]] = [[] for _ in range(parts)]
    rounds = [*range(parts), *reversed(range(parts))]
    for number, name in enumerate(sorted(by_loop, key=slowness)):
        dealt[rounds[number % len(rounds)]] += by_loop[name]
    return dealt


KERNELS: tuple[Kernel, ...] = (*_matte(), *_eyes(), *_mirror(), *_still(), *_light())
