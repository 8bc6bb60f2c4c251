// Training that ends badly, or well: `node exit.mjs <native|wasm> <way>`. It prints `now` right before it ends itself, or when a signal may come.
import { writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { onOp } from '@ingot/tensor';
import { open, smallGpt } from './small-gpt.mjs';

const [name, way] = process.argv.slice(2);
const device = await open(name);
const model = smallGpt(device, 1);
const now = () => writeSync(1, 'now\n');
const leave = () => {
  now();
  process.exit(7);
};
const fail = () => {
  now();
  throw new Error('on purpose');
};

/** Steps whose last stops at an op in its middle, when the helpers have just worked and spin. */
const inTheMiddle = (act) => {
  for (let i = 0; i < 3; i++) model.step();
  let ops = 0;
  onOp(
    () => ++ops === 20 && act(),
    () => model.step(),
  );
};
/** Some steps, then so long a pause that the helpers sleep. */
const asleep = async () => {
  for (let i = 0; i < 3; i++) model.step();
  await wait(50);
};
const forEver = async (breathe) => {
  for (let i = 0; ; i++) {
    model.step();
    if (i === 3) now();
    if (breathe) await wait(0);
  }
};

const ways = {
  exit: () => inTheMiddle(leave),
  exception: () => inTheMiddle(fail),
  signal: () => forEver(false),
  'signal-handled'() {
    process.on('SIGINT', () => process.exit(130));
    return forEver(true);
  },
  'exit-asleep': () => asleep().then(leave),
  'exception-asleep': () => asleep().then(fail),
  async 'signal-asleep'() {
    await asleep();
    now();
    await wait(60_000);
  },
  end: () => asleep().then(now),
};
await ways[way]();
