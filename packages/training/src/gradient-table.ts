// What one step does to each parameter: norms of gradient and weight, and how large the update is beside the weight; what a replay shows.
import { table, type StageEvent } from '@ingot/core';
import type { ParameterTree } from '@ingot/tensor';

/** One parameter, or one block of them, at one step; norms are Euclidean, summed in double precision. */
export interface GradientRow {
  /** 'blocks.3' for what lies in a numbered block, else the first word of the name: 'wte', 'norm'. */
  readonly block: string;
  readonly parameter: string;
  /** How many numbers. */
  readonly size: number;
  /** Before clipping; 0 for what got none. */
  readonly gradientNorm: number;
  /** Before the update. */
  readonly weightNorm: number;
  /** How far the update moved it. */
  readonly updateNorm?: number;
}
type Host = ReadonlyMap<string, Float32Array>;

const norm = (data: ArrayLike<number>, from?: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += (data[i]! - (from?.[i] ?? 0)) ** 2;
  return Math.sqrt(sum);
};
const together = (norms: readonly number[]): number => Math.hypot(...norms);
/** The part of a parameter's name that is its block. */
export const blockOf = (name: string): string =>
  /^(?:[^.]+\.)*?[^.]+\.\d+(?=\.)/.exec(name)?.[0] ?? name.split('.')[0]!;

/**
 * A row for each parameter that learns, of gradients that are in place now. With the weights as they were before the update (`before`, by name),
 * the parameters are taken as updated, and the rows say how far they moved.
 */
export function gradientTable(parameters: ParameterTree, before?: Host): GradientRow[] {
  return parameters
    .values()
    .filter(({ trainable }) => trainable)
    .map((parameter) => {
      const { name, size, gradient } = parameter;
      const now = parameter.read() as Float32Array;
      const old = before?.get(name);
      return {
        block: blockOf(name),
        parameter: name,
        size,
        gradientNorm: gradient ? norm(gradient.read() as Float32Array) : 0,
        weightNorm: norm(old ?? now),
        ...(old ? { updateNorm: norm(now, old) } : {}),
      };
    });
}

/** The rows of each block put together, in the order of their first parameters. */
export function groupByBlock(rows: readonly GradientRow[]): GradientRow[] {
  const blocks = [...new Set(rows.map(({ block }) => block))];
  return blocks.map((block) =>
    merged(
      block,
      rows.filter((row) => row.block === block),
    ),
  );
}

function merged(block: string, rows: readonly GradientRow[]): GradientRow {
  return {
    block,
    parameter: rows.length === 1 ? rows[0]!.parameter : `${rows.length} parameters`,
    size: rows.reduce((sum, row) => sum + row.size, 0),
    gradientNorm: together(rows.map((row) => row.gradientNorm)),
    weightNorm: together(rows.map((row) => row.weightNorm)),
    ...(rows.some((row) => row.updateNorm !== undefined)
      ? { updateNorm: together(rows.map((row) => row.updateNorm ?? 0)) }
      : {}),
  };
}

/** The ratio: around 1e-3 is usual when AdamW trains from scratch; Infinity where a weight of zeros moved. */
const shown = ({ updateNorm, gradientNorm, weightNorm, ...row }: GradientRow): Record<string, string | number> => ({
  ...row,
  'gradient norm': gradientNorm,
  'weight norm': weightNorm,
  ...(updateNorm === undefined ? {} : { 'update / weight': updateNorm === 0 ? 0 : updateNorm / weightNorm }),
});

/**
 * Looks at a step, counted from 1: called when its gradients are in place and nothing is updated; what it gives is called after the update,
 * while the gradients are still there, and gives the tables 'Gradients at step N' and 'Gradients at step N, by block'.
 */
export function lookAtStep(step: number): (parameters: ParameterTree) => () => readonly StageEvent[] {
  return (parameters) => {
    // copies: what a device gives to read may be its own memory
    const before: Host = new Map(
      parameters.values().map((one) => [one.name, Float32Array.from(one.read() as Float32Array)]),
    );
    // an optimiser may use a gradient's memory for its own ends
    const gradients = gradientTable(parameters);
    return () => {
      const rows = gradientTable(parameters, before).map((row, i) => ({
        ...row,
        gradientNorm: gradients[i]!.gradientNorm,
      }));
      const blocks = [...groupByBlock(rows), merged('all', rows)];
      return [
        table(`Gradients at step ${step}`, rows.map(shown)),
        table(`Gradients at step ${step}, by block`, blocks.map(shown)),
      ];
    };
  };
}

/** What a loop is told of a replay, from `context.replay`: nothing where there is none. */
export const replayAt = (
  step: number | undefined,
): { readonly replay?: { readonly step: number; readonly look: ReturnType<typeof lookAtStep> } } =>
  step === undefined ? {} : { replay: { step, look: lookAtStep(step) } };
