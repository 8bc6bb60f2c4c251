// Services: tokens named by their package, bindings typed against them, and inversify kept behind this file.
import 'reflect-metadata';
import { Container } from 'inversify';
import { IngotError, suggest } from './errors.js';
import type { PartRole } from './parts.js';

declare const service: unique symbol;
export type Token<T> = symbol & { readonly [service]: T };
export type Needs = { readonly [name: string]: Token<unknown> };
export type Injected<N> = { readonly [K in keyof N]: N[K] extends Token<infer T> ? T : never };

/** `token<Clock>('@ingot/spec', 'clock')`: two copies of a package agree, two packages never collide. */
export const token = <T>(packageName: string, name: string): Token<T> => Symbol.for(`${packageName}/${name}`) as Token<T>;

export interface Binding<T> {
  /** Say it when the service changes results: it enters the key of every stage that needs it. */
  readonly fingerprint?: string | ((value: T) => string);
  /** What made the result, without changing it in kind: recorded in manifests; a checkpoint made under another is not continued. */
  readonly about?: (value: T) => string;
  readonly dispose?: (value: T) => void | Promise<void>;
}
export interface Bind {
  value<T>(token: Token<T>, value: NoInfer<T>, binding?: Binding<NoInfer<T>>): void;
  factory<T, const N extends Needs>(token: Token<T>, needs: N, make: (services: Injected<N>) => NoInfer<T> | Promise<NoInfer<T>>, binding?: Binding<NoInfer<T>>): void;
  class<T, const A extends readonly unknown[]>(token: Token<T>, type: new (...services: A) => NoInfer<T>, tokens: { readonly [I in keyof A]: Token<A[I]> }, binding?: Binding<NoInfer<T>>): void;
}

interface Bound { readonly owner: string; readonly needs: readonly symbol[]; readonly fingerprint: unknown }
const nameOf = (id: symbol) => id.description ?? 'unnamed';

export class Services {
  readonly #container = new Container({ defaultScope: 'Singleton' });
  readonly #bound = new Map<symbol, Bound>();

  /** The application's own bindings may replace a plugin's; a plugin's may not replace another's. */
  binder(owner: string, mayReplace = false): Bind {
    const bind = <T>(id: symbol, needs: readonly symbol[], make: (...services: never[]) => T | Promise<T>, { fingerprint, dispose }: Binding<T> = {}) => {
      const earlier = this.#bound.get(id);
      if (earlier && !mayReplace) throw new IngotError('duplicate', `Service '${nameOf(id)}' is bound by '${earlier.owner}' and by '${owner}'. Bind it in createIngot's services to choose one.`);
      if (earlier) this.#container.unbind(id);
      this.#bound.set(id, { owner, needs, fingerprint });
      const scope = this.#container.bind<T>(id).toResolvedValue(make as (...services: unknown[]) => T | Promise<T>, [...needs]).inSingletonScope();
      if (dispose) scope.onDeactivation(async (value) => { await dispose(value); }); // inversify breaks on a disposer that returns neither nothing nor a promise
    };
    return {
      value: (id, value, binding) => bind(id, [], () => value, binding),
      factory: (id, needs, make, binding) => bind(id, Object.values(needs), (...services: never[]) => make(Object.fromEntries(Object.keys(needs).map((name, i) => [name, services[i]])) as never), binding),
      class: (id, Class, tokens, binding) => bind(id, tokens as readonly symbol[], (...services: never[]) => new Class(...(services as never)), binding),
    };
  }

  /** Every service reachable from these needs; a missing one is an error before any work. */
  #reach(needs: readonly symbol[], wanted: string, seen = new Map<symbol, Bound>()): Map<symbol, Bound> {
    for (const id of needs) {
      if (seen.has(id)) continue;
      const bound = this.#bound.get(id);
      if (!bound) throw new IngotError('missing-service', `${wanted} needs service '${nameOf(id)}', which nothing binds.${suggest(nameOf(id), [...this.#bound.keys()].map(nameOf))}`);
      this.#reach(bound.needs, `Service '${nameOf(id)}' (of '${bound.owner}')`, seen.set(id, bound));
    }
    return seen;
  }
  fingerprints(needs: Needs, wanted: string): Record<string, string> {
    return Object.fromEntries([...this.#reach(Object.values(needs), wanted)].flatMap(([id, { fingerprint }]) => (fingerprint === undefined ? [] : [[nameOf(id), String(fingerprint)]])));
  }
  async resolve<N extends Needs>(needs: N): Promise<Injected<N>> {
    return Object.fromEntries(await Promise.all(Object.entries(needs).map(async ([name, id]) => [name, await this.#container.getAsync(id as symbol)]))) as Injected<N>;
  }
  dispose(): Promise<void> { return this.#container.unbindAllAsync(); }
}

/** What is installed, for a stage that finds a part by a name it reads from its inputs. */
export interface Installed {
  /** The part of that role and name, made of these options; an unknown name gives near misses. */
  make<Role extends string, Value>(role: PartRole<Role, Value>, name: string, options?: Readonly<Record<string, unknown>>): Promise<Value>;
  /** Names of the installed parts of a role, sorted. */
  names<Role extends string, Value>(role: PartRole<Role, Value>): readonly string[];
}
export const Installed: Token<Installed> = token<Installed>('@ingot/core', 'installed');
