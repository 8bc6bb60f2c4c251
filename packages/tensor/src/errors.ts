// One branded error for everything that tensors refuse: which op, what was wanted, what was got, what to try.

export type TensorErrorCode =
  | 'bad-shape'
  | 'bad-dtype'
  | 'bad-index'
  | 'bad-option'
  | 'bad-device'
  | 'disposed'
  | 'stale'
  | 'no-gradient'
  | 'not-finite'
  | 'unknown-parameter'
  | 'asynchronous-scope'
  | 'out-of-memory'
  | 'unavailable';

const brand = Symbol.for('@ingot/tensor/error');

/** An error of this package; its text says where (the op), what was wanted, what was got and what to try. Tell it by `code`. */
export class TensorError extends Error {
  readonly code: TensorErrorCode;
  readonly op: string;
  constructor(
    code: TensorErrorCode,
    op: string,
    about: { readonly wanted: string; readonly got: string; readonly try?: string },
  ) {
    super(`${op}: wanted ${about.wanted}; got ${about.got}.${about.try === undefined ? '' : ` Try: ${about.try}.`}`);
    this.name = 'TensorError';
    this.code = code;
    this.op = op;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether a caught value is a TensorError, of this or another copy of the package. */
export function isTensorError(error: unknown): error is TensorError {
  return typeof error === 'object' && error !== null && brand in error;
}
