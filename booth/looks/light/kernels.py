"""The hot loops: surface normals, table reads, drawing the head into the grid, shadow march, shading.

Compiled once and cached; none takes the interpreter's lock, none is parallel. Camera axes are x right, y up, z near;
grid rows go down. Angles are radians, lengths cm.
"""

from __future__ import annotations

import math

import numpy as np

from booth.core.compiled import numba

_JIT = {"cache": True, "nogil": True, "fastmath": True, "error_model": "numpy"}
F = np.float32
FAR = F(-1e9)
EL_FIRST_DEG, AZ_FIRST_DEG = -60.0, -180.0  # where the baked tables begin

# Columns of the vertex and grid buffers; seen shares of the keys follow SEEN.
INDIRECT, UNDER, NORMAL, SKIN, SEEN = 0, 3, 6, 9, 10

# Skin's two lobes of reflection: share and roughness after Weyrich et al. 2006 (measured faces), F0 for oil and skin.
ROUGH_SHARE, ROUGH_A2, SHARP_A2, F0 = F(0.8), F(0.09), F(0.0196), F(0.028)


@numba.njit(**_JIT)
def vertex_normals(points, faces, out):  # pragma: no cover - compiled
    """Write unit normals of `points` (n, 3) into out (n, 3)."""
    out[:] = 0
    for t in range(faces.shape[0]):
        a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
        ux, uy, uz = points[b, 0] - points[a, 0], points[b, 1] - points[a, 1], points[b, 2] - points[a, 2]
        vx, vy, vz = points[c, 0] - points[a, 0], points[c, 1] - points[a, 1], points[c, 2] - points[a, 2]
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for i in (a, b, c):
            out[i, 0] += nx
            out[i, 1] += ny
            out[i, 2] += nz
    for i in range(out.shape[0]):
        inverse = 1 / math.sqrt(out[i, 0] ** 2 + out[i, 1] ** 2 + out[i, 2] ** 2 + F(1e-12))
        out[i, 0] *= inverse
        out[i, 1] *= inverse
        out[i, 2] *= inverse


@numba.njit(**_JIT)
def _add_read(table, x, y, z, step, share, out):  # noqa: PLR0913 - buffers of a compiled loop
    """Add share of the table's four cells around a unit direction, weighted, to out (n,)."""
    n_el, n_az = table.shape[0], table.shape[1]
    row = (math.degrees(math.asin(min(max(y, F(-1)), F(1)))) - EL_FIRST_DEG) / step
    row = min(max(row, 0.0), n_el - 1.001)
    column = ((math.degrees(math.atan2(x, z)) - AZ_FIRST_DEG) / step) % n_az
    r, c = int(row), int(column) % n_az
    wr, wc = F(row - r), F(column - int(column))
    scale = F(share / 255)
    w0, w1 = (1 - wr) * (1 - wc) * scale, (1 - wr) * wc * scale
    w2, w3 = wr * (1 - wc) * scale, wr * wc * scale
    after = (c + 1) % n_az
    a, b, d, e = table[r, c], table[r, after], table[r + 1, c], table[r + 1, after]
    for i in range(out.shape[0]):
        out[i] += w0 * a[i] + w1 * b[i] + w2 * d[i] + w3 * e[i]


@numba.njit(**_JIT)
def read_table(table, way, step, wider, out):  # pragma: no cover - compiled
    """Write what `table` (el, az, n) uint8 says of a lamp toward the unit vector `way` into out (n,), 0..1.

    `wider` is the sine by which the lamp's rim is read as well, 0 for a lamp no wider than the baked one.
    """
    out[:] = 0
    x, y, z = way[0], way[1], way[2]
    if wider <= 0:
        _add_read(table, x, y, z, step, F(1), out)
        return
    flat = math.sqrt(x * x + z * z) + F(1e-6)
    sx, sz = F(-z / flat), F(x / flat)  # level, across the direction
    ux, uy, uz = y * sz, z * sx - x * sz, -y * sx  # upright, across it
    _add_read(table, x, y, z, step, F(0.2), out)
    for k in range(4):
        turn = wider if k % 2 == 0 else -wider
        px = x + turn * (sx if k < 2 else ux)
        py = y + (F(0) if k < 2 else turn * uy)
        pz = z + turn * (sz if k < 2 else uz)
        inverse = 1 / math.sqrt(px * px + py * py + pz * pz)
        _add_read(table, F(px * inverse), F(py * inverse), F(pz * inverse), step, F(0.2), out)


@numba.njit(**_JIT)
def over_horizon(cosine, spread):  # pragma: no cover - compiled
    """Return the cosine of a lamp `spread` wide as its disc sinks below the surface's own horizon."""
    if cosine >= spread:
        return cosine
    if cosine <= -spread:
        return F(0)
    return (cosine + spread) * (cosine + spread) / (4 * spread)


