# Reference codes and scales of row-wise int8 (LLM.int8, Dettmers et al. 2022): numpy and torch in float32, and bitsandbytes' own
# quantiser where it is installed (0.50.2 on CPU: pip install --no-deps bitsandbytes).
# Run: python bench/peers/int8_rows.py > packages/quant/src/fixtures/int8-rows.json
import hashlib
import json
import sys

import numpy as np
import torch

try:
    import bitsandbytes as bnb
except ImportError:
    bnb = None


def weights(rows, columns, kind):
    """Numbers that every language makes alike: a multiplicative hash of the index, exact in double, rounded once to float32."""
    i = np.arange(rows * columns, dtype=np.uint64)
    unit = ((i * np.uint64(2654435761) + np.uint64(12345)) % np.uint64(2**32)).astype(np.float64) / 2**32 - 0.5
    w = unit.reshape(rows, columns)
    row = np.arange(rows).reshape(-1, 1)
    if kind == "magnitudes":  # rows from 2^-150 (subnormal) up to 2^124, one of zeros
        w = w * 2.0 ** (-150 + 274 * row // (rows - 1)).astype(np.float64)
        w[rows // 2] = 0
    if kind == "ties":  # largest 127, all others halves: scale 1, every quotient a tie
        w = np.floor(w * 252) + 0.5
        w[:, 0] = 127
    if kind == "rows":
        w = w * (0.01 * (1 + row % 7))
    return w.astype(np.float32)


def reference(w):
    scale = np.abs(w).max(axis=1) / np.float32(127)
    safe = np.where(scale == 0, np.float32(1), scale).astype(np.float32)
    codes = np.clip(np.rint(w / safe[:, None]), -127, 127).astype(np.int8)
    return codes, scale


def torch_reference(w):
    t = torch.from_numpy(w)
    scale = t.abs().amax(dim=1) / 127
    codes = torch.round(t / torch.where(scale == 0, 1.0, scale)[:, None]).clamp(-127, 127).to(torch.int8)
    return codes.numpy(), scale.numpy()


def sha(a):
    return hashlib.sha256(np.ascontiguousarray(a).tobytes()).hexdigest()


cases = []
for kind, rows, columns in [("plain", 64, 384), ("rows", 300, 129), ("magnitudes", 60, 33), ("ties", 8, 256), ("plain", 1, 1)]:
    w = weights(rows, columns, kind)
    codes, scale = reference(w)
    torch_codes, torch_scale = torch_reference(w)
    out = {
        "kind": kind, "rows": rows, "columns": columns,
        "weights": sha(w), "codes": sha(codes), "scales": sha(scale),
        "first": codes.ravel()[:8].tolist(),
        "torchEqual": bool((codes == torch_codes).all() and (scale == torch_scale).all()),
    }
    if bnb is not None:
        theirs, stats, _ = bnb.functional.int8_vectorwise_quant(torch.from_numpy(w))
        apart = np.abs(theirs.numpy().astype(int) - codes.astype(int))
        out["bitsandbytes"] = {
            "codesApart": int((apart > 0).sum()), "furthest": int(apart.max()),
            "absmaxEqual": bool((stats.numpy() == np.abs(w).max(axis=1)).all()),
        }
    cases.append(out)
json.dump({
    "made": f"numpy {np.__version__}, torch {torch.__version__}, bitsandbytes {bnb.__version__ if bnb else 'not installed'}",
    "cases": cases,
}, sys.stdout, indent=2)
