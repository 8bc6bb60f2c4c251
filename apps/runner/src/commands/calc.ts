// `ingot calc`: parameters, FLOPs, compute-optimal sizes, losses and memory, on paper alone.
import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import {
  adapterBytes,
  bitsPerWeight,
  cacheBytes,
  closedFormOptimum,
  comparePage,
  gptParameters,
  llamaParameters,
  lossConstants,
  type LossConstantsName,
  PAGE_DISAGREES,
  type ParameterCount,
  predictLoss,
  ruleOfTwenty,
  tokenFlops,
  trainingBytes,
  trainingBytesPerParameter,
  type TrainingScheme,
  weightBytes,
  type WeightScheme,
} from '@ingot/scaling';
import { UsageError } from '../exit-codes.js';
import { bytes, flops as flopText, short } from '../terminal/format.js';
import { renderTable } from '../terminal/table.js';
import { outJson, type AddCommand } from './app.js';

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, B: 1e9, G: 1e9, T: 1e12 };
/** '7e9', '7B' and '7000000000' alike. */
const number = (text: string): number => {
  const [, digits = '', unit = ''] = /^([\d.]+(?:e[+-]?\d+)?)\s*([KMBGT]?)$/i.exec(text.trim()) ?? [];
  const value = Number(digits) * (UNITS[unit.toUpperCase()] ?? Number.NaN);
  if (digits === '' || !(value > 0) || !Number.isFinite(value))
    throw new InvalidArgumentError('Wanted a number above 0, for example 7e9 or 7B.');
  return value;
};

interface Shape {
  readonly layers: number;
  readonly width: number;
  readonly vocab: number;
  readonly context: number;
  readonly hidden?: number;
  readonly heads?: number;
  readonly kvHeads?: number;
  readonly untied?: boolean;
  readonly llama?: boolean;
}
const shaped = (command: Command): Command =>
  command
    .requiredOption('--layers <n>', 'blocks, L', number)
    .requiredOption('--width <n>', 'features of the residual stream, C', number)
    .requiredOption('--vocab <n>', 'rows of the token table, V', number)
    .option('--context <n>', 'the longest sequence, T', number, 1024)
    .option('--hidden <n>', 'features inside the MLP (default 4C; needed with --llama)', number)
    .option('--heads <n>', 'attention heads (needed with --llama)', number)
    .option('--kv-heads <n>', 'heads of keys and values (default: as many as heads)', number)
    .option('--untied', 'the head has a table of its own')
    .option('--llama', 'gated MLP, RMSNorm, no biases, no position table; else a GPT-2')
    .option('--json', 'one JSON object');
const countOf = (shape: Shape): ParameterCount => {
  const { layers, width, vocab, context, hidden, heads, kvHeads, untied, llama } = shape;
  if (!llama)
    return gptParameters({ layers, width, vocab, context, tied: !untied, ...(hidden === undefined ? {} : { hidden }) });
  if (hidden === undefined || heads === undefined) throw new UsageError('With --llama give --hidden and --heads too.');
  const more = kvHeads === undefined ? {} : { kvHeads };
  return llamaParameters({ layers, width, vocab, heads, hidden, tied: !untied, ...more });
};
const constantsNames = Object.keys(lossConstants) as LossConstantsName[];
/** 2886751345.9 -> '2.89B': the field's signs. */
const count = (value: number): string => short(value).replace('G', 'B');

/** 2.352e20 -> '2.35e20' */
const scientific = (value: number): string => value.toExponential(2).replace('+', '');

