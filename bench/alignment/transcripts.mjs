// The stage `transcripts`: conversations of feedback with their better answers as plain text, to pretrain on: "\n\nHuman: … \n\nAssistant: …".
import { Prompts, Text } from '@ingot/contracts';
import { definePlugin, defineStage, table } from '@ingot/core';
import { listOf, textOf } from '@ingot/data';
import * as z from 'zod';

const SPEAKERS = { user: 'Human', assistant: 'Assistant', system: 'System' };
const turn = (role, content) => `\n\n${SPEAKERS[role]}: ${content}`;

/** A row's conversation and its first answer. */
const transcriptOf = ({ prompt, completions }) => {
  const turns = typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt;
  return [...turns, { role: 'assistant', content: completions[0].text }]
    .map(({ role, content }) => turn(role, content))
    .join('');
};

const transcripts = defineStage({
  name: 'transcripts',
  version: 1,
  inputs: { feedback: Prompts },
  outputs: { text: Text },
  options: z.strictObject({}),
  async *run({ inputs }) {
    const text = textOf((await listOf(inputs.feedback)).map(transcriptOf));
    yield table('Transcripts', [{ documents: text.documents, bytes: text.bytes }]);
    return { text };
  },
});

export default definePlugin({ name: 'transcripts', module: import.meta.url, stages: [transcripts] });
