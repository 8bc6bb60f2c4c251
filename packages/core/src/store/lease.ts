// A lease says which artifacts a run uses, so that nobody frees them under it.
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { isGone, thisProcess } from './process-lock.js';
import { address, type Store } from './store.js';

const RENEW = 20_000;
const Holder = z.strictObject({ id: z.string(), pid: z.int(), host: z.string(), born: z.string() });
const LeaseRecord = z.strictObject({
  holder: Holder,
  since: z.number(),
  renewed: z.number(),
  keys: z.array(z.string()),
});
export type LeaseRecord = z.output<typeof LeaseRecord>;

export interface Lease {
  /** Adds keys to what is in use. */
  use(keys: readonly string[]): Promise<void>;
  end(): Promise<void>;
}

/** Opens a lease; it ends with its process at the latest. */
export const openLease = async (store: Store): Promise<Lease> => {
  const holder = thisProcess();
  const id = randomUUID();
  const since = Date.now();
  const keys = new Set<string>();
  const renew = () => store.put(address.lease(id), { holder, since, renewed: Date.now(), keys: [...keys] });
  await renew();
  const timer = setInterval(() => void renew().catch(() => {}), RENEW).unref();
  return {
    async use(more) {
      const before = keys.size;
      for (const key of more) keys.add(key);
      if (keys.size > before) await renew();
    },
    async end() {
      clearInterval(timer);
      await store.remove(address.lease(id));
    },
  };
};

/** The leases of runs that live; those of dead processes are removed. */
export const liveLeases = async (store: Store): Promise<readonly LeaseRecord[]> => {
  const live: LeaseRecord[] = [];
  for (const at of await store.list('leases')) {
    const parsed = LeaseRecord.safeParse(await store.get(at));
    if (!parsed.success) continue;
    if (isGone(parsed.data.holder, Date.now() - parsed.data.renewed)) await store.remove(at);
    else live.push(parsed.data);
  }
  return live;
};
