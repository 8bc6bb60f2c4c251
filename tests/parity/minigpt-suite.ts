// The course page's MiniGPT against PyTorch (bench/peers/minigpt_reference.py; goldens 7.10): logits, loss, every gradient, two optimiser trajectories.
import { readFileSync } from 'node:fs';
import { gptDesign, gptFamily } from '@ingot/model-gpt';
import {
  adamwStep,
  backward,
  clipFactor,
  decaysMatrices,
  globalNorm,
  OptimiserState,
  ParameterTree,
  plainWeights,
  scope,
  sum,
  tensor,
  type AdamWOptions,
  type Device,
  type GeluKind,
} from '@ingot/tensor';
import { describe, expect, it } from 'vitest';

interface Reference {
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly kinds: Readonly<Record<GeluKind, Numbers>>;
}
interface Numbers {
  readonly loss: number;
  readonly gradientNorm: number;
  readonly 'logits[0,0,:4]': readonly number[];
  readonly 'logits[1,15,60:]': readonly number[];
  readonly 'sum of logits': number;
  readonly 'argmax of last': readonly number[];
  readonly adamw: readonly number[];
  readonly nanogpt: readonly number[];
}
const at = (file: string) => new URL(`./data/${file}`, import.meta.url);
const reference = JSON.parse(readFileSync(at('minigpt.json'), 'utf8')) as Reference;
const gradientBytes = readFileSync(at('minigpt-gradients.bin'));
const gradients = new Float32Array(gradientBytes.buffer, gradientBytes.byteOffset, gradientBytes.length / 4);

const [V, C, T, B] = [64, 32, 16, 2];
const ids = Int32Array.from({ length: B * T }, (_, i) => (7 * Math.floor(i / T) + 3 * (i % T) + (i % T) ** 2) % V);
const targets = Int32Array.from(ids, (_, i) => (i % T === T - 1 ? -1 : ids[i + 1]!));
const scored = B * (T - 1);

/** PyTorch's names as ours. */
const ours = (name: string): string =>
  name
    .replace('token_emb', 'wte')
    .replace('pos_emb', 'wpe')
    .replace('ln_final', 'norm')
    .replace('attn.qkv', 'attention.qkv')
    .replace('attn.proj', 'attention.projection')
    .replace('ffn.0', 'mlp.up')
    .replace('ffn.2', 'mlp.down')
    .replace(/\.ln([12])/, '.norm$1');

const fresh = (device: Device, gelu: GeluKind) => {
  const design = gptDesign(
    { layers: 2, heads: 4, width: C, context: 512, gelu },
    { json: {}, vocabSize: V, digest: 'none' },
  );
  const tree = ParameterTree.create(device, gptFamily.parameters(design));
  reference.parameters.forEach(({ name }, q) => {
    const parameter = tree.get(ours(name));
    const norm = /(\.ln[12]|ln_final)\.weight/.test(name) ? 1 : 0;
    parameter.load(
      Float32Array.from(
        { length: parameter.size },
        (_, j) => Math.fround(0.1 * Math.sin(1 + 0.37 * j + 1.7 * q)) + norm,
      ),
    );
  });
  const weights = plainWeights(tree);
  const hidden = () => gptFamily.forward(design, weights, tensor(device, ids, [B, T], 'i32'));
  /** Mean loss over the scored positions, with gradients. */
  const lossAndGradients = () =>
    scope(() => {
      const total = sum(
        weights.crossEntropy(
          gptFamily.head(design),
          hidden().reshape([B * T, C]),
          tensor(device, targets, [B * T], 'i32'),
        ),
      );
      backward(total, 1 / scored);
      return total.item() / scored;
    });
  const logits = () => scope(() => weights.logits(gptFamily.head(design), hidden()).read()) as Float32Array;
  return { tree, logits, lossAndGradients };
};

const trajectory = (device: Device, gelu: GeluKind, options: AdamWOptions, clip?: number): number[] => {
  const { tree, lossAndGradients } = fresh(device, gelu);
  const state = new OptimiserState();
  const losses = Array.from({ length: 11 }, () => {
    tree.zeroGradients();
    const loss = lossAndGradients();
    adamwStep(tree, state, {
      ...options,
      ...(clip === undefined ? {} : { gradientScale: clipFactor(globalNorm(tree), clip) }),
    });
    return loss;
  });
  state.dispose();
  tree.dispose();
  return losses;
};

/** Absolute closeness of a list; the values are of the order of 1, fp32 sums of some hundred terms in another order differ by about 1e-6. */
const expectClose = (got: ArrayLike<number>, wanted: readonly number[], tolerance: number) =>
  Array.from(got).forEach((value, i) =>
    expect(Math.abs(value - wanted[i]!), `number ${i}: ${value} against ${wanted[i]}`).toBeLessThanOrEqual(tolerance),
  );

const largest = (row: Float32Array): number => row.indexOf(Math.max(...row));

/** All numbers of goldens 7.10 on one device. */
export const minigptSuite = (name: string, open: () => Device): void => {
  describe.each(['erf', 'tanh'] as const)(`MiniGPT on ${name}, GELU %s, as PyTorch`, (gelu) => {
    const wanted = reference.kinds[gelu];

    it('has 43,904 parameters and the logits', () => {
      const { tree, logits } = fresh(open(), gelu);
      expect(tree.values().reduce((count, { size }) => count + size, 0)).toBe(43_904);
      const got = logits();
      expectClose(got.slice(0, 4), wanted['logits[0,0,:4]'], 1e-5);
      expectClose(got.slice((B * T - 1) * V + 60), wanted['logits[1,15,60:]'], 1e-5);
      expect(got.reduce((a, b) => a + b, 0)).toBeCloseTo(wanted['sum of logits'], 3); // 2,048 terms
      expect([15, 31].map((row) => largest(got.subarray(row * V, (row + 1) * V)))).toEqual(wanted['argmax of last']);
      tree.dispose();
    });

    it('has the loss, the gradient norm and every single gradient to 1e-5 of max(1, the largest)', () => {
      const { tree, lossAndGradients } = fresh(open(), gelu);
      expect(Math.abs(lossAndGradients() - wanted.loss)).toBeLessThanOrEqual(2e-6);
      expect(Math.abs(globalNorm(tree) - wanted.gradientNorm)).toBeLessThanOrEqual(5e-6);
      let from = gelu === 'erf' ? 0 : gradients.length / 2;
      for (const parameter of reference.parameters) {
        const got = tree.get(ours(parameter.name)).gradient!.read() as Float32Array;
        const theirs = gradients.subarray(from, from + got.length);
        const tolerance =
          1e-5 *
          Math.max(
            1,
            theirs.reduce((most, g) => Math.max(most, Math.abs(g)), 0),
          );
        got.forEach((value, i) => {
          if (!(Math.abs(value - theirs[i]!) <= tolerance))
            expect.fail(`gradient of ${parameter.name}, element ${i}: ${value} against ${theirs[i]}`);
        });
        from += got.length;
      }
      tree.dispose();
    });

    it("follows AdamW and nanoGPT's settings for ten steps to 1e-4", () => {
      expectClose(trajectory(open(), gelu, { lr: 1e-3, weightDecay: 0.01, decays: () => true }), wanted.adamw, 1e-4);
      expectClose(
        trajectory(open(), gelu, { lr: 6e-4, beta2: 0.95, weightDecay: 0.1, decays: decaysMatrices }, 1),
        wanted.nanogpt,
        1e-4,
      );
    });
  });
};
