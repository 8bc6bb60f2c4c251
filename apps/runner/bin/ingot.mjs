#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/cli.js', import.meta.url);
if (!existsSync(program)) {
  console.error('ingot is not built yet. Run npm start, or npm run build, in the repository first.');
  process.exit(2);
}
const { cli } = await import(program.href);
await cli();
