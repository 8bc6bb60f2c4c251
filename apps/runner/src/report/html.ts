// Small pieces of HTML.

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text made safe inside elements and attributes. */
export const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** JSON made safe inside a script element: no text of a model can close it. */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

type Cell = string | number | boolean | undefined;
const number = (value: number): string =>
  Number.isInteger(value)
    ? value.toLocaleString('en-US')
    : Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6
      ? String(Number(value.toPrecision(5)))
      : value.toPrecision(4);

/** A table of rows with named cells; numbers stand on the right. */
export const htmlTable = (rows: readonly Readonly<Record<string, Cell>>[], caption?: string): string => {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const numeric = new Set(
    columns.filter((column) => rows.every((row) => row[column] === undefined || typeof row[column] === 'number')),
  );
  const cell = (row: Readonly<Record<string, Cell>>, column: string, tag: string) => {
    const value = row[column];
    return `<${tag}${numeric.has(column) ? ' class="number"' : ''}${tag === 'th' ? ' scope="row"' : ''}>${typeof value === 'number' ? number(value) : escape(String(value ?? ''))}</${tag}>`;
  };
  return `<div class="scroll"><table>${caption === undefined ? '' : `<caption>${escape(caption)}</caption>`}<thead><tr>${columns.map((column) => `<th scope="col"${numeric.has(column) ? ' class="number"' : ''}>${escape(column)}</th>`).join('')}</tr></thead><tbody>${rows.map((row) => `<tr>${columns.map((column, i) => cell(row, column, i === 0 ? 'th' : 'td')).join('')}</tr>`).join('')}</tbody></table></div>`;
};

/** Pairs as a definition list. */
export const htmlPairs = (pairs: Readonly<Record<string, string>>): string =>
  `<dl>${Object.entries(pairs)
    .map(([name, value]) => `<div><dt>${escape(name)}</dt><dd>${escape(value)}</dd></div>`)
    .join('')}</dl>`;
