import { type ReadonlySignal, signal } from "@preact/signals";
import { readText, type SmallStorage, writeText } from "./settings.ts";

/** A meeting that was joined here. Never more than this is kept: the secret stays in the link. */
export interface RecentMeeting {
  readonly name: string;
  readonly atMs: number;
}

const KEY = "mqtt-meet.recent";
const MOST_ENTRIES = 5;

/** The names of the last meetings of this browser. */
export class RecentMeetings {
  readonly #storage: SmallStorage | undefined;
  readonly #entries;
  readonly entries: ReadonlySignal<readonly RecentMeeting[]>;

  constructor(storage: SmallStorage | undefined) {
    this.#storage = storage;
    this.#entries = signal(readRecent(readText(storage, KEY)));
    this.entries = this.#entries;
  }

  add(meeting: RecentMeeting): void {
    const others = this.#entries.peek().filter((entry) => entry.name !== meeting.name);
    this.#replace([{ name: meeting.name, atMs: meeting.atMs }, ...others].slice(0, MOST_ENTRIES));
  }

  forget(): void {
    this.#replace([]);
  }

  #replace(entries: readonly RecentMeeting[]): void {
    this.#entries.value = entries;
    writeText(this.#storage, { key: KEY, text: JSON.stringify(entries) });
  }
}

/** What of a stored text are meetings. */
export function readRecent(text: string | undefined): readonly RecentMeeting[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value.filter(isMeeting).slice(0, MOST_ENTRIES) : [];
  } catch {
    return [];
  }
}

function isMeeting(value: unknown): value is RecentMeeting {
  if (typeof value !== "object" || value === null || !("name" in value) || !("atMs" in value)) return false;
  return typeof value.name === "string" && typeof value.atMs === "number";
}
