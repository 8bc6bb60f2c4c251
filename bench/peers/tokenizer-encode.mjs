// A whole text encoded again and again in a process of its own, by us or by a peer.
// Usage: node tokenizer-encode.mjs <ingot | gpt-tokenizer | tiktoken> <r50k | cl100k | o200k> <tokenizer.json> <passes> <text file>
// prints one JSON object: load (ms), first (ms; cold code, empty caches), warm (ms of each pass), cold (ms; warm code, empty caches)
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [who, encoding, model, passes, file] = process.argv.slice(2);
const packageOf = createRequire(import.meta.url);
const pinned = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).devDependencies;

/** By program: how it is made ready (timed), what it encodes with, and `fresh`, the same with empty caches, where it has caches that can be emptied. */
const LOADERS = {
  ingot: async () => {
    const { loadTokenizer } = await import('../../packages/text/dist/index.js');
    return () => {
      const json = JSON.parse(readFileSync(model, 'utf8'));
      const tokenizer = loadTokenizer({ json });
      const fresh = () => {
        const other = loadTokenizer({ json });
        return (text) => other.encode(text);
      };
      return { peer: 'ingot', encode: (text) => tokenizer.encode(text), fresh };
    };
  },
  'gpt-tokenizer': async () => async () => {
    const { encode, clearMergeCache } = await import(`gpt-tokenizer/encoding/${encoding}_base`);
    const fresh = () => {
      clearMergeCache();
      return encode;
    };
    return { peer: `gpt-tokenizer ${pinned['gpt-tokenizer']}`, encode, fresh };
  },
  tiktoken: async () => {
    const { get_encoding: make } = packageOf('tiktoken');
    return () => {
      const tokenizer = make(`${encoding}_base`);
      return { peer: `tiktoken ${pinned.tiktoken} (WASM)`, encode: (text) => tokenizer.encode(text, [], []) };
    };
  },
};

const text = readFileSync(file, 'utf8');
const timed = async (body) => {
  const began = performance.now();
  const result = await body();
  return [performance.now() - began, result];
};
const repeat = async (count, body) => {
  const times = [];
  for (let i = 0; i < count; i++) times.push(await body());
  return times;
};

const [load, { peer, encode, fresh }] = await timed(await LOADERS[who]());
const [first, ids] = await timed(() => encode(text));
const warm = await repeat(Number(passes), async () => (await timed(() => encode(text)))[0]);
const cold = fresh
  ? await repeat(3, async () => {
      const emptied = fresh();
      return (await timed(() => emptied(text)))[0];
    })
  : [];
console.log(
  JSON.stringify({
    peer,
    load,
    first,
    warm,
    cold,
    ids: ids.length,
    digest: createHash('sha256').update(Int32Array.from(ids)).digest('hex'),
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
