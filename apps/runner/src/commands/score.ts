// `ingot score`: how likely a model finds a text.
import { readFileSync } from 'node:fs';
import { Evaluator } from '@ingot/contracts';
import { defineStage, Installed, kind, type AnyStage } from '@ingot/core';
import { scoreText, type TextScore } from '@ingot/eval';
import * as z from 'zod';
import { runOnce } from '../measure/once.js';
import { modelSource } from '../sample/source.js';
import type { OpenSource } from '../sample/stage.js';
import { renderTable } from '../terminal/table.js';
import { existingPath } from '../tune/tune.js';
import { outJson, type AddCommand } from './app.js';

const Scored = kind<TextScore>()('ingot/text-score');
const scoreStage = (source: OpenSource, text: string): AnyStage =>
  defineStage({
    name: 'score-once',
    version: 1,
    inputs: {},
    outputs: { score: Scored },
    options: z.strictObject({}),
    needs: { evaluator: Evaluator, installed: Installed },
    volatile: true,
    computes: true,
    // oxlint-disable-next-line require-yield -- one number, at the end
    async *run({ services: { evaluator, installed }, signal }) {
      const model = await evaluator.open(await source(installed));
      try {
        return { score: await scoreText(model, [text], signal) };
      } finally {
        model.dispose();
      }
    },
  }) as unknown as AnyStage;

/** Adds `score`. */
export const addScore: AddCommand = (program, { io, plugins }) => {
  program
    .command('score')
    .description('score a text: tokens, negative log-likelihood in nats, perplexity a token, bits per byte')
    .requiredOption('--model <artifact | folder>', "an artifact as '<key>.<port>', or a model folder")
    .requiredOption('--text <file>', 'UTF-8 text')
    .option('--store <dir>', 'the store (default .ingot)')
    .option('--json', 'one JSON object with tokens, nll, perplexity, bitsPerByte, bytes')
    .action(async (options: { model: string; text: string; store?: string; json?: boolean }) => {
      const text = readFileSync(existingPath(io.cwd, 'text', options.text), 'utf8');
      const stage = scoreStage(modelSource(io, options.model, options.store), text);
      const score = await runOnce<TextScore>(io, plugins, stage, 'score');
      if (options.json) return outJson(io, score);
      io.out(
        `${renderTable([{ ...score, nll: score.nll.toFixed(3), perplexity: score.perplexity.toFixed(3), bitsPerByte: score.bitsPerByte.toFixed(4) }], io.colours)}\n`,
      );
    });
};
