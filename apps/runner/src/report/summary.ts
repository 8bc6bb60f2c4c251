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
      const [name, value] = [row['name'] ?? row['measure'] ?? row['baseline'], row['bits per byte'] ?? row['bitsPerByte']];
      return name !== undefined && typeof value === 'number' ? [{ name: String(name), value }] : [];
    });
    const model = named.find(({ name }) => /^(this )?model\b/i.test(name));
    const others = named.filter((row) => row !== model);
    if (!model || others.length === 0) return [];
    const said = others.map(({ name, value }) => (model.value < value ? `beats ${name} (${value.toFixed(3)})` : model.value === value ? `equals ${name}` : `loses to ${name} (${value.toFixed(3)})`));
    return [`The model needs ${model.value.toFixed(3)} bits per byte of text it never saw: it ${said.join(' and ')}.`];
  });

/** Gathers the top of the page from what the stages told. */
export const summary = ({ record }: RunLog, gathered: Gathered): Summary => {
  const tiles: { value: string; label: string }[] = [];
  for (const [stage, values] of Object.entries(gathered.last)) {
    const peaks = gathered.peak[stage] ?? {};
    for (const [name, value] of Object.entries(values)) {
      const { chart, title } = metricStyle(name);
      if (chart === 'Loss' || chart === 'Bits per byte') tiles.push({ value: value.toFixed(3), label: `${chart === 'Loss' ? 'loss' : 'bits per byte'}, ${title}` });
      if (chart === 'Throughput') tiles.push({ value: short(value), label: 'tokens per second' });
      if (chart === 'Memory') tiles.push({ value: bytes(peaks[name] ?? value), label: 'peak memory, measured' });
    }
  }
  const worked = gathered.stages.reduce((sum, stage) => sum + (stage.milliseconds ?? 0), 0);
  const took = record.ended === undefined ? worked : Date.parse(record.ended) - Date.parse(record.started);
  const kept = gathered.stages.filter((stage) => stage.state === 'kept').length;
  tiles.push({ value: duration(took), label: 'this run' }, { value: `${kept} / ${gathered.stages.length}`, label: 'stages kept from before' });
  return { verdict: verdicts(gathered), tiles };
};