@numba.njit(**_JIT)
def light_vertices(points, normals, seen, lamp, spread, dist, out):  # noqa: PLR0913 - buffers of a compiled loop
    """Write the light of one lamp on each vertex into out (n,): share seen, cosine and distance; lamp (3,) unit."""
    for i in range(points.shape[0]):
        x = lamp[0] * dist - points[i, 0]
        y = lamp[1] * dist - points[i, 1]
        z = lamp[2] * dist - points[i, 2]
        inverse = 1 / math.sqrt(x * x + y * y + z * z)
        cosine = (normals[i, 0] * x + normals[i, 1] * y + normals[i, 2] * z) * inverse
        facing = max((lamp[0] * x + lamp[1] * y + lamp[2] * z) * inverse, F(0))
        out[i] = seen[i] * over_horizon(F(cosine), spread) * facing * dist * dist * inverse * inverse


@numba.njit(**_JIT)
def draw(points, faces, values, depth, out):  # pragma: no cover - compiled
    """Draw `values` (n, k) at `points` (n, 3: column, row, nearness) into out (g, g, k) with the nearest in front."""
    grid, k = depth.shape[0], values.shape[1]
    depth[:] = FAR
    for t in range(faces.shape[0]):
        a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
        x0, y0, x1, y1 = points[a, 0], points[a, 1], points[b, 0], points[b, 1]
        x2, y2 = points[c, 0], points[c, 1]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if area >= F(-1e-6):  # seen from behind
            continue
        left, right = max(math.ceil(min(x0, x1, x2)), 0), min(math.floor(max(x0, x1, x2)), grid - 1)
        top, bottom = max(math.ceil(min(y0, y1, y2)), 0), min(math.floor(max(y0, y1, y2)), grid - 1)
        inverse = 1 / area
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                w1 = ((x - x0) * (y2 - y0) - (x2 - x0) * (y - y0)) * inverse
                w2 = ((x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)) * inverse
                w0 = 1 - w1 - w2
                if w0 < F(-1e-4) or w1 < F(-1e-4) or w2 < F(-1e-4):
                    continue
                z = w0 * points[a, 2] + w1 * points[b, 2] + w2 * points[c, 2]
                if z > depth[y, x]:
                    depth[y, x] = z
                    for q in range(k):
                        out[y, x, q] = w0 * values[a, q] + w1 * values[b, q] + w2 * values[c, q]


@numba.njit(**_JIT)
def shrink(picture, left, top, side, taps, out):  # pragma: no cover - compiled
    """Write a square of `picture` (H, W, c) uint8 into out (g, g, c): each cell the mean of taps x taps pixels of it.

    The square is `side` pixels from (left, top); beyond the picture its edge goes on.
    """
    height, width, depth = picture.shape
    grid = out.shape[0]
    step, share = side / (grid * taps), F(1.0 / (taps * taps))
    columns = np.empty(grid * taps, np.int64)
    for i in range(grid * taps):
        columns[i] = min(max(left + int((i + 0.5) * step), 0), width - 1)
    total = np.empty((grid, depth), np.int32)
    for y in range(grid):
        total[:] = 0
        for j in range(taps):
            row = picture[min(max(top + int((y * taps + j + 0.5) * step), 0), height - 1)]
            for x in range(grid):
                for i in range(x * taps, x * taps + taps):
                    at = columns[i]
                    for k in range(depth):
                        total[x, k] += row[at, k]
        for x in range(grid):
            for k in range(depth):
                out[y, x, k] = int(total[x, k] * share + F(0.5))


@numba.njit(**_JIT)
def soften(shaded, low, cover, skin, neck, hair_share, neck_share):  # noqa: PLR0913 - buffers of a compiled loop
    """Keep the mesh's own shading (g, g, 6) where the face is, in place; elsewhere `low` (g, g, 3) takes its place."""
    for y in range(shaded.shape[0]):
        for x in range(shaded.shape[1]):
            own = cover[y, x] * max(max(skin[y, x], hair_share), neck[y, x] * neck_share)
            sheen = max(skin[y, x], neck[y, x] * F(0.5))
            for k in range(3):
                shaded[y, x, k] = low[y, x, k] + own * (shaded[y, x, k] - low[y, x, k])
                shaded[y, x, k + 3] *= sheen


@numba.njit(**_JIT)
def march(height, wanted, lamp, spread, reach, out):  # pragma: no cover - compiled
    """Write into out (g, g) how much of the lamp's disc stands over what lies toward it on the height field.

    `height` in grid cells, `reach` how far to look in cells, `wanted` (g, g) bool where the answer is needed.
    """
    grid = height.shape[0]
    flat = math.sqrt(lamp[0] * lamp[0] + lamp[1] * lamp[1]) + F(1e-6)
    dx, dy = F(lamp[0] / flat), F(-lamp[1] / flat)
    lamp_angle = math.atan2(lamp[2], flat)
    for y in range(grid):
        for x in range(grid):
            out[y, x] = 1
            if not wanted[y, x]:
                continue
            steepest, here, s = F(-9), height[y, x], F(1.5)
            while s < reach:
                fx, fy = x + dx * s, y + dy * s
                if fx < 0 or fy < 0 or fx > grid - 2 or fy > grid - 2:
                    break
                ix, iy = int(fx), int(fy)
                wx, wy = F(fx - ix), F(fy - iy)
                upper = height[iy, ix] + (height[iy, ix + 1] - height[iy, ix]) * wx
                lower = height[iy + 1, ix] + (height[iy + 1, ix + 1] - height[iy + 1, ix]) * wx
                slope = (upper + (lower - upper) * wy - here) / s
                steepest = max(steepest, slope)
                s += 1 + s * F(0.04)
            share = F(0.5) + F(0.5) * (lamp_angle - math.atan(steepest)) / spread
            share = min(max(share, F(0)), F(1))
            out[y, x] = share * share * (3 - 2 * share)


