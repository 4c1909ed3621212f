/** What a server is at one moment; the counters count from its start. */
export interface StatusSample {
  /** Monotonic, in milliseconds. */
  readonly atMs: number;
  readonly connections: number;
  readonly rooms: number;
  readonly participants: number;
  readonly queueAgeMs: number;
  readonly residentBytes: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly dropped: number;
  readonly cpuS: number;
}

/** What is plotted of one moment: counters became rates since the moment before. */
export interface StatusPoint
  extends Pick<StatusSample, "atMs" | "connections" | "rooms" | "participants" | "queueAgeMs" | "residentBytes"> {
  readonly inBps: number;
  readonly outBps: number;
  readonly messagesInPerS: number;
  readonly messagesOutPerS: number;
  readonly droppedPerS: number;
  /** 1: a whole processor. */
  readonly cpuShare: number;
}

/** The points of the last minutes. Time is in the samples. */
export class StatusHistory {
  readonly #spanMs: number;
  #points: StatusPoint[] = [];
  #last: StatusSample | undefined;

  constructor({ spanMs }: { readonly spanMs: number }) {
    this.#spanMs = spanMs;
  }

  /** Oldest first. */
  get points(): readonly StatusPoint[] {
    return this.#points;
  }

  push(sample: StatusSample): void {
    const last = this.#last;
    if (last && sample.atMs <= last.atMs) return;
    this.#last = sample;
    if (!last) return;
    this.#points.push(between(last, sample));
    const first = this.#points.findIndex(({ atMs }) => atMs >= sample.atMs - this.#spanMs);
    this.#points = this.#points.slice(first);
  }
}

function between(last: StatusSample, sample: StatusSample): StatusPoint {
  const seconds = (sample.atMs - last.atMs) / 1000;
  const perS = (read: (each: StatusSample) => number) => Math.max(0, read(sample) - read(last)) / seconds;
  const { atMs, connections, rooms, participants, queueAgeMs, residentBytes } = sample;
  return {
    ...{ atMs, connections, rooms, participants, queueAgeMs, residentBytes },
    inBps: 8 * perS(({ bytesIn }) => bytesIn),
    outBps: 8 * perS(({ bytesOut }) => bytesOut),
    messagesInPerS: perS(({ messagesIn }) => messagesIn),
    messagesOutPerS: perS(({ messagesOut }) => messagesOut),
    droppedPerS: perS(({ dropped }) => dropped),
    cpuShare: perS(({ cpuS }) => cpuS),
  };
}
