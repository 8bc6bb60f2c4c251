// Scopes: tensors made inside are freed at the end, except those that the body returns and what the tape still needs.
import { TensorError } from './errors.js';
import { adopt, openScope } from './scope-stack.js';
import { Tensor } from './tensor.js';

/**
 * Runs a synchronous body and frees every tensor it made, except those found in what it returns (a Tensor, or arrays and plain objects
 * of them), which pass to the enclosing scope or to the caller. Throws `asynchronous-scope` when the body returns a promise.
 */
export function scope<R>(body: () => R): R {
  const { made, close } = openScope();
  const leaving = new Set<Tensor>();
  try {
    const result = body();
    if (result instanceof Promise) {
      throw new TensorError('asynchronous-scope', 'scope', {
        wanted: 'a synchronous body',
        got: 'a promise',
        try: 'await outside of the scope',
      });
    }
    collect(result, leaving);
    return result;
  } finally {
    close();
    for (const owned of made) {
      if (owned instanceof Tensor && leaving.has(owned)) adopt(owned);
      else owned.dispose();
    }
  }
}

function collect(value: unknown, found: Set<Tensor>): void {
  if (value instanceof Tensor) found.add(value);
  else if (Array.isArray(value)) for (const one of value) collect(one, found);
  else if (isPlain(value)) for (const one of Object.values(value)) collect(one, found);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
