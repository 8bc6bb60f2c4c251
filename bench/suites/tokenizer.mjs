// BPE beside its peers in alternating runs, each in a process of its own: encoding in MB/s, warm, with empty caches, and the first pass of a process; training in seconds.
// Every figure, ours and the peer's, is the median of the rounds; a ratio above 1 means that ours is better.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/lib/run.mjs';
import { alternate, own, row } from '../lib/alternate.mjs';
import { book } from '../lib/book.mjs';
import { machine, median } from '../lib/machine.mjs';
import { peer } from '../lib/peer.mjs';
import { ENCODINGS, publishedTokenizer } from '../lib/published-tokenizer.mjs';

const PASSES = 5; // of warm passes over the text in one process their median counts
const SLOW_PASSES = 1; // of the peers that need seconds a pass

const node = (script, args) => own(join(root, 'bench', 'peers', script), args);
const nodePeer = (script, args) => {
  try {
    return node(script, args);
  } catch (error) {
    return { missing: error.message.split('\n').find((line) => line.includes('Error:')) ?? error.message };
  }
};

const encodeCase = async (encoding, { file, folder, bytes }) => {
  const model = join(folder, `${encoding}.json`);
  writeFileSync(model, JSON.stringify(await publishedTokenizer(encoding)));
  const speed = (of) => ({ unit: 'MB/s', smallerIsBetter: false, of: (run) => bytes / 1e3 / of(run) });
  const js = (who, passes) => [who, encoding, model, passes, file];
  return {
    ours: () => node('tokenizer-encode.mjs', js('ingot', PASSES)),
    peers: {
      'gpt-tokenizer': () => nodePeer('tokenizer-encode.mjs', js('gpt-tokenizer', PASSES)),
      'tiktoken (WASM)': () => nodePeer('tokenizer-encode.mjs', js('tiktoken', SLOW_PASSES)),
      'Hugging Face tokenizers': () => peer('tokenizer_hf.py', ['encode', model, SLOW_PASSES, file]),
    },
    rows: {
      '': speed(({ warm }) => median(warm)),
      '-cold': speed(({ cold }) => median(cold)), // warm code, empty caches
      '-first': speed(({ first }) => first), // the first pass of a process
      '-load': { unit: 's', of: ({ load }) => load / 1000 },
    },
  };
};

const trainCase = async (merges, { file }) => ({
  ours: () => node('tokenizer-train.mjs', [merges, file]),
  peers: {
    'Hugging Face tokenizers, text': () => peer('tokenizer_hf.py', ['train', merges, 'text', file]),
    'Hugging Face tokenizers, lines': () => peer('tokenizer_hf.py', ['train', merges, 'lines', file]),
  },
  rows: { '': { unit: 's', of: ({ seconds }) => seconds } },
});

const CASES = {
  ...Object.fromEntries(Object.keys(ENCODINGS).map((name) => [`encode-${name}`, (at) => encodeCase(name, at)])),
  'train-4096': (at) => trainCase(4096, at),
  'train-32768': (at) => trainCase(32_768, at),
};

/** Rows of ours, the peer's and their ratio; `same` says that both gave the same ids or merges. */
export const bench = async ({ only, rounds, say }) => {
  if (only && !CASES[only]) throw new Error(`--case wants one of ${Object.keys(CASES).join(', ')}, got ${only}.`);
  const { name: title, text } = book();
  const bytes = Buffer.byteLength(text);
  say(`${machine()}; ${title}, ${(bytes / 1e6).toFixed(2)} MB`);
  const folder = mkdtempSync(join(tmpdir(), 'ingot-bench-'));
  try {
    const file = join(folder, 'book.txt');
    writeFileSync(file, text);
    const rows = [];
    for (const name of only ? [only] : Object.keys(CASES)) {
      const { ours, peers, rows: measures } = await CASES[name]({ file, folder, bytes });
      const kept = alternate(name, rounds, ours, peers, say);
      for (const [peerName, theirs] of Object.entries(kept.peers))
        for (const [suffix, measure] of Object.entries(measures)) {
          if (suffix === '-cold' && theirs.some(({ cold }) => cold.length === 0)) continue; // no cache that can be emptied
          const one = row({ suite: 'tokenizer', case: `${name}${suffix}`, text: title }, kept.ours, theirs, measure);
          const same = theirs.length > 0 ? theirs[0].digest === kept.ours[0].digest : null;
          rows.push({ ...one, peerName: one.peerName ?? peerName, same });
        }
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
