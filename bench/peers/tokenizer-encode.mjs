// A whole text encoded again and again in a process of its own, by us or by a peer: the first pass meets cold caches and cold code.
// Usage: node tokenizer-encode.mjs <ingot | gpt-tokenizer | tiktoken> <r50k | cl100k | o200k> <passes> <text file>
// prints one JSON object
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [who, encoding, passes, file] = process.argv.slice(2);
const packageOf = createRequire(import.meta.url);
const pinned = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).devDependencies;

const LOADERS = {
  ingot: async () => {
    const { publishedTokenizer } = await import('../lib/published-tokenizer.mjs');
    const { loadTokenizer } = await import('../../packages/text/dist/index.js');
    const json = await publishedTokenizer(encoding);
    const began = performance.now(); // as for a tokenizer.json that is read and parsed
    const tokenizer = loadTokenizer({ json });
    return { peer: 'ingot', loadMs: performance.now() - began, encode: (text) => tokenizer.encode(text) };
  },
  'gpt-tokenizer': async () => {
    const began = performance.now();
    const { encode } = await import(`gpt-tokenizer/encoding/${encoding}_base`);
    return { peer: `gpt-tokenizer ${pinned['gpt-tokenizer']}`, loadMs: performance.now() - began, encode };
  },
  tiktoken: async () => {
    const began = performance.now();
    const tokenizer = packageOf('tiktoken').get_encoding(`${encoding}_base`);
    return {
      peer: `tiktoken ${pinned.tiktoken} (WASM)`,
      loadMs: performance.now() - began,
      encode: (text) => tokenizer.encode(text, [], []),
    };
  },
};

const { peer, loadMs, encode } = await LOADERS[who]();
const text = readFileSync(file, 'utf8');
const milliseconds = [];
let ids = [];
for (let pass = 0; pass < Number(passes); pass++) {
  const began = performance.now();
  ids = encode(text);
  milliseconds.push(performance.now() - began);
}
console.log(
  JSON.stringify({
    peer,
    loadMs,
    milliseconds,
    ids: ids.length,
    digest: createHash('sha256').update(Int32Array.from(ids)).digest('hex'),
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
