// What ops refuse, each with the op, what was wanted and what was got; and anomaly mode, which names the op that broke a number.
import { expect, test } from 'vitest';
import {
  add,
  argmax,
  attention,
  attentionCached,
  backward,
  concat,
  div,
  dropout,
  embedding,
  exp,
  firstNonFinite,
  isTensorError,
  KeyValueCache,
  layerNorm,
  linear,
  linearCrossEntropy,
  log,
  matmul,
  mul,
  onOp,
  Parameter,
  ParameterTree,
  pick,
  plainWeights,
  referenceDevice,
  scope,
  slice,
  sqrt,
  sub,
  sum,
  tensor,
  TensorError,
  type TensorErrorCode,
  transpose,
  watchNumbers,
  zeros,
} from './index.js';

const device = referenceDevice();
const f = (...shape: number[]) => zeros(device, shape);
const ids = (...values: number[]) => tensor(device, values, [values.length], 'i32');

const refused: readonly (readonly [string, TensorErrorCode, RegExp, () => unknown])[] = [
  [
    'an empty tensor',
    'bad-shape',
    /tensor: wanted sizes that are whole numbers from 1 .*got \(2, 0\)/,
    () => tensor(device, [], [2, 0]),
  ],
  ['a size that is not whole', 'bad-shape', /zeros: .*got \(1\.5\)/, () => f(1.5)],
  [
    'too few numbers',
    'bad-shape',
    /wanted 6 numbers for \(2, 3\); got 5/,
    () => tensor(device, [1, 2, 3, 4, 5], [2, 3]),
  ],
  [
    'shapes that do not broadcast',
    'bad-shape',
    /add: wanted shapes that broadcast .*got \(2, 3\) and \(2\)/,
    () => add(f(2, 3), f(2)),
  ],
  ['another device', 'bad-device', /add: wanted inputs of one device/, () => add(f(2), zeros(referenceDevice(), [2]))],
  ['a wrong dtype', 'bad-dtype', /wanted inputs of f32; got i32/, () => add(ids(1), ids(2))],
  [
    'inner sizes',
    'bad-shape',
    /matmul: wanted inner sizes that agree; got \(2, 3\) · \(2, 3\)/,
    () => matmul(f(2, 3), f(2, 3)),
  ],
  ['batches', 'bad-shape', /matmul: wanted equal batch axes/, () => matmul(f(2, 2, 3), f(3, 3, 2))],
  [
    'a transposed weight',
    'bad-shape',
    /linear: wanted a weight \(outputs, 3\) .*Try: weights are stored \(out, in\)/,
    () => linear(f(2, 3), f(3, 5)),
  ],
  ['a bias', 'bad-shape', /linear: wanted a bias of 5; got 3/, () => linear(f(2, 3), f(5, 3), f(3))],
  [
    'a norm weight',
    'bad-shape',
    /layerNorm: wanted a weight of 3; got 2/,
    () => layerNorm(f(2, 3), f(2), undefined, 1e-5),
  ],
  [
    'an id too large',
    'bad-index',
    /embedding: wanted ids from 0 to 4; got 5 at element 1/,
    () => embedding(f(5, 2), ids(0, 5)),
  ],
  ['a negative id', 'bad-index', /got -1 at element 0/, () => embedding(f(5, 2), ids(-1))],
  ['ids that are floats', 'bad-dtype', /wanted ids of i32/, () => embedding(f(5, 2), f(2))],
  ['a picked id', 'bad-index', /pick: wanted ids from 0 to 2; got 3/, () => pick(f(2, 3), ids(0, 3))],
  [
    'a target',
    'bad-index',
    /linearCrossEntropy: .*got 7 at element 1/,
    () => linearCrossEntropy(f(2, 3), f(7, 3), ids(-1, 7)),
  ],
  [
    'heads',
    'bad-shape',
    /attention: wanted qkv \(B, T, \(H \+ 2K\)·D\)/,
    () => attention(f(1, 2, 7), { heads: 2, causal: true }),
  ],
  ['kv heads', 'bad-shape', /H a multiple of K/, () => attention(f(1, 2, 7), { heads: 3, kvHeads: 2, causal: true })],
  [
    'documents',
    'bad-shape',
    /documents of 2/,
    () => attention(f(1, 2, 6), { heads: 1, causal: true, documents: ids(1) }),
  ],
  ['an axis', 'bad-shape', /sum: wanted an axis of \(2, 3\); got axis 2/, () => sum(f(2, 3), 2)],
  ['a reshape', 'bad-shape', /reshape: wanted a shape of 6 elements/, () => f(2, 3).reshape([4, 2])],
  ['a reshape to what does not divide', 'bad-shape', /reshape/, () => f(2, 3).reshape([4, -1])],
  [
    'a slice',
    'bad-shape',
    /slice: wanted a box within \(2, 3\); got \(1, 3\) at \(0, 1\)/,
    () => slice(f(2, 3), [0, 1], [1, 3]),
  ],
  ['a permutation', 'bad-shape', /transpose: wanted a permutation/, () => transpose(f(2, 3), [0, 0])],
  [
    'parts',
    'bad-shape',
    /concat: wanted f32 \(2, 3\) but for axis 1; got f32 \(3, 3\)/,
    () => concat([f(2, 3), f(3, 3)], 1),
  ],
  ['no parts', 'bad-shape', /concat: wanted at least one tensor/, () => concat([], 0)],
  [
    'a dropout rate of 1',
    'bad-option',
    /dropout: wanted a rate in \[0, 1\)/,
    () => dropout(f(2), { rate: 1, key: [0, 0], counter: 0 }),
  ],
  [
    'a dropout counter that is not whole',
    'bad-option',
    /dropout: wanted a whole counter from 0; got 0\.75/,
    () => dropout(f(2), { rate: 0.5, key: [0, 0], counter: 0.75 }),
  ],
  [
    'a cache of another device',
    'bad-device',
    /attentionCached: wanted a cache of the same device/,
    () => {
      const cache = KeyValueCache.create(referenceDevice(), { layers: 1, slots: 1, capacity: 1, width: 1 });
      return attentionCached(f(1, 1, 3), cache.view([0]), 0, { heads: 1 });
    },
  ],
  ['an item of many', 'bad-shape', /item: wanted a tensor of one element/, () => f(2).item()],
  [
    'an unknown parameter',
    'unknown-parameter',
    /a parameter of the model: a\.weight; got 'b\.weight'/,
    () => plainWeights(ParameterTree.create(device, [{ name: 'a.weight', shape: [1, 1] }])).logits('b', f(1, 1)),
  ],
  [
    'a name twice',
    'bad-option',
    /each name once; got 'a' twice/,
    () =>
      ParameterTree.create(device, [
        { name: 'a', shape: [1] },
        { name: 'a', shape: [2] },
      ]),
  ],
  [
    'a load of another size',
    'bad-shape',
    /load p: wanted 2 numbers for \(2\); got 3/,
    () => new Parameter(device, 'p', [2]).load(Float32Array.of(1, 2, 3)),
  ],
];

