// Our attention, forward and backward, in a process of its own. Usage: node attention.mjs <device> <threads> <repeats> <B> <T> <H> <D>
import { attention, backward, Parameter, scope, sum } from '../../packages/tensor/dist/index.js';
import { openDevice } from './devices.mjs';
import { median } from './machine.mjs';
import { peaks, resident } from './memory.mjs';

const [on, ...rest] = process.argv.slice(2);
const [threads, repeats, B, T, H, D] = rest.map(Number);
const idle = resident();
const device = await openDevice(on, threads);
const qkv = new Parameter(device, 'qkv', [B, T, 3 * H * D]);
qkv.load(Float32Array.from({ length: B * T * 3 * H * D }, (_, i) => ((i * 7919) % 1000) / 500 - 1));
const times = [];
for (let i = 0; i < repeats + 2; i++) {
  const began = performance.now();
  scope(() => backward(sum(attention(qkv, { heads: H, causal: true }))));
  if (i >= 2) times.push(performance.now() - began);
}
// QKᵀ and PV forward, five such products backward, half of each for the causal mask.
const flops = (7 * 2 * B * H * T * T * D) / 2;
console.log(
  JSON.stringify({
    device: device.about,
    milliseconds: median(times),
    flops,
    devicePeakBytes: device.memory().peak,
    ...peaks(idle),
  }),
);
device.dispose();
