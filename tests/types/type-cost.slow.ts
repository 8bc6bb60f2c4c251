// What the types cost: at most 10,000 instantiations an add with 39 plugins and with the framework's own, growing linearly from 20 to 80 adds.
import { expect, test } from 'vitest';
import { COMPILERS, compile, type CompilerName } from './compile.js';
import { ownProgramOf, programOf } from './type-cost.js';

const programs = { '39 plugins': programOf, "the framework's own": ownProgramOf } as const;
const measure = (
  program: (adds: number) => string,
  adds: number,
  compiler: CompilerName,
): { readonly instantiations: number; readonly seconds: number } => {
  const output = compile(`cost-${adds}`, program(adds), compiler, ['--extendedDiagnostics']);
  expect(output, `${adds} adds on ${compiler}`).not.toMatch(/error TS/);
  const number = (label: string) => Number(new RegExp(`^${label}:\\s+([\\d.]+)`, 'm').exec(output)?.[1] ?? Number.NaN);
  return { instantiations: number('Instantiations'), seconds: number('Total time') };
};

const cases = (Object.keys(programs) as (keyof typeof programs)[]).flatMap((plugins) =>
  (Object.keys(COMPILERS) as CompilerName[]).map((compiler) => [plugins, compiler] as const),
);
test.for(cases)('%s, %s: instantiations an add, and their growth', ([plugins, compiler]) => {
  const program = programs[plugins];
  const base = measure(program, 0, compiler).instantiations;
  const costs = [20, 40, 80].map((adds) => ({ adds, ...measure(program, adds, compiler) }));
  const perAdd = costs.map(({ adds, instantiations }) => (instantiations - base) / adds);
  console.log(
    `${plugins}, ${compiler}: ${costs.map(({ adds, seconds }, i) => `${adds} adds: ${Math.round(perAdd[i] ?? 0)} an add, ${seconds} s`).join('; ')}`,
  );
  expect(perAdd[1]).toBeLessThanOrEqual(10_000);
  const [twenty, forty, eighty] = costs.map(({ instantiations }) => instantiations);
  // linear: an add between 40 and 80 costs no more than one between 20 and 40, with a tenth for what the last plugins cost at first use
  expect((eighty! - forty!) / 40).toBeLessThanOrEqual((1.1 * (forty! - twenty!)) / 20);
});
