// Documents in memory as the value of the kind `Text`.
import type { TextValue } from '@ingot/contracts';

const utf8 = new TextEncoder();

/** Documents in their given order; `bytes` counts UTF-8. */
export const textOf = (documents: readonly string[]): TextValue => ({
  documents: documents.length,
  bytes: documents.reduce((sum, document) => sum + utf8.encode(document).length, 0),
  async *read() {
    yield* documents;
  },
});

/** All documents of a text, in memory. */
export const documentsOf = async (text: TextValue): Promise<string[]> => {
  const documents: string[] = [];
  for await (const document of text.read()) documents.push(document);
  return documents;
};
