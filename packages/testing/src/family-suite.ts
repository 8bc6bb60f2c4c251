// The contract of a family: shapes, parameters, causality, the cache, documents, gradients. Give it a tiny design.
import type { DesignValue, FamilyValue } from '@ingot/contracts';
import {
  KeyValueCache,
  noGrad,
  ParameterTree,
  plainWeights,
  referenceDevice,
  scope,
  tensor,
  type Device,
  type Tensor,
} from '@ingot/tensor';
import { expect } from 'vitest';
import { registerChecks, type Check } from './check.js';
import { familyGradients } from './family-gradients.js';
import { testNumbers } from './gradient-check.js';

export interface FamilyCase {
  readonly family: FamilyValue;
  /** A tiny design: a context of 8 or more, a few dozen ids, a width of some 8. */
  readonly design: DesignValue;
  /** By default the reference device. */
  readonly device?: () => Device;
  /** Largest difference where two ways to compute one thing may round differently; by default 1e-5, fp32 sums of some hundred terms. Zero on a row-invariant device. */
  readonly tolerance?: number;
  /** False when the family cannot keep packed documents apart. */
  readonly documents?: boolean;
}

type Ids = readonly (readonly number[])[];
type Hidden = readonly (readonly (readonly number[])[])[];
interface Bench {
  readonly device: Device;
  readonly tree: ParameterTree;
  /** ids (B, T) -> hidden states (B, T, C) as numbers. */
  hidden(ids: Ids, context?: Parameters<FamilyValue['forward']>[3]): Hidden;
  ints(rows: Ids): Tensor;
}

/** The family at work on fixed random weights, freed at the end. */
const withBench = async (
  { family, design, device: open = referenceDevice }: FamilyCase,
  body: (bench: Bench) => void,
): Promise<void> => {
  const device = open();
  const tree = ParameterTree.create(device, family.parameters(design));
  tree
    .values()
    .forEach((parameter, i) => parameter.load(testNumbers(parameter.shape, 11 + i).map((number) => 0.3 * number)));
  const ints = (rows: Ids) => tensor(device, Int32Array.from(rows.flat()), [rows.length, rows[0]?.length ?? 0], 'i32');
  const hidden = (ids: Ids, context: Parameters<FamilyValue['forward']>[3] = {}): Hidden =>
    scope(() => {
      const out = noGrad(() => family.forward(design, plainWeights(tree), ints(ids), context));
      const [batch = 0, length = 0, width = 0] = out.shape;
      expect([batch, length], 'hidden states are (B, T, C)').toEqual([ids.length, ids[0]?.length]);
      const numbers = [...out.read()];
      return Array.from({ length: batch }, (_, b) =>
        Array.from({ length }, (__, t) => numbers.slice((b * length + t) * width, (b * length + t + 1) * width)),
      );
    });
  try {
    body({ device, tree, hidden, ints });
  } finally {
    tree.dispose();
  }
};
const expectClose = (got: Hidden[number], wanted: Hidden[number], tolerance: number, what: string) => {
  expect(got.length, what).toBe(wanted.length);
  const far = got
    .flatMap((row, t) => row.map((number, c) => Math.abs(number - (wanted[t]?.[c] ?? Number.NaN))))
    .filter((difference) => !(difference <= tolerance));
  expect(far, `${what}: differences over ${tolerance}`).toEqual([]);
};
const someIds = (design: DesignValue, length: number, seed: number): number[] =>
  Array.from({ length }, (_, t) => (7 * t + 3 * seed + ((t * t * seed) % 5)) % design.vocabSize);
const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

const parameterChecks = ({ family, design }: FamilyCase): readonly Check[] => [
  {
    name: 'parameters have distinct names and whole sizes from 1',
    run: () => {
      const specs = family.parameters(design);
      expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length);
      for (const { name, shape } of specs)
        expect(
          shape.every((size) => Number.isSafeInteger(size) && size > 0),
          name,
        ).toBe(true);
    },
  },
  {
    name: 'the estimate counts exactly the parameters',
    run: () => {
      expect(family.estimate(design, 2, 4).parameters).toBe(
        family.parameters(design).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
      );
    },
  },
  {
    name: 'the head is one of the weights, with a row for each id',
    run: () => {
      const head = family.parameters(design).find(({ name }) => name === `${family.head(design)}.weight`);
      expect(head?.shape[0]).toBe(design.vocabSize);
    },
  },
];

