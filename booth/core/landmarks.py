"""Indices of the 478-point face mesh: which landmarks outline or mark what of a face.

Source: the canonical face model and the connection lists of MediaPipe Face Mesh (0..467) with its irises (468..477).
Right and left are the subject's own: the right eye is at the image left of an unmirrored picture. A pair is
(right, left) unless its name says otherwise. Rings go round without repeating their first point. All values are
indices 0..477 into `Face.landmarks`; use `points[list(RING)]`, as numpy takes a tuple for a place in several axes.
"""

from __future__ import annotations

# ---- Single points, on the middle line of the face
FOREHEAD_TOP = 10  # the mesh's highest point, below the hairline
GLABELLA = 9  # between the brows
NOSE_TIP = 1
NOSE_BASE = 2  # where the nose meets the upper lip
CHIN = 152  # the mesh's lowest point
UPPER_LIP_INNER, LOWER_LIP_INNER = 13, 14  # on the rims of the mouth's opening
UPPER_LIP_OUTER, LOWER_LIP_OUTER = 0, 17

N_SURFACE = 468
"""Points of the mesh without the irises, indices 0..467."""

# ---- Outline of the face
FACE_OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150,
    136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
"""(36,) ring from the forehead's top, first down the subject's left side."""

CHEEKBONES = (234, 454)
"""Pair on the oval: the width of a face lies between them."""

RIGHT_EAR, LEFT_EAR = 127, 356  # on the oval, where the temple of spectacles passes

# ---- Eyes
RIGHT_EYE = (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7)
LEFT_EYE = (362, 398, 384, 385, 386, 387, 388, 466, 263, 249, 390, 373, 374, 380, 381, 382)
"""(16,) rings of the opening between the lids, from the corner at the image left over the upper lid."""

EYES = (RIGHT_EYE, LEFT_EYE)

RIGHT_EYE_CORNERS, LEFT_EYE_CORNERS = (33, 133), (362, 263)
"""The two corners of an eye from the image left: outer and inner of the right eye, inner and outer of the left."""

OUTER_EYE_CORNERS = (33, 263)
INNER_EYE_CORNERS = (133, 362)

RIGHT_LIDS, LEFT_LIDS = ((160, 144), (159, 145), (158, 153)), ((385, 380), (386, 374), (387, 373))
"""Three (upper, lower) points of the lids' rims above each other, from the image left."""

UPPER_LIDS, LOWER_LIDS = (159, 386), (145, 374)
"""Pairs in the middle of the lids' rims."""

RIGHT_IRIS, LEFT_IRIS = 468, 473  # middles
IRISES = (RIGHT_IRIS, LEFT_IRIS)
RIGHT_IRIS_RING, LEFT_IRIS_RING = (469, 470, 471, 472), (474, 475, 476, 477)
IRIS_RINGS = (RIGHT_IRIS_RING, LEFT_IRIS_RING)

RIGHT_EYE_SURROUND, LEFT_EYE_SURROUND = (33, 133, 130, 243, 226, 112), (362, 263, 359, 463, 446, 341)
"""(6,) points beside the corners of an eye, whose mean hardly moves with lids and gaze: where spectacles sit."""

UNDER_EYES = (
    ((25, 110, 24, 23, 22, 26, 112, 243), (31, 228, 229, 230, 231, 232, 233, 244)),
    ((255, 339, 254, 253, 252, 256, 341, 463), (261, 448, 449, 450, 451, 452, 453, 464)),
)
"""Pair of bags under the eyes, each (fold below the lower lid (8,), lower rim of the orbit (8,))."""

# ---- Brows
RIGHT_BROW = (70, 63, 105, 66, 107, 55, 65, 52, 53, 46)
LEFT_BROW = (336, 296, 334, 293, 300, 276, 283, 282, 295, 285)
"""(10,) rings, along the upper rim from the image left and back along the lower."""

BROWS = (RIGHT_BROW, LEFT_BROW)
BROW_MIDDLES = (105, 334)  # on the upper rim

# ---- Mouth
LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
"""(20,) outer ring of the lips from the right corner, the lower lip first."""

LIPS_COARSE = (61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91)
"""(12,) of `LIPS`, the upper lip first: the outline on small pictures, such as the aligned face of perception."""

MOUTH_OPENING = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95)
"""(20,) inner ring of the lips from the right corner, the upper lip first: what shows teeth when it is open."""

MOUTH_OPENING_COARSE = (78, 81, 13, 311, 308, 402, 14, 178)
"""(8,) of `MOUTH_OPENING`, for small pictures of a face."""

MOUTH_CORNERS = (61, 291)
INNER_LIP_GAPS = ((81, 178), (13, 14), (311, 402))  # three (upper, lower) points of the inner rims, from the image left
OUTER_LIP_GAP = (UPPER_LIP_OUTER, LOWER_LIP_OUTER)
INNER_LIP_SIDES = (81, 311)  # pair on the upper lip's inner rim: most of the mouth's width, without its corners

ON_LIPS = (84, 314, 17, 15, 85, 315, 37, 267, 11)  # on the red of both lips
BESIDE_LIPS = (57, 287, 202, 422, 212, 432)  # skin beside and below the mouth, three pairs

# ---- Nose
NOSE_RIDGE = (168, 6, 197, 195, 5, 4)  # from between the eyes down
NOSE = (*NOSE_RIDGE, 1, 98, 97, 2, 326, 327)  # ridge, tip and base: what stands before the far lens
NOSE_BRIDGE = (168, 6, 8, 193, 417, 122, 351)
"""(7,) round the root of the nose, where spectacles rest: one point alone wanders by 3 % of the eye distance."""

NOSE_FRONT = (4, 5, 195)  # where a mask or a hand covers the nose first
NOSTRILS = ((98, 97, 2, 99, 60, 75), (327, 326, 2, 328, 290, 305))  # pair of outlines

# ---- Cheeks. The lists differ on purpose: each is of the skin that its measure was tuned on.
CHEEKS = (50, 280)
"""Pair below the outer halves of the eyes, on skin that seldom has a beard: side light, colour of skin."""

LOWER_CHEEKS = (205, 425)
"""Pair beside the wings of the nose: rises in a real smile."""

UPPER_CHEEKS = (117, 346, 118, 347)
"""(4,) two pairs right under the eyes, free of masks: the skin that nose and lips are compared with."""

CHEEK_PATCHES = ((117, 118, 101, 205, 50), (346, 347, 330, 425, 280))
"""Pair of outlines (5,) of a whole cheek: the lighting ratio of a portrait."""

CHEEK_PAIRS = ((50, 280), (205, 425), (187, 411), (123, 352), (101, 330), (147, 376), (36, 266))
"""Seven (right, left) mirrored points of the cheeks: light of two colours."""

# ---- Mixed sets
SKIN_COLOR_POINTS = (50, 280, 117, 346, 151, 205, 425)  # cheeks and forehead: the colour of skin under a light
MID_FACE = (1, 50, 280, 152)  # nose, cheeks and chin: their mean is the middle of `MID_FACE_OUTLINE`
MID_FACE_OUTLINE = (50, 101, 36, 205, 187, 147, 152, 376, 411, 425, 266, 330, 280, 6)  # cheeks, nose and chin
SKULL_POINTS = (33, 133, 362, 263, 168, 6, 197, 1, 2, 9, 151, 10, 152, 234, 454)  # of the skull, not of the mimics
MOTION_POINTS = (33, 133, 362, 263, 1, 61, 291, 152, 10)
"""(9,) corners of the right eye, of the left eye, nose, mouth corners, chin and forehead: how fast a head moves."""
