// The error of this package: one branded class, so that a caller can tell a bad file from a bug.
const brand = Symbol.for('@ingot/formats/error');

/** What was wrong: `bad-file` is malformed, `bad-value` cannot be written, `unsupported` is well-formed but asks for what we cannot honour, `unknown-name` names a tensor that is not there. */
export type FormatErrorCode = 'bad-file' | 'bad-value' | 'unsupported' | 'unknown-name';

/** Thrown by every reader and writer here; the text says where, what was wanted, what was got and what to try. */
export class FormatError extends Error {
  readonly [brand] = true;
  constructor(
    readonly code: FormatErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'FormatError';
  }
  /** Works across two copies of the package, where instanceof does not. */
  static is(error: unknown): error is FormatError {
    return typeof error === 'object' && error !== null && brand in error;
  }
}
