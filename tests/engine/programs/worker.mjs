// A worker of the programs beside it: trains for ever, saying so after its third step, or so many steps, and says the bits.
import { parentPort, workerData } from 'node:worker_threads';
import { open, smallGpt, train } from './small-gpt.mjs';

const { device: name, threads, seed, steps } = workerData;
const device = await open(name, threads);
if (steps === undefined) {
  const model = smallGpt(device, seed);
  for (let i = 0; ; i++) {
    model.step();
    if (i === 3) parentPort.postMessage('busy', []);
  }
} else {
  parentPort.postMessage(await train(device, seed, steps), []);
  device.dispose();
}
