// The first screen of the report: what came out, in a sentence and a row of numbers.
import type { RunLog } from '../runs/record.js';
import { bytes, duration, short } from '../terminal/format.js';
import { metricStyle } from '../metrics.js';
import type { Gathered } from './gather.js';

/** The sentences and tiles at the top. */
export interface Summary {
  readonly verdict: readonly string[];
  readonly tiles: readonly { readonly value: string; readonly label: string }[];
}

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
  Throughput: (last) => ({ value: short(last), label: 'tokens per second' }),
  Memory: (_last, _title, peak) => ({ value: bytes(peak), label: 'peak memory' }),
};
const TILE_ORDER = [
  'peak memory',
  'tokens per second',
  'loss, train',
  'loss, validation',
  'bits per byte, validation',
].toReversed();

/** Gathers the top of the page from what the stages told. */
export const summary = ({ record }: RunLog, gathered: Gathered): Summary => {
  const tiles: { value: string; label: string }[] = [];
  for (const [stage, values] of Object.entries(gathered.last)) {
    for (const [name, value] of Object.entries(values)) {
      const { chart, title } = metricStyle(name);
      const tile = TILES[chart]?.(value, title, gathered.peak[stage]?.[name] ?? value);
      if (tile) tiles.push(tile);
    }
  }
  for (const { measured } of Object.values(gathered.memory))
    if (measured !== undefined) tiles.push({ value: bytes(measured), label: 'peak memory' });
  tiles.sort((a, b) => TILE_ORDER.indexOf(a.label) - TILE_ORDER.indexOf(b.label));
  const worked = gathered.stages.reduce((sum, stage) => sum + (stage.milliseconds ?? 0), 0); // kept ones too: what it cost once
  const kept = gathered.stages.filter((stage) => stage.state === 'kept').length;
  const took = record.ended === undefined ? worked : Date.parse(record.ended) - Date.parse(record.started);
  if (kept > 0) tiles.push({ value: duration(worked), label: 'all stages, when they were made' });
  tiles.push(
    { value: duration(took), label: 'this run' },
    { value: `${kept} / ${gathered.stages.length}`, label: 'stages kept from before' },
  );
  return { verdict: verdicts(gathered), tiles };
};
