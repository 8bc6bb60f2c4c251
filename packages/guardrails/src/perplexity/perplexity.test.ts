// Perplexity against sums by hand, on a model that gives every sign a fixed probability; the rail: an odd suffix, a long dull text, limits from harmless texts.
import { gptDesign, gptFamily } from '@ingot/model-gpt';
import { openModel } from '@ingot/decoding';
import { ParameterTree, referenceDevice } from '@ingot/tensor';
import { charactersJson, END_OF_TEXT, loadTokenizer, tokenizerValue } from '@ingot/text';
import { initialise } from '@ingot/training';
import { describe, expect, it } from 'vitest';
import { passRails } from '../chain/pass.js';
import { perplexityRail } from './perplexity-rail.js';
import { ends, limitFrom, perplexityReader } from './perplexity.js';

describe('the ends of a text', () => {
  for (const [text, prefix, suffix] of [
    ['one two three four', 'one two', 'three four'],
    ['  one  two\nthree ', '  one  two', 'two\nthree '],
    ['one', 'one', 'one'],
    ['   ', '', '   '],
  ] as const)
    it(JSON.stringify(text), () => {
      const found = ends(text, 2);
      expect([text.slice(...found.prefix), text.slice(...found.suffix)]).toEqual([prefix, suffix]);
    });
});

const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz ');
const SIGNS = Array.from('!{}=;*');
const tokenizer = tokenizerValue(charactersJson([...LETTERS, ...SIGNS].toSorted(), [END_OF_TEXT]));
const width = 8;
/** Letters have one logit and signs a lower one, whatever stands before: the last norm gives ones, and the tied head reads the rows of the table. */
const model = () => {
  const design = gptDesign({ layers: 1, heads: 1, width, context: 16 }, tokenizer);
  const device = referenceDevice();
  const tree = ParameterTree.create(device, gptFamily.parameters(design));
  for (const spec of gptFamily.parameters(design)) initialise(spec, tree.get(spec.name), 1);
  const spelt = loadTokenizer(tokenizer);
  const table = new Float32Array(design.vocabSize * width);
  const put = (id: number, logit: number) => table.fill(logit / width, id * width, (id + 1) * width);
  for (let id = 0; id < design.vocabSize; id++) put(id, -4);
  for (const letter of LETTERS) put(spelt.encode(letter)[0]!, 2);
  tree.get('wte.weight').load(table);
  tree.get('norm.weight').load(new Float32Array(width));
  tree.get('norm.bias').load(new Float32Array(width).fill(1));
  return { opened: openModel({ device, family: gptFamily, design, parameters: tree }), size: design.vocabSize };
};
const { opened, size } = model();
const total = LETTERS.length * Math.exp(2) + (size - LETTERS.length) * Math.exp(-4);
const letter = total / Math.exp(2);
const sign = total / Math.exp(-4);
const read = perplexityReader(opened, 3);

describe('perplexity', () => {
  it('is exp of the mean of −log p, beyond the context too; the ends are read on their own', () => {
    const plain = read('how do i bake a very good loaf of bread at home');
    expect(plain.whole / letter).toBeCloseTo(1, 5);
    expect(plain.prefix / letter).toBeCloseTo(1, 5);
    expect(plain.lengthPerPerplexity * letter).toBeCloseTo(47, 3);
    const attacked = read('how do i bake bread !! {}= ;*');
    expect(attacked.prefix / letter).toBeCloseTo(1, 5);
    // seven signs and two spaces at the end; the whole has 29 signs, 7 of them odd
    expect(attacked.suffix / (sign ** (7 / 9) * letter ** (2 / 9))).toBeCloseTo(1, 4);
    expect(attacked.whole / (sign ** (7 / 29) * letter ** (22 / 29))).toBeCloseTo(1, 4);
    expect(read('').whole).toBe(1);
  });
});

describe('the rail', () => {
  const harmless = ['how do i bake bread', 'where is the river', 'what may a cat eat', 'a loaf for two'];
  const limit = limitFrom(
    harmless.map((text) => read(text).suffix),
    0,
  );
  it('refuses an odd end with its place, and passes what is harmless', async () => {
    const rail = perplexityRail(read, { ends: limit });
    for (const text of harmless) expect((await passRails([rail], text, 'input')).verdicts).toEqual([]);
    const { verdicts, stopped } = await passRails([rail], `${harmless[0]} {}= !! ;*`, 'input');
    expect(stopped).toMatchObject({ decision: 'refuse', category: 'odd-text' });
    expect(verdicts).toHaveLength(1);
    expect(verdicts[0]?.score).toBeGreaterThan(0.9);
    expect((await passRails([rail], '{}= !! ;*', 'output')).verdicts).toEqual([]);
  });
  it('refuses a long text that says little, where that limit is given', async () => {
    const rail = perplexityRail(read, { lengthPerPerplexity: 5, decision: 'escalate' });
    expect((await passRails([rail], 'please '.repeat(40), 'input')).stopped).toMatchObject({
      decision: 'escalate',
      category: 'prompt-injection',
      span: [0, 280],
    });
    expect((await passRails([rail], 'please', 'input')).stopped).toBeUndefined();
  });
  it('limits: at most the share of harmless values lies above; none is refused', () => {
    expect(limitFrom([1, 2, 3, 4], 0)).toBe(4);
    expect(limitFrom([4, 1, 3, 2], 0.25)).toBe(3);
    expect(limitFrom([4, 1, 3, 2], 0.49)).toBe(3);
    expect(() => limitFrom([], 0.1)).toThrow(/harmless texts, got none/);
    expect(() => perplexityRail(read, {})).toThrow(/depend on the model/);
  });
});
