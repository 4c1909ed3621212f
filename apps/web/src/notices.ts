import { type ReadonlySignal, signal } from "@preact/signals";

/** One line to the user, at the lower left. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  /** What can be done about it. */
  readonly action: NoticeAction | undefined;
}

/** A button behind the line. */
export interface NoticeAction {
  readonly label: string;
  readonly onChoose: () => void;
}

const SHOWN_MS = 5000;
/** Who is to decide needs longer than who is to read. */
const SHOWN_WITH_ACTION_MS = 15_000;
/** More at once cannot be read. */
const MOST_NOTICES = 3;

/** Lines that go away by themselves. */
export class Notices {
  readonly #list = signal<readonly Notice[]>([]);
  readonly list: ReadonlySignal<readonly Notice[]> = this.#list;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #lastId = 0;

  say(text: string, { action }: { readonly action?: NoticeAction } = {}): void {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#list.value = [...this.#list.peek().filter((notice) => notice.text !== text), { id, text, action }].slice(
      -MOST_NOTICES,
    );
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        this.dismiss(id);
      },
      action ? SHOWN_WITH_ACTION_MS : SHOWN_MS,
    );
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
