// Ids as they come, in one array that grows.

/** A growing list of ids. */
export class IdBuffer {
  #ids: Int32Array;
  #size = 0;

  /** `room`: how many ids are expected. */
  constructor(room: number) {
    this.#ids = new Int32Array(room + 16);
  }

  /** Appends one id. */
  push(id: number): void {
    if (this.#size === this.#ids.length) this.#grow(1);
    this.#ids[this.#size++] = id;
  }

  /** Appends ids [from, end) of another array. */
  append(ids: Int32Array, from: number, end: number): void {
    if (this.#size + end - from > this.#ids.length) this.#grow(end - from);
    const own = this.#ids;
    let size = this.#size;
    for (let i = from; i < end; i++) own[size++] = ids[i]!;
    this.#size = size;
  }

  /** The ids so far, in an array of their own. */
  take(): Int32Array {
    return this.#ids.slice(0, this.#size);
  }

  #grow(more: number): void {
    const larger = new Int32Array(2 * this.#ids.length + more);
    larger.set(this.#ids);
    this.#ids = larger;
  }
}
