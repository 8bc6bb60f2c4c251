// Tokens name services; bindings are typed against them.
declare const service: unique symbol;

export type Token<T> = symbol & { readonly [service]: T };
export type Needs = { readonly [name: string]: Token<unknown> };
export type Injected<N> = { readonly [K in keyof N]: N[K] extends Token<infer T> ? T : never };

/** `token<Clock>('@ingot/contracts', 'clock')`: two copies of a package agree, two packages never collide. */
export const token = <T>(packageName: string, name: string): Token<T> =>
  Symbol.for(`${packageName}/${name}`) as Token<T>;

/** The name of a token, with its package. */
export const tokenName = (id: symbol): string => id.description ?? 'unnamed';

export interface Binding<T> {
  /** Say it when the service changes results: it enters the key of every stage that needs it. A function is asked once the service is made. */
  readonly fingerprint?: string | ((value: T) => string);
  /** What made the result without changing what it is: recorded in manifests; a checkpoint made under another is not continued. */
  readonly about?: (value: T) => string;
  /** Frees the service when the ingot is disposed. */
  readonly dispose?: (value: T) => void | Promise<void>;
}

/** What a plugin's `services` is given. */
export interface Bind {
  value<T>(token: Token<T>, value: NoInfer<T>, binding?: Binding<NoInfer<T>>): void;
  factory<T, const N extends Needs>(
    token: Token<T>,
    needs: N,
    make: (services: Injected<N>) => NoInfer<T> | Promise<NoInfer<T>>,
    binding?: Binding<NoInfer<T>>,
  ): void;
  class<T, const A extends readonly unknown[]>(
    token: Token<T>,
    type: new (...services: A) => NoInfer<T>,
    tokens: { readonly [I in keyof A]: Token<A[I]> },
    binding?: Binding<NoInfer<T>>,
  ): void;
}
