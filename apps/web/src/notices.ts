import { type ReadonlySignal, signal } from "@preact/signals";

/** One line to the user, at the lower left. */
export interface Notice {
  readonly id: number;
  readonly text: string;
}

const SHOWN_MS = 5000;
/** More at once cannot be read. */
const MOST_NOTICES = 3;

/** Lines that go away by themselves. */
export class Notices {
  readonly #list = signal<readonly Notice[]>([]);
  readonly list: ReadonlySignal<readonly Notice[]> = this.#list;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #lastId = 0;

  say(text: string): void {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#list.value = [...this.#list.peek().filter((notice) => notice.text !== text), { id, text }].slice(
      -MOST_NOTICES,
    );
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.dismiss(id);
    }, SHOWN_MS);
    this.#timers.add(timer);
  }

  dismiss(id: number): void {
    this.#list.value = this.#list.peek().filter((notice) => notice.id !== id);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#list.value = [];
  }
}
