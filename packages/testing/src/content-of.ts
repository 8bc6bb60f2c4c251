// What an artifact's value holds, as plain data that can be compared: handles are read to the end.

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const collect = async (rows: AsyncIterable<unknown>): Promise<readonly unknown[]> => {
  const all: unknown[] = [];
  for await (const row of rows) all.push(row);
  return all;
};
const isTensors = (value: Readonly<Record<string, unknown>>): boolean =>
  isObject(value['tensors']) && (isObject(value['design']) || isObject(value['config']));

/** What the method `read` gives, by what stands beside it: rows and documents, tensors by name, or tokens of a range. */
const readAll = async (
  value: Readonly<Record<string, unknown>>,
  read: (...of: never[]) => unknown,
): Promise<unknown> => {
  if (isTensors(value)) {
    const names = Object.keys(value['tensors'] as object).toSorted();
    return Promise.all(
      names.map(async (name) => [
        name,
        [...((await read.call(value, name as never)) as ArrayLike<number> & Iterable<number>)],
      ]),
    );
  }
  if (typeof value['tokens'] === 'number')
    return [...(read.call(value, 0 as never, value['tokens'] as never) as Iterable<number>)];
  return collect(read.call(value) as AsyncIterable<unknown>);
};

/** The value with every handle read to the end; functions other than `read` are left out, names are sorted. */
export const contentOf = async (value: unknown): Promise<unknown> => {
  if (ArrayBuffer.isView(value)) return [...(value as unknown as Iterable<number>)];
  if (Array.isArray(value)) return Promise.all(value.map(contentOf));
  if (!isObject(value)) return value;
  const entries = await Promise.all(
    Object.keys(value)
      .toSorted()
      .filter((key) => typeof value[key] !== 'function' && value[key] !== undefined)
      .map(async (key) => [key, await contentOf(value[key])] as const),
  );
  const { read } = value;
  return {
    ...Object.fromEntries(entries),
    ...(typeof read === 'function' ? { 'read()': await readAll(value, read as (...of: never[]) => unknown) } : {}),
  };
};