@numba.njit(**_JIT)
def gloss(nx, ny, nz, lx, ly, lz):  # pragma: no cover - compiled
    """Return reflected light toward the camera of a unit lamp on skin, two GGX lobes, cosine included."""
    cosine = max(nx * lx + ny * ly + nz * lz, F(0))
    view = max(nz, F(0.02))
    hz = lz + 1
    inverse = 1 / math.sqrt(lx * lx + ly * ly + hz * hz + F(1e-9))
    nh = max((nx * lx + ny * ly + nz * hz) * inverse, F(0))
    away = 1 - hz * inverse
    fresnel = F0 + (1 - F0) * away * away * away * away * away
    rough = ROUGH_A2 / ((nh * nh * (ROUGH_A2 - 1) + 1) ** 2)
    rough *= ROUGH_SHARE / ((cosine * F(0.85) + F(0.15)) * (view * F(0.85) + F(0.15)))
    sharp = SHARP_A2 / ((nh * nh * (SHARP_A2 - 1) + 1) ** 2)
    sharp *= (1 - ROUGH_SHARE) / ((cosine * F(0.93) + F(0.07)) * (view * F(0.93) + F(0.07)))
    return F(0.25) * (rough + sharp) * fresnel * cosine


@numba.njit(**_JIT)
def shade(cells, depth, places, lamps, colours, marched, mix, skin_rgb, lit, out):  # noqa: PLR0913 - buffers of a compiled loop
    """Divide the new light by the old in every covered cell: out (g, g, 6) is gain rgb and added gloss rgb.

    cells    (g, g, SEEN + keys) as drawn; depth (g, g) tells which are covered
    places   (3,): cm of column 0, of row 0 and cm per cell; depth is in cells
    lamps    (keys, 5): unit direction, sine of half its width, distance; colours (keys, 3) strength included
    marched  (keys, g, g) share seen by the march; mix (keys,) how far it counts against the baked share
    lit      (6,): direction and strength of the lamp already on the face that makes its gloss, floor, gloss share
    """
    grid, keys = cells.shape[0], lamps.shape[0]
    floor, share = lit[4], lit[5]
    for y in range(grid):
        for x in range(grid):
            if depth[y, x] <= FAR:
                continue
            nx, ny, nz = cells[y, x, NORMAL], cells[y, x, NORMAL + 1], cells[y, x, NORMAL + 2]
            inverse = 1 / math.sqrt(nx * nx + ny * ny + nz * nz + F(1e-9))
            nx, ny, nz = nx * inverse, ny * inverse, nz * inverse
            px, py, pz = places[0] + x * places[2], places[1] - y * places[2], depth[y, x] * places[2]
            t0, t1, t2 = cells[y, x, INDIRECT], cells[y, x, INDIRECT + 1], cells[y, x, INDIRECT + 2]
            g0 = g1 = g2 = F(0)
            for k in range(keys):
                dist = lamps[k, 4]
                lx, ly, lz = lamps[k, 0] * dist - px, lamps[k, 1] * dist - py, lamps[k, 2] * dist - pz
                near = 1 / math.sqrt(lx * lx + ly * ly + lz * lz)
                lx, ly, lz = lx * near, ly * near, lz * near
                facing = max(lamps[k, 0] * lx + lamps[k, 1] * ly + lamps[k, 2] * lz, F(0))
                cosine = over_horizon(F(nx * lx + ny * ly + nz * lz), lamps[k, 3])
                seen = cells[y, x, SEEN + k] * (1 - mix[k]) + marched[k, y, x] * mix[k]
                power = seen * facing * dist * dist * near * near
                e, gl = power * cosine, power * gloss(nx, ny, nz, lx, ly, lz)
                t0 += colours[k, 0] * e
                t1 += colours[k, 1] * e
                t2 += colours[k, 2] * e
                g0 += colours[k, 0] * gl
                g1 += colours[k, 1] * gl
                g2 += colours[k, 2] * gl
            old = lit[3] * gloss(nx, ny, nz, lit[0], lit[1], lit[2])
            r0 = t0 / max(cells[y, x, UNDER], floor)
            r1 = t1 / max(cells[y, x, UNDER + 1], floor)
            r2 = t2 / max(cells[y, x, UNDER + 2], floor)
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = r0, r1, r2
            out[y, x, 3] = share * (g0 - min(old, F(0.5) * skin_rgb[0]) * r0)
            out[y, x, 4] = share * (g1 - min(old, F(0.5) * skin_rgb[1]) * r1)
            out[y, x, 5] = share * (g2 - min(old, F(0.5) * skin_rgb[2]) * r2)
