import { type ReadonlySignal, signal } from "@preact/signals";
import { readText, type SmallStorage, writeText } from "./settings.ts";

/** A meeting that was joined here, or a camera that was watched. Never more than this is kept: no secret, no account. */
export interface RecentName {
  readonly name: string;
  readonly atMs: number;
}

const MOST_ENTRIES = 5;

/** The names of the last meetings or cameras of this browser. */
export class RecentNames {
  readonly #storage: SmallStorage | undefined;
  readonly #key: string;
  readonly #entries;
  readonly entries: ReadonlySignal<readonly RecentName[]>;

  /** They are kept under `key`. */
  constructor(storage: SmallStorage | undefined, key: string) {
    this.#storage = storage;
    this.#key = key;
    this.#entries = signal(readRecent(readText(storage, key)));
    this.entries = this.#entries;
  }

  add({ name, atMs }: RecentName): void {
    const others = this.#entries.peek().filter((entry) => entry.name !== name);
    this.#replace([{ name, atMs }, ...others].slice(0, MOST_ENTRIES));
  }

  forget(): void {
    this.#replace([]);
  }

  #replace(entries: readonly RecentName[]): void {
    this.#entries.value = entries;
    writeText(this.#storage, { key: this.#key, text: JSON.stringify(entries) });
  }
}

/** What of a stored text are names. */
export function readRecent(text: string | undefined): readonly RecentName[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value.filter(isName).slice(0, MOST_ENTRIES) : [];
  } catch {
    return [];
  }
}

function isName(value: unknown): value is RecentName {
  if (typeof value !== "object" || value === null || !("name" in value) || !("atMs" in value)) return false;
  return typeof value.name === "string" && typeof value.atMs === "number";
}
