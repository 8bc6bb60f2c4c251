// The device contract on tfjs-wasm.
import { deviceSuite } from '@ingot/testing';
import { expect, it } from 'vitest';
import { openTfjsDevice } from './plugin.js';

const device = await openTfjsDevice('tfjs-wasm');
deviceSuite('tfjs-wasm', () => device);

it('a second TensorFlow.js device in one process is refused with words', async () => {
  await expect(openTfjsDevice('tfjs-cpu')).rejects.toThrow(
    /one TensorFlow\.js backend a process; got 'tfjs-wasm' is open already/,
  );
});
