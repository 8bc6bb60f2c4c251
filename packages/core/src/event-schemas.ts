// Stage events are checked where they are stored: a plugin's own by the schema that its plugin declares.
import * as z from 'zod';
import { messageOf } from './errors.js';
import type { EventTypes, StageEvent } from './events.js';
import * as messages from './messages.js';

// A loss that became NaN or Infinity is news that a log must be able to hold.
const number = z.custom<number>((given) => typeof given === 'number', 'expected a number');
const step = z.int().nonnegative();

const own = {
  metric: z.strictObject({ step, total: step.optional(), values: z.record(z.string(), number) }),
  sample: z.strictObject({ prompt: z.string().optional(), text: z.string() }),
  table: z.strictObject({ title: z.string(), rows: z.array(z.record(z.string(), z.union([z.string(), number]))) }),
  text: z.strictObject({ text: z.string() }),
  warning: z.strictObject({ text: z.string() }),
  checkpoint: z.strictObject({ step, label: z.enum(['best', 'last']).optional() }),
} satisfies Readonly<Record<'metric' | 'sample' | 'table' | 'text' | 'warning' | 'checkpoint', z.ZodType>>;

export type EventSchemas = Readonly<Record<string, z.ZodType>>;

/** Core's schemas with those of the plugins. Throws `duplicate` when two claim one type. */
export const eventSchemas = (
  plugins: readonly { readonly name: string; readonly events?: { readonly [T in keyof EventTypes]?: z.ZodType } }[],
): EventSchemas => {
  const all: Record<string, z.ZodType> = { ...own };
  const owners = new Map<string, string>(Object.keys(own).map((type) => [type, '@ingot/core']));
  for (const plugin of plugins)
    for (const [type, schema] of Object.entries(plugin.events ?? {}) as [string, z.ZodType][]) {
      const owner = owners.get(type);
      if (owner !== undefined) throw messages.claimedTwice(`Event '${type}'`, owner, plugin.name);
      owners.set(type, plugin.name);
      all[type] = schema;
    }
  return all;
};

/** The event as it may be stored. Throws `bad-event` for an unknown type or a wrong field. */
export const checkEvent = (event: unknown, schemas: EventSchemas, where: string): StageEvent => {
  if (typeof event !== 'object' || event === null || !('type' in event) || typeof event.type !== 'string')
    throw messages.eventWithoutType(where, event);
  const { type, ...fields } = event;
  const schema = schemas[type];
  if (!schema) throw messages.unknownEvent(where, type, Object.keys(schemas));
  const parsed = schema.safeParse(fields);
  if (!parsed.success) throw messages.badEvent(where, type, z.prettifyError(parsed.error));
  try {
    return { type, ...structuredClone(parsed.data as object) } as StageEvent;
  } catch (error) {
    throw messages.badEvent(where, type, messageOf(error));
  }
};
