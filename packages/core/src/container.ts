// The container: inversify and reflect-metadata are known to this file alone. Every service is a singleton, made when it is first needed.
import 'reflect-metadata';
import { Container } from 'inversify';
import * as messages from './messages.js';
import { tokenName, type Bind, type Binding, type Injected, type Needs } from './token.js';

interface Bound {
  readonly owner: string;
  readonly needs: readonly symbol[];
  readonly binding: Binding<never>;
}

/** The services of one ingot. */
export class Services {
  readonly #container = new Container({ defaultScope: 'Singleton' });
  readonly #bound = new Map<symbol, Bound>();

  /** The application's own bindings may replace a plugin's; a plugin's may not replace another's (`duplicate`). */
  binder(owner: string, mayReplace = false): Bind {
    const bind = <T>(
      id: symbol,
      needs: readonly symbol[],
      make: (...services: never[]) => T | Promise<T>,
      binding: Binding<T> = {},
    ) => {
      const earlier = this.#bound.get(id);
      if (earlier && (!mayReplace || earlier.owner === owner))
        throw messages.boundTwice(tokenName(id), earlier.owner, owner);
      if (earlier) this.#container.unbind(id);
      this.#bound.set(id, { owner, needs, binding: binding as Binding<never> });
      const scope = this.#container
        .bind<T>(id)
        .toResolvedValue(make as (...services: unknown[]) => T | Promise<T>, [...needs])
        .inSingletonScope();
      const { dispose } = binding;
      // inversify breaks on a disposer that returns neither nothing nor a promise
      if (dispose) scope.onDeactivation(async (value) => void (await dispose(value)));
    };
    return {
      value: (id, value, binding) => bind(id, [], () => value, binding),
      factory: (id, needs, make, binding) => {
        const names = Object.keys(needs);
        const named = (...services: never[]) =>
          make(Object.fromEntries(names.map((name, i) => [name, services[i]])) as never);
        bind(id, Object.values(needs), named, binding);
      },
      class: (id, Class, tokens, binding) =>
        bind(id, tokens as readonly symbol[], (...services: never[]) => new Class(...(services as never)), binding),
    };
  }

  /** Every service reachable from these needs, with its owner; a missing one is refused (`missing-service`) before any work. */
  reach(needs: readonly symbol[], wanted: string): ReadonlyMap<symbol, string> {
    return new Map([...this.#reach(needs, wanted)].map(([id, { owner }]) => [id, owner]));
  }

  /** Fingerprints of all services that these needs reach, by name; a service is made only when its fingerprint asks for its value. */
  async fingerprints(needs: readonly symbol[], wanted: string): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const [id, { binding }] of this.#reach(needs, wanted)) {
      const { fingerprint } = binding;
      if (fingerprint !== undefined)
        found[tokenName(id)] = typeof fingerprint === 'string' ? fingerprint : fingerprint(await this.#get(id));
    }
    return found;
  }

  /** What the reached services say about themselves, by name. */
  async about(needs: readonly symbol[], wanted: string): Promise<Record<string, string>> {
    const said: Record<string, string> = {};
    for (const [id, { binding }] of this.#reach(needs, wanted))
      if (binding.about) said[tokenName(id)] = binding.about(await this.#get(id));
    return said;
  }

  /** The services themselves, made once; async factories are awaited. */
  async resolve<N extends Needs>(needs: N): Promise<Injected<N>> {
    const entries = Object.entries(needs).map(async ([name, id]) => [name, await this.#get(id)] as const);
    return Object.fromEntries(await Promise.all(entries)) as unknown as Injected<N>;
  }

  /** Frees what was made. */
  dispose(): Promise<void> {
    return this.#container.unbindAllAsync();
  }

  #get(id: symbol): Promise<never> {
    return this.#container.getAsync(id);
  }

  #reach(needs: readonly symbol[], wanted: string, seen = new Map<symbol, Bound>()): Map<symbol, Bound> {
    for (const id of needs) {
      if (seen.has(id)) continue;
      const bound = this.#bound.get(id);
      if (!bound) throw messages.missingService(wanted, tokenName(id), [...this.#bound.keys()].map(tokenName));
      this.#reach(bound.needs, `Service '${tokenName(id)}' (of '${bound.owner}')`, seen.set(id, bound));
    }
    return seen;
  }
}
