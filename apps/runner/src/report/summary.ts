// The first screen of the report: what came out, in a sentence and a row of numbers.
import type { RunLog } from '../runs/record.js';
import { bytes, duration, short } from '../terminal/format.js';
import { learnsOnline, metricStyle } from '../metrics.js';
import type { Gathered } from './gather.js';

/** The sentences and tiles at the top. */
export interface Summary {
  readonly verdict: readonly string[];
  readonly tiles: readonly { readonly value: string; readonly label: string }[];
}

/** What the stages said that ask several models the same: which of them the rewards like better, and what the rewards are. */
export const answersSaid = ({ record, events }: RunLog): string[] => {
  const asking = new Set(record.stages.filter(({ stage }) => stage === 'answers').map(({ id }) => id));
  return events.flatMap(({ event }) => (event.type === 'text' && asking.has(event.stage) ? [event.text] : []));
};

/** Says how the model stands beside each baseline of the tables: also when it loses. */
export const verdicts = ({ tables }: Gathered): string[] =>
  tables.flatMap(({ rows }) => {
    const named = rows.flatMap((row) => {
      const [name, value] = [
        row['name'] ?? row['measure'] ?? row['baseline'],
        row['bits per byte'] ?? row['bitsPerByte'],
      ];
      return name !== undefined && typeof value === 'number' ? [{ name: String(name), value }] : [];
    });
    const model = named.find(({ name }) => /^(this )?model\b/i.test(name)) ?? named[0];
    const others = named.filter((row) => row !== model);
    if (!model || others.length === 0) return [];
    const said = others.map(({ name, value }) =>
      model.value < value
        ? `beats ${name} (${value.toFixed(3)})`
        : model.value === value
          ? `equals ${name}`
          : `loses to ${name} (${value.toFixed(3)})`,
    );
    const who = /^(this )?model\b/i.test(model.name) ? 'The model' : `The model '${model.name}'`;
    return [`${who} needs ${model.value.toFixed(3)} bits per byte of text it never saw: it ${said.join(' and ')}.`];
  });

const TILES: Readonly<
  Record<string, (last: number, title: string, peak: number) => { value: string; label: string } | undefined>
> = {
  'Bits per byte': (last, title) =>
    title === 'validation' ? { value: last.toFixed(3), label: 'bits per byte, validation' } : undefined,
  Loss: (last, title) =>
    title.includes('evaluation') ? undefined : { value: last.toFixed(3), label: `loss, ${title}` },
  Accuracy: (last, title) =>
    title === 'accuracy' || title === 'accuracy, held out'
      ? { value: `${(100 * last).toFixed(1)}%`, label: `of pairs ranked right${title.replace('accuracy', '')}` }
      : undefined,
  'KL to the reference': (last, title) => ({
    value: last.toFixed(2),
    label: `KL to the reference, nats${title.replace('KL', '')}`,
  }),
  Reward: (last, title) => ({ value: short(last), label: title }),
  'Gold reward': (last, title) => ({ value: short(last), label: title }),
  Throughput: (last) => ({ value: short(last), label: 'tokens per second' }),
  Memory: (_last, _title, peak) => ({ value: bytes(peak), label: 'peak memory' }),
};
const TILE_ORDER = [
  'peak memory',
  'tokens per second',
  'loss, train',
  'loss, validation',
  'loss, held out',
  'reward',
  'KL to the reference, nats',
  'KL to the reference, nats, held out',
  'reward of the best',
  'gold reward, held out',
  'reward, held out',
  'of pairs ranked right',
  'of pairs ranked right, held out',
  'bits per byte, validation',
].toReversed();

/** Gathers the top of the page from what the stages told. */
export const summary = (log: RunLog, gathered: Gathered): Summary => {
  const { record } = log;
  const tiles: { value: string; label: string }[] = [];
  const made = Object.entries(gathered.last).flatMap(([stage, values]) =>
    Object.entries(values).flatMap(([name, value]) => {
      const { chart, title } = metricStyle(name);
      // The loss of a method that learns from rewards says nothing by itself.
      if (chart === 'Loss' && learnsOnline(Object.keys(values))) return [];
      const tile = TILES[chart]?.(value, title, gathered.peak[stage]?.[name] ?? value);
      return tile ? [{ stage, ...tile }] : [];
    }),
  );
  for (const [stage, { measured }] of Object.entries(gathered.memory))
    if (measured !== undefined) made.push({ stage, value: bytes(measured), label: 'peak memory' });
  const labels = made.map(({ label }) => label);
  const several = (label: string): boolean => labels.indexOf(label) !== labels.lastIndexOf(label);
  made.sort((a, b) => TILE_ORDER.indexOf(a.label) - TILE_ORDER.indexOf(b.label));
  tiles.push(
    ...made.map(({ stage, value, label }) => ({ value, label: several(label) ? `${label} · ${stage}` : label })),
  );
  const worked = gathered.stages.reduce((sum, stage) => sum + (stage.milliseconds ?? 0), 0); // kept ones too: what it cost once
  const kept = gathered.stages.filter((stage) => stage.state === 'kept').length;
  const took = record.ended === undefined ? worked : Date.parse(record.ended) - Date.parse(record.started);
  if (kept > 0) tiles.push({ value: duration(worked), label: 'all stages, when they were made' });
  tiles.push(
    { value: duration(took), label: 'this run' },
    { value: `${kept} / ${gathered.stages.length}`, label: 'stages kept from before' },
  );
  return { verdict: [...verdicts(gathered), ...answersSaid(log)], tiles };
};
