// nanoGPT's token files: the bytes Python would write, and what is refused.
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNanoGptBin, writeNanoGptBin } from './nanogpt-bin.js';

const folder = mkdtempSync(join(tmpdir(), 'ingot-bin-'));
const path = join(folder, 'train.bin');

describe('nanoGPT .bin', () => {
  it('is what np.array(ids, dtype=np.uint16).tofile writes, and comes back', async () => {
    const ids = Int32Array.of(0, 1, 258, 50_256, 65_535);
    await writeNanoGptBin(path, ids, 65_536);
    expect(readFileSync(path).toString('hex')).toBe('00000100020150c4ffff');
    expect(await readNanoGptBin(path, 65_536)).toEqual(ids);
    expect(readdirSync(folder)).toEqual(['train.bin']);
  });
  it('refuses a vocabulary that two bytes cannot hold, and writes nothing', async () => {
    await expect(writeNanoGptBin(join(folder, 'big.bin'), Int32Array.of(1), 65_537)).rejects.toThrow(
      /at most 65536 .* got 65537/,
    );
    expect(readdirSync(folder)).not.toContain('big.bin');
  });
  it('refuses files that are none', async () => {
    writeFileSync(join(folder, 'odd.bin'), 'abc');
    await expect(readNanoGptBin(join(folder, 'odd.bin'), 9)).rejects.toThrow(/two bytes a token, got 3 bytes/);
    await expect(readNanoGptBin(join(folder, 'none.bin'), 9)).rejects.toThrow(/got nothing there/);
    await expect(readNanoGptBin(path, 50_257)).rejects.toThrow(/got id 65535 at token 4/);
  });
});
