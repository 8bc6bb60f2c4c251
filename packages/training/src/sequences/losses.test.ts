// The supervised losses against finite differences and by hand, on a family without attention; no gradient where nothing is scored.
import { checkGradients } from '@ingot/testing';
import {
  backward,
  noGrad,
  plainWeights,
  referenceDevice,
  scope,
  sum,
  type ParameterTree,
  type Tensor,
} from '@ingot/tensor';
import { describe, expect, test } from 'vitest';
import { initialParameters } from '../index.js';
import { bigram, design } from '../tiny-family.fixture.js';
import { packedBatch, padTokens, sequenceLogProbabilities, tokenLosses, weightedLoss, type LossHow } from './index.js';

const device = referenceDevice();
const open = () => {
  const parameters = initialParameters(device, bigram.parameters(design), 3);
  return { device, family: bigram, design, parameters, weights: plainWeights(parameters) };
};
const batch = packedBatch([
  { ids: Int32Array.of(1, 2, 3, 4), weights: Float32Array.of(0, 1, 0.5, 1) },
  { ids: Int32Array.of(5, 6, 7), weights: Float32Array.of(0, 0, 2) },
]);
const names = ['wte.weight', 'mix.weight', 'norm.weight', 'norm.bias', 'head.weight'];
/** A model whose parameters are these tensors. */
const over = (tensors: readonly Tensor[]) => {
  const get = (name: string) => tensors[names.indexOf(name)] as ReturnType<ParameterTree['get']>;
  return {
    device,
    family: bigram,
    design,
    weights: plainWeights({ get, has: (name: string) => names.includes(name) } as ParameterTree),
  };
};

describe('weightedLoss', () => {
  test.each([
    ['nll', {}],
    ['label smoothing', { smoothing: 0.1 }],
  ] as const)('%s has the gradient of finite differences', (_, how) => {
    const { parameters } = open();
    const inputs = names.map((name) => ({
      shape: parameters.get(name).shape,
      data: parameters.get(name).read() as Float32Array,
    }));
    checkGradients((...tensors) => weightedLoss(over(tensors), batch, how), inputs, { device, tolerance: 1e-4 });
  });

  const gradientsOf = (how: LossHow, weights = batch.weights) => {
    const model = open();
    scope(() => backward(weightedLoss(model, { ...batch, weights }, how)));
    return model.parameters.values().map(({ gradient }) => Array.from(gradient!.read()));
  };
  test('dft weighs each token by its probability, which is held still', () => {
    const probabilities = scope(() => tokenLosses(open(), batch).read()).map((loss) => Math.exp(-loss));
    const weighted = Float32Array.from(batch.weights, (weight, i) => weight * probabilities[i]!);
    const wanted = gradientsOf({}, weighted);
    gradientsOf({ loss: 'dft' }).forEach((gradient, p) =>
      gradient.forEach((x, i) => expect(Math.abs(x - wanted[p]![i]!)).toBeLessThan(1e-6)),
    );
  });
  test('smoothing is a mix of the own token and the mean of all', () => {
    const model = open();
    const of = (how: LossHow, some = batch) => scope(() => weightedLoss(model, some, how).item());
    const every = Array.from({ length: 11 }, (_, id) => of({}, { ...batch, targets: batch.targets.map(() => id) }));
    const mean = every.reduce((a, b) => a + b) / 11;
    expect(of({ smoothing: 0.2 })).toBeCloseTo(0.8 * of({}) + 0.2 * mean, 4);
  });
  test('tokens that are only read before unscored ones get a gradient of exactly zero', () => {
    const model = open();
    scope(() => backward(weightedLoss(model, batch)));
    const table = model.parameters.get('wte.weight').gradient!.read();
    // Scored targets follow 1, 2, 3 and 6; 5 is read, and what follows it is masked.
    const moved = Array.from({ length: 11 }, (_, id) => table.slice(id * 8, id * 8 + 8).some((x) => x !== 0));
    expect(moved.flatMap((moves, id) => (moves ? [id] : []))).toEqual([1, 2, 3, 6]);
  });
});

describe('sequenceLogProbabilities', () => {
  const sequences = [
    { ids: Int32Array.of(1, 2, 3, 4), from: 2 },
    { ids: Int32Array.of(5, 6), from: 1 },
  ];
  test('sums and padded tokens carry the gradient of finite differences', () => {
    const { parameters } = open();
    const inputs = names.map((name) => ({
      shape: parameters.get(name).shape,
      data: parameters.get(name).read() as Float32Array,
    }));
    checkGradients((...tensors) => sequenceLogProbabilities(over(tensors), sequences).sums, inputs, {
      device,
      tolerance: 1e-4,
    });
    checkGradients((x) => padTokens(x, [2, 1, 3]), [{ shape: [6] }], { device, tolerance: 1e-4 });
  });
  test('are given in the order of the sequences, without a trace in noGrad', () => {
    const model = open();
    const before = device.memory().arrays;
    scope(() => {
      const { tokens, sums, lengths } = noGrad(() => sequenceLogProbabilities(model, sequences));
      expect([...lengths]).toEqual([2, 1]);
      const [a = 0, b = 0, c = 0] = tokens.read();
      expect([...sums.read()]).toEqual([Math.fround(a + b), c]);
      expect([...padTokens(tokens, lengths).read()]).toEqual([a, b, c, 0]);
      expect(sum(sums).target).toBeUndefined();
    });
    expect(device.memory().arrays).toBe(before);
  });
  test('refuse what has nothing to score', () => {
    const wrong = (from: number) => () => sequenceLogProbabilities(open(), [{ ids: Int32Array.of(1, 2), from }]);
    expect(wrong(2)).toThrow('Sequence 0 has 2 tokens and is scored from token 2 on. Wanted a start from 1 to 1');
    expect(wrong(0)).toThrow('scored from token 0 on');
  });
});