const forwardChecks = (given: FamilyCase): readonly Check[] => {
  const { family, design, tolerance = 1e-5, documents = true } = given;
  const length = Math.min(8, design.context);
  const on = (name: string, body: (bench: Bench) => void): Check => ({ name, run: () => withBench(given, body) });
  return [
    on(
      'shapes: (B, T) ids give (B, T, C) finite numbers, for one position and for the whole context',
      ({ hidden, tree }) => {
        const width = tree.get(`${family.head(design)}.weight`).shape[1];
        for (const [batch, t] of [
          [1, 1],
          [3, 1],
          [2, length],
          [1, design.context],
        ] as const) {
          const out = hidden(Array.from({ length: batch }, (_, b) => someIds(design, t, b)));
          expect(out[0]?.[0]?.length).toBe(width);
          expect(out.flat(2).every(Number.isFinite)).toBe(true);
        }
      },
    ),
    on('causality: changing an id changes no earlier row, and changes its own', ({ hidden }) => {
      const ids = someIds(design, length, 1);
      const before = hidden([ids])[0] ?? [];
      for (let t = 0; t < length; t++) {
        const after = hidden([ids.map((id, at) => (at === t ? (id + 1) % design.vocabSize : id))])[0] ?? [];
        expect(after.slice(0, t), `rows before ${t}`).toEqual(before.slice(0, t));
        expect(after[t], `row ${t}`).not.toEqual(before[t]);
      }
    }),
    on('a row of a batch does not depend on its neighbours', ({ device, hidden }) => {
      const rows = [0, 1, 2].map((seed) => someIds(design, length, seed));
      const together = hidden(rows);
      rows.forEach((row, b) =>
        expectClose(hidden([row])[0] ?? [], together[b] ?? [], device.rowInvariant ? 0 : tolerance, `row ${b}`),
      );
    }),
    on('cached equals uncached: prefill in two pieces, then one position at a time', ({ device, hidden }) => {
      const { layers, width } = family.cache(design);
      if (layers === 0) return;
      const rows = [someIds(design, length, 1), someIds(design, length, 2)];
      const whole = hidden(rows);
      const cache = KeyValueCache.create(device, { layers, width, slots: 3, capacity: design.context });
      const slots = [2, 0];
      try {
        let at = 0;
        for (const count of [2, 1, ...Array.from({ length: length - 3 }, () => 1)]) {
          const piece = hidden(
            rows.map((row) => row.slice(at, at + count)),
            { cache: cache.view(slots) },
          );
          cache.advance(slots, count);
          piece.forEach((row, b) =>
            expectClose(
              row,
              whole[b]?.slice(at, at + count) ?? [],
              device.rowInvariant ? 0 : tolerance,
              `row ${b} from ${at}`,
            ),
          );
          at += count;
        }
      } finally {
        cache.dispose();
      }
    }),
    on('packed documents do not see each other', ({ hidden, ints }) => {
      if (!documents) return;
      const [a, b] = [someIds(design, 3, 1), someIds(design, length - 3, 2)];
      const positions = ints([[...a.keys(), ...b.keys()]]);
      const packed =
        hidden([[...a, ...b]], { positions, documents: ints([[...a.map(() => 0), ...b.map(() => 1)]]) })[0] ?? [];
      positions.dispose();
      expectClose(packed.slice(0, 3), hidden([a])[0] ?? [], tolerance, 'the first document');
      expectClose(packed.slice(3), hidden([b])[0] ?? [], tolerance, 'the second document');
    }),
    on('gradients of the loss agree with finite differences in every parameter', ({ device, tree }) =>
      familyGradients(device, family, design, tree, someIds(design, Math.min(4, length), 1)),
    ),
    on('leaves no array behind', ({ device, hidden }) => {
      hidden([someIds(design, length, 1)]);
      const before = device.memory().arrays;
      hidden([someIds(design, length, 2)]);
      expect(device.memory().arrays).toBe(before);
    }),
  ];
};

/** The checks of a family; `familySuite` registers them. */
export const familyChecks = (familyCase: FamilyCase): readonly Check[] => [
  ...parameterChecks(familyCase),
  ...forwardChecks(familyCase),
];

/** Registers the contract of a family with vitest. */
export const familySuite = (name: string, familyCase: FamilyCase): void =>
  registerChecks(`family ${name}`, familyChecks(familyCase));
