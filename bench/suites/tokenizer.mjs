// BPE beside its peers in alternating runs, each in a process of its own: encoding in MB/s, from cold and warm; training in seconds.
// Every figure, ours and the peer's, is the median of the rounds; a ratio above 1 means that ours is better.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/lib/run.mjs';
import { book } from '../lib/book.mjs';
import { machine, median } from '../lib/machine.mjs';
import { peer } from '../lib/peer.mjs';
import { ENCODINGS, publishedTokenizer } from '../lib/published-tokenizer.mjs';

/** Passes over the text in one process: the first is the cold figure, the median of the others the warm one. */
const PASSES = 6;
const SLOW_PASSES = 2; // the peers that need seconds a pass

const node = (script, args) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'bench', 'peers', script), ...args.map(String)],
    { encoding: 'utf8' },
  );
  return status === 0
    ? JSON.parse(stdout)
    : {
        missing: `${script} ${args[0]} did not run: ${stderr.split('\n').find((line) => line.includes('Error')) ?? stderr}`,
      };
};

const cold = ({ milliseconds }) => milliseconds[0];
const warm = ({ milliseconds }) => median(milliseconds.slice(1));
const digits = (number) => Number(number.toPrecision(3));

/** What of a run a case measures, larger first or smaller first. */
const figures = (bytes) => ({
  speed: (read) => ({ unit: 'MB/s', of: (run) => bytes / 1e3 / read(run), ratio: (ours, theirs) => ours / theirs }),
  seconds: (read) => ({ unit: 's', of: read, ratio: (ours, theirs) => theirs / ours }),
});

const encodeCase = (encoding, { file, folder, bytes }) => {
  const model = join(folder, `${encoding}.json`);
  const hf = async () => {
    writeFileSync(model, JSON.stringify(await publishedTokenizer(encoding)));
    return peer('tokenizer_hf.py', ['encode', model, SLOW_PASSES, file]);
  };
  const { speed, seconds } = figures(bytes);
  return {
    ours: () => node('tokenizer-encode.mjs', ['ingot', encoding, PASSES, file]),
    peers: {
      'gpt-tokenizer': () => node('tokenizer-encode.mjs', ['gpt-tokenizer', encoding, PASSES, file]),
      'tiktoken (WASM)': () => node('tokenizer-encode.mjs', ['tiktoken', encoding, SLOW_PASSES, file]),
      'Hugging Face tokenizers': hf,
    },
    rows: { '': speed(warm), '-cold': speed(cold), '-load': seconds(({ loadMs }) => loadMs / 1000) },
  };
};

const trainCase = (merges, { file, bytes }) => ({
  ours: () => node('tokenizer-train.mjs', [merges, file]),
  peers: {
    'Hugging Face tokenizers, text': () => peer('tokenizer_hf.py', ['train', merges, 'text', file]),
    'Hugging Face tokenizers, lines': () => peer('tokenizer_hf.py', ['train', merges, 'lines', file]),
  },
  rows: { '': figures(bytes).seconds(({ seconds }) => seconds) },
});

const CASES = {
  ...Object.fromEntries(Object.keys(ENCODINGS).map((name) => [`encode-${name}`, (at) => encodeCase(name, at)])),
  'train-4096': (at) => trainCase(4096, at),
  'train-32768': (at) => trainCase(32_768, at),
};

const rowsOf = (name, text, measures, own, peerName, theirs) =>
  Object.entries(measures).map(([suffix, { unit, of, ratio }]) => {
    const [mine, other] = [own.map(of), theirs.map(of)];
    const [ours, peers] = [median(mine), theirs.length ? median(other) : null];
    const range = (numbers) => `${digits(Math.min(...numbers))} to ${digits(Math.max(...numbers))}`;
    return {
      suite: 'tokenizer',
      case: `${name}${suffix}`,
      text,
      unit,
      ours: digits(ours),
      oursRange: range(mine),
      peerName: theirs[0]?.name ?? peerName,
      peer: peers === null ? null : digits(peers),
      peerRange: peers === null ? null : range(other),
      ratio: peers === null ? null : digits(ratio(ours, peers)),
      same: theirs.length ? theirs[0].digest === own[0].digest : null,
      rounds: own.length,
      ourPeakBytes: Math.max(...own.map(({ peakBytes }) => peakBytes)),
      peerPeakBytes: theirs.length ? Math.max(...theirs.map(({ peakBytes }) => peakBytes)) : null,
    };
  });

const measure = async (name, { ours, peers, rows }, text, rounds, say) => {
  const own = [];
  const theirs = Object.fromEntries(Object.keys(peers).map((peerName) => [peerName, []]));
  for (let round = 0; round < rounds; round++) {
    const mine = ours();
    if (mine.missing) throw new Error(mine.missing);
    own.push(mine);
    for (const [peerName, run] of Object.entries(peers)) {
      const other = await run();
      if (!other.missing) theirs[peerName].push(other);
      else if (round === 0) say(other.missing);
    }
    say(`${name}, round ${round + 1} of ${rounds}`);
  }
  return Object.entries(theirs).flatMap(([peerName, runs]) => rowsOf(name, text, rows, own, peerName, runs));
};

/** Rows of ours, the peer's and their ratio; `same` says that both gave the same ids or merges. */
export const bench = async ({ only, rounds, say }) => {
  const { name: title, text } = book();
  say(`${machine()}; ${title}, ${(Buffer.byteLength(text) / 1e6).toFixed(2)} MB`);
  const folder = mkdtempSync(join(tmpdir(), 'ingot-bench-'));
  try {
    const file = join(folder, 'book.txt');
    writeFileSync(file, text);
    const rows = [];
    for (const name of only ? [only] : Object.keys(CASES)) {
      if (!CASES[name]) throw new Error(`--case wants one of ${Object.keys(CASES).join(', ')}, got ${name}.`);
      const one = CASES[name]({ file, folder, bytes: Buffer.byteLength(text) });
      rows.push(...(await measure(name, one, title, rounds, say)));
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
