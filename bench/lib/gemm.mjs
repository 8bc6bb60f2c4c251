// Our GEMM on given shapes, in a process of its own. Usage: node gemm.mjs <device> <threads> <JSON list of {m, n, k, ta, tb}>
import { openDevice } from './devices.mjs';
import { median } from './machine.mjs';

const [on, threads, list] = [process.argv[2], Number(process.argv[3]), JSON.parse(process.argv[4])];
const device = await openDevice(on, threads);
const numbers = (length) => Float32Array.from({ length }, (_, i) => ((i * 7919) % 1000) / 500 - 1);
const results = list.map(({ m, n, k, ta, tb }) => {
  const a = device.upload(numbers(m * k));
  const b = device.upload(numbers(k * n));
  const once = () => {
    const began = performance.now();
    device.free(device.matmul({ a, b, batch: 1, m, n, k, transposeA: ta, transposeB: tb }));
    return performance.now() - began;
  };
  const first = once();
  const times = Array.from({ length: Math.max(3, Math.min(30, Math.ceil(150 / first))) }, once);
  device.free(a);
  device.free(b);
  return (2 * m * n * k) / median(times) / 1e6;
});
console.log(JSON.stringify({ device: device.about, gflops: results }));
device.dispose();
