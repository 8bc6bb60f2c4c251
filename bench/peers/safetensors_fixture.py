"""Writes packages/formats/src/fixtures/python.safetensors with Hugging Face's safetensors: the reference of our reader and writer.

Usage: python safetensors_fixture.py packages/formats/src/fixtures/python.safetensors
"""
import json
import struct
import sys

import numpy
from safetensors.numpy import save_file

floats = numpy.array([[0.0, -0.0, 1.5], [3.4028235e38, 1e-45, -2.0]], dtype="float32")
halves = numpy.array([0.0, -0.0, 1.0, 65504.0, 6e-08, -0.33325195, numpy.inf, numpy.nan], dtype="float16")
save_file(
    {
        "weight": floats,
        "half": halves,
        "double": numpy.array([0.1, -1e300], dtype="float64"),
        "ids": numpy.array([-2147483648, 2147483647, 7], dtype="int32"),
        "long": numpy.array([-5, 2**31 - 1], dtype="int64"),
        "bytes": numpy.array([0, 255], dtype="uint8"),
        "flags": numpy.array([True, False], dtype="bool"),
        "scalar": numpy.array(2.5, dtype="float32"),
        "empty": numpy.zeros((0, 3), dtype="float32"),
        "naïve": numpy.ones((1, 1, 2), dtype="float32"),
    },
    sys.argv[1],
    metadata={"format": "np"},
)
raw = open(sys.argv[1], "rb").read()
(length,) = struct.unpack("<Q", raw[:8])
print(json.dumps(json.loads(raw[8 : 8 + length]), ensure_ascii=False))