/** Adds `calc params`, `flops`, `optimum`, `loss` and `memory`. */
export const addCalc: AddCommand = (program, { io }) => {
  const c = pc.createColors(io.colours);
  const calc = program.command('calc').description('work out parameters, FLOPs, optimal sizes, losses and memory');
  const show = (json: boolean | undefined, value: unknown, rows: readonly Row[], note?: string): void =>
    json
      ? outJson(io, value)
      : io.out(`${renderTable(rows, io.colours)}\n${note === undefined ? '' : `\n${c.dim(note)}\n`}`);

  shaped(calc.command('params').description('exact parameter counts of a shape')).action((shape: Shape & Json) => {
    const counted = countOf(shape);
    const rows = Object.entries(counted).map(([what, n]) => ({ what, parameters: n.toLocaleString('en') }));
    show(shape.json, counted, rows);
  });

  shaped(
    calc
      .command('flops')
      .description('FLOPs of one token, by each form in use')
      .option('--tokens <n>', 'tokens of a whole training', number),
  ).action((shape: Shape & Json & { tokens?: number }) => {
    const { layers, width, context, llama } = shape;
    // a position table is looked up, not multiplied
    const parameters = countOf(shape).active - (llama ? 0 : context * width);
    const perToken = tokenFlops({ parameters, layers, width, length: context });
    const whole = shape.tokens === undefined ? {} : { whole: perToken.training * shape.tokens };
    const rows = Object.entries(perToken).map(([form, n]) => ({ form, 'a token': flopText(n) }));
    show(
      shape.json,
      { parameters, perToken, ...whole },
      [...rows, ...(whole.whole ? [{ form: 'the whole training', 'a token': `${scientific(whole.whole)} FLOP` }] : [])],
      'forward 2N + 4LCT; training 6N + 12LCT (PaLM, appendix B); causal: half of the attention; recomputed: forward twice; Kaplan: 3·(2N + 2LCT); simple 6N.',
    );
  });

  calc
    .command('optimum')
    .description('the best parameters and tokens for a compute budget, by each law, and what the course page says')
    .requiredOption('--flops <n>', 'the budget C = 6ND', number)
    .option('--json', 'one JSON object')
    .action(({ flops, json }: Json & { flops: number }) => {
      const laws = [
        { law: 'rule of 20 (the page’s formula)', ...ruleOfTwenty(flops) },
        ...constantsNames.map((name) => ({
          law: `closed form, ${name} constants`,
          ...closedFormOptimum(flops, lossConstants[name]),
        })),
      ];
      const page = comparePage().find(({ row }) => Math.abs(row.flops / flops - 1) < 1e-9);
      const rows = laws.map(({ law, parameters, tokens, tokensPerParameter }) => ({
        law,
        parameters: count(parameters),
        tokens: count(tokens),
        'tokens a parameter': tokensPerParameter.toFixed(2),
        'predicted loss': predictLoss(parameters, tokens).toFixed(4),
        '6ND': scientific(flops),
      }));
      const printed = page && {
        law: `the page’s table (${page.row.example})`,
        parameters: count(page.row.parameters),
        tokens: count(page.row.tokens),
        'tokens a parameter': (page.row.tokens / page.row.parameters).toFixed(2),
        'predicted loss': predictLoss(page.row.parameters, page.row.tokens).toFixed(4),
        '6ND': scientific(page.spends),
      };
      show(
        json,
        { flops, laws, ...(page ? { page: { ...page.row, spends: page.spends } } : {}), note: PAGE_DISAGREES },
        printed ? [...rows, printed] : rows,
        `${PAGE_DISAGREES}\nPredicted losses are those of the rounded constants.`,
      );
    });

  calc
    .command('loss')
    .description('the predicted loss of so many parameters on so many tokens')
    .requiredOption('--params <n>', 'parameters, N', number)
    .requiredOption('--tokens <n>', 'tokens, D', number)
    .option('--json', 'one JSON object')
    .action(({ params, tokens, json }: Json & { params: number; tokens: number }) => {
      const losses = constantsNames.map((constants) => {
        const loss = predictLoss(params, tokens, lossConstants[constants]);
        return { constants, loss, perplexity: Math.exp(loss) };
      });
      show(
        json,
        { parameters: params, tokens, losses },
        losses.map(({ constants, loss, perplexity }) => ({
          constants,
          'nats a token': loss.toFixed(4),
          perplexity: perplexity.toFixed(2),
        })),
        'L = E + A/N^α + B/D^β: Hoffmann et al. 2022 (rounded, unrounded), Besiroglu et al. 2024 (epoch).',
      );
    });

  calc
    .command('memory')
    .description('bytes of weights, of training, and of the key-value cache')
    .requiredOption('--params <n>', 'parameters, N', number)
    .addOption(new Option('--adapter <n>', 'parameters of an adapter over the frozen model').argParser(number))
    .option('--layers <n>', 'for the cache: blocks', number)
    .option('--kv-heads <n>', 'for the cache: heads of keys and values', number)
    .option('--head-width <n>', 'for the cache: features of a head', number)
    .option('--context <n>', 'for the cache: tokens of a sequence', number)
    .option('--batch <n>', 'for the cache: sequences', number, 1)
    .option('--json', 'one JSON object')
    .action((how: MemoryOptions) => {
      const weights = Object.fromEntries(
        (Object.keys(bitsPerWeight) as WeightScheme[]).map((scheme) => [scheme, weightBytes(how.params, scheme)]),
      );
      const training = Object.fromEntries(
        (Object.keys(trainingBytesPerParameter) as TrainingScheme[]).map((scheme) => [
          scheme,
          trainingBytes(how.params, scheme),
        ]),
      );
      const { adapter } = how;
      const adapters =
        adapter === undefined
          ? {}
          : { LoRA: adapterBytes(how.params, adapter), QLoRA: adapterBytes(how.params, adapter, 'nf4') };
      const cache = cacheOf(how);
      const rows = (use: string, of: Readonly<Record<string, number>>): Row[] =>
        Object.entries(of).map(([scheme, n]) => ({ use, scheme, bytes: bytes(n) }));
      show(
        how.json,
        { parameters: how.params, weights, training, ...(adapter === undefined ? {} : { adapters }), ...cache },
        [
          ...rows('weights', weights),
          ...rows('training', training),
          ...rows('training', adapters),
          ...rows('cache', cache),
        ],
        'Training counts weights, gradients and optimiser; activations come on top. The cache is f16.',
      );
    });
};

type Row = Readonly<Record<string, string | number>>;
interface Json {
  readonly json?: boolean;
}
interface MemoryOptions extends Json {
  readonly params: number;
  readonly adapter?: number;
  readonly layers?: number;
  readonly kvHeads?: number;
  readonly headWidth?: number;
  readonly context?: number;
  readonly batch: number;
}
const cacheOf = ({ layers, kvHeads, headWidth, context, batch }: MemoryOptions): { readonly cache?: number } => {
  const given = [layers, kvHeads, headWidth, context];
  if (given.every((one) => one === undefined)) return {};
  if (layers === undefined || kvHeads === undefined || headWidth === undefined || context === undefined)
    throw new UsageError('For the cache give --layers, --kv-heads, --head-width and --context.');
  return { cache: cacheBytes({ layers, kvHeads, headWidth, length: context, batch }) };
};
