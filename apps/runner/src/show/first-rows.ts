// The first rows of examples, wherever they come from.
import type { ExampleRow, RowsValue } from '@ingot/contracts';

/** At most `count` rows, in their order. */
export const firstRows = async (examples: RowsValue<ExampleRow>, count: number): Promise<ExampleRow[]> => {
  const first: ExampleRow[] = [];
  for await (const row of examples.read()) {
    if (first.length >= count) break;
    first.push(row);
  }
  return first;
};
