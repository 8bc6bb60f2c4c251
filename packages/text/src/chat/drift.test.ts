// Another chat format than the model's own is refused, by what it spells and not by its name.
import { expect, it } from 'vitest';
import { checkChat, sameChat } from './drift.js';
import { chatFormats } from './formats.js';

const { chatml, mistral } = chatFormats;

it('lets the own format, none, and the first one pass', () => {
  expect(checkChat({ chat: chatml }, undefined)).toBe(chatml);
  expect(checkChat({}, mistral)).toBe(mistral);
  expect(checkChat({}, undefined)).toBeUndefined();
  expect(checkChat({ chat: chatml }, { ...chatml, name: 'mine' })).toBe(chatml);
  expect(sameChat(chatml, { ...chatml, name: 'mine' })).toBe(true);
  expect(sameChat(chatml, undefined)).toBe(false);
});

it('names both and shows where they part', () => {
  expect(() => checkChat({ chat: chatml }, mistral)).toThrow(
    /'chatml', and 'mistral' is given\. They first differ in template, at character 3: "\{% for message/u,
  );
  const shifted = { ...chatml, name: 'shifted', template: chatml.template.replace('<|im_end|>', '<|im_stop|>') };
  expect(() => checkChat({ chat: chatml }, shifted)).toThrow(/at character \d+: "….*im_end.*against "….*im_stop/u);
  expect(() => checkChat({ chat: chatml }, { ...chatml, endOfTurn: '<|end|>' })).toThrow(
    /differ in endOfTurn, at character 2: "<\|im_end\|>" against "<\|end\|>"/u,
  );
  expect(() => checkChat({ chat: chatml }, { ...chatml, beginOfText: '<s>' })).toThrow(
    /beginOfText.*none against "<s>"/u,
  );
});
