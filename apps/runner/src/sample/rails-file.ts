// The policy and the rails of a chat, from names and files of the command line.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Rail, type RailValue } from '@ingot/contracts';
import { IngotError, messageOf, suggest, type Installed } from '@ingot/core';
import { policies, policySchema, usualRails, type Policy } from '@ingot/guardrails';
import * as z from 'zod';

const readJson = (path: string, flag: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new IngotError('bad-input', `${flag}: wanted a file of JSON, got: ${messageOf(error)}`, { cause: error });
  }
};

/** A policy of @ingot/guardrails by name, or one from a file. Throws 'unknown-name', 'bad-input'. */
export const readPolicy = (cwd: string, given: string): Policy => {
  if (given in policies) return policies[given as keyof typeof policies];
  if (!given.endsWith('.json'))
    throw new IngotError(
      'unknown-name',
      `--policy '${given}': wanted a policy's name, or a file that ends in .json.${suggest(given, Object.keys(policies))}`,
    );
  const parsed = policySchema.safeParse(readJson(resolve(cwd, given), `--policy '${given}'`));
  if (!parsed.success) throw new IngotError('bad-input', `--policy '${given}': ${z.prettifyError(parsed.error)}`);
  return parsed.data;
};

const railsSchema = z.array(z.looseObject({ use: z.string(), model: z.unknown().optional() })).min(1);
const fileSchema = z.strictObject({ file: z.string() });

/** The rails of a file, `[{ "use": "pii" }, …]`; `"model": { "file": "guard.json" }` is read from beside it. Without a file: the usual ones. Throws 'bad-input', and what the parts throw. */
export const readRails = async (
  cwd: string,
  given: string | undefined,
  installed: Installed,
): Promise<readonly RailValue[]> => {
  if (given === undefined) return usualRails();
  const path = resolve(cwd, given);
  const flag = `--rails '${given}'`;
  const parsed = railsSchema.safeParse(readJson(path, flag));
  if (!parsed.success) throw new IngotError('bad-input', `${flag}: ${z.prettifyError(parsed.error)}`);
  return Promise.all(
    parsed.data.map(({ use, model, ...options }) => {
      const file = fileSchema.safeParse(model);
      const read = file.success
        ? readJson(resolve(dirname(path), file.data.file), `${flag}, ${file.data.file}`)
        : model;
      return installed.make(Rail, use, { ...options, ...(read === undefined ? {} : { model: read }) });
    }),
  );
};