test.each(refused)('%s is refused as %s', (_name, code, text, body) => {
  let caught: unknown;
  try {
    scope(body);
  } catch (error) {
    caught = error;
  }
  expect(isTensorError(caught)).toBe(true);
  expect(caught).toMatchObject({ code });
  expect((caught as TensorError).message).toMatch(text);
});

test('ids whose range is not known are looked at, and those in range pass', () => {
  scope(() => {
    const picked = argmax(tensor(device, [0, 5, 1, 2, 0, 0], [2, 3]));
    expect([...picked.read()]).toEqual([1, 0]);
    expect([...embedding(tensor(device, [1, 2, 3, 4], [2, 2]), picked).read()]).toEqual([3, 4, 1, 2]);
    // The slice inherits a range that is too wide; its own ids are fine.
    expect(embedding(f(5, 2), slice(ids(9, 1, 4), [1], [2])).shape).toEqual([2, 2]);
  });
});

test('anomaly mode names the first op whose output breaks', () => {
  scope(() => {
    const x = tensor(device, [1, -1], [2]);
    expect(() => watchNumbers(() => exp(sqrt(x)))).toThrow(
      /sqrt: wanted finite numbers from its forward pass; got NaN at element 1 of \(2\)/,
    );
    expect(() => watchNumbers(() => log(sub(x, x)))).toThrow(/log: .*forward.*-Infinity at element 0/);
    expect(watchNumbers(() => exp(x)).shape).toEqual([2]);
  });
});

test('anomaly mode names the op whose gradient breaks though its output is finite', () => {
  const p = new Parameter(device, 'p', [2]);
  p.load(Float32Array.of(0, 4));
  expect(() => scope(() => watchNumbers(() => backward(sum(mul(sqrt(p), 3)))))).toThrow(
    /sqrt: wanted finite numbers from its (backward|forward) pass; got Infinity at element 0/,
  );
  p.zeroGradient();
  p.dispose();
});

test('onOp sees ops and gradients, and stops afterwards', () => {
  const seen: string[] = [];
  const p = new Parameter(device, 'p', [2]);
  scope(() => {
    onOp(
      (op, phase) => seen.push(`${phase} ${op}`),
      () => backward(sum(mul(p, p))),
    );
    exp(p);
  });
  expect(seen.slice(0, 2)).toEqual(['forward mul', 'forward sum']);
  expect(seen.filter((line) => line === 'backward mul')).toHaveLength(2);
  expect(seen.some((line) => line.endsWith('exp'))).toBe(false);
});

test('firstNonFinite finds NaN and infinities', () => {
  expect(firstNonFinite(tensor(device, [1, 2, -Infinity, NaN], [4]))).toBe(2);
  expect(firstNonFinite(tensor(device, [1, 2], [2]))).toBeUndefined();
  expect(isTensorError(new Error('x'))).toBe(false);
  expect(div(tensor(device, [3], [1]), 2).item()).toBe(1.5);
});
