// Workers that train, ended in the middle of a step one after another: `node terminate.mjs <native|wasm> <workers>` prints
// resident memory after each as JSON. This thread never opens the device.
import { Worker } from 'node:worker_threads';

const [name, count] = process.argv.slice(2);
const resident = [];
for (let i = 0; i < Number(count); i++) {
  const worker = new Worker(new URL('worker.mjs', import.meta.url), {
    workerData: { device: name, threads: 2, seed: i },
  });
  await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await new Promise((resolve) => setTimeout(resolve, i % 5));
  await worker.terminate();
  resident.push(process.memoryUsage().rss);
}
console.log(JSON.stringify(resident));
