interface Waiting<T> {
  value: T | undefined;
  done: boolean;
  readonly deliver: (value: T | undefined) => void;
}

/** Hands results on in the order in which the work was begun, each as soon as those before it are there. */
export class OrderedResults<T> {
  readonly #waiting: Waiting<T>[] = [];

  /** Work that has begun and was not delivered. */
  get size(): number {
    return this.#waiting.length;
  }

  /** `deliver` is called once, with undefined when `work` gives nothing or fails. */
  push(work: Promise<T | undefined>, deliver: (value: T | undefined) => void): void {
    const entry: Waiting<T> = { value: undefined, done: false, deliver };
    this.#waiting.push(entry);
    const settle = (value: T | undefined) => {
      entry.value = value;
      entry.done = true;
      this.#flush();
    };
    work.then(settle, () => settle(undefined));
  }

  #flush(): void {
    for (let head = this.#waiting[0]; head?.done; head = this.#waiting[0]) {
      this.#waiting.shift();
      head.deliver(head.value);
    }
  }
}
