import { agesMs, stampedCopy } from "../support/sending-mark.ts";
import { LightPerson, type Message } from "./light-person.ts";
import type { Recording } from "./recording.ts";
import type { Shape } from "./shapes.ts";

/** So many people of the load look at the times of what they get; for all of them it would be most of the load's work. */
const PROBES = 4;
const JOIN_AT_ONCE = 8;
const PICTURE_MS = 1000 / 30;
const SOUND_MS = 20;

/** What a source sends, one after the other, at its times. */
interface Source {
  readonly from: LightPerson;
  readonly receivers: number;
  readonly kind: "pictures" | "sounds";
  readonly intervalMs: number;
  dueMs: number;
  next: number;
}

/** One room to be filled. */
interface Room {
  readonly shape: Shape;
  readonly recording: Recording;
  readonly count: number;
  readonly name: string;
}

/** People of one shape on one server. */
export class LightMeeting implements Disposable {
  /** From the write at the sender to the read at a receiver. */
  readonly delaysMs: { readonly pictures: number[]; readonly sounds: number[] } = { pictures: [], sounds: [] };
  /** How much after its time each message was sent: more than some ms says that the load itself is too slow. */
  readonly lateMs: number[] = [];
  readonly #people: LightPerson[] = [];
  readonly #sources: Source[] = [];
  #timer: NodeJS.Timeout | undefined;
  #expectedBytes = 0;
  #deliveries = 0;

  /** Fills rooms of the server at `port` with so many people. */
  static async open(
    port: number,
    { shape, people, recording }: { readonly shape: Shape; readonly people: number; readonly recording: Recording },
  ): Promise<LightMeeting> {
    const meeting = new LightMeeting();
    for (let before = 0, room = 0; before < people; before += shape.roomPeople, room++) {
      const count = Math.min(shape.roomPeople, people - before);
      await meeting.#fill(port, { shape, recording, count, name: `load-${room}` });
    }
    return meeting;
  }

  /** What arrived, and what should have, since the beginning; in bytes. */
  get bytes(): { readonly received: number; readonly expected: number } {
    return {
      received: this.#people.reduce((sum, person) => sum + person.receivedBytes, 0),
      expected: this.#expectedBytes,
    };
  }

  /** Messages that should have arrived, all receivers together. */
  get deliveries(): number {
    return this.#deliveries;
  }

  /** Each source begins at a time of its own, as devices do. */
  start(): void {
    const startMs = performance.now();
    for (const [index, source] of this.#sources.entries()) {
      source.dueMs = startMs + ((index * 0.618) % 1) * source.intervalMs;
    }
    this.#timer = setInterval(() => this.#send(), 1);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  [Symbol.dispose](): void {
    this.stop();
    for (const person of this.#people) person[Symbol.dispose]();
  }

  async #fill(port: number, room: Room): Promise<void> {
    const people = await this.#join(port, room);
    const { shape, count } = room;
    const [seers, hearers] = [new Array<number>(count).fill(0), new Array<number>(count).fill(0)];
    for (const [index, person] of people.entries()) {
      const [seen, heard] = [shape.sees(index, count), shape.hears(index, count)];
      for (const other of seen) seers[other] = (seers[other] ?? 0) + 1;
      for (const other of heard) hearers[other] = (hearers[other] ?? 0) + 1;
      const known = (indices: readonly number[]) => indices.flatMap((i) => people[i] ?? []);
      await person.follow({ seen: known(seen), heard: known(heard) });
    }
    this.#expectedBytes += people.reduce((sum, person) => sum + person.receivedBytes, 0); // the answers so far
    this.#people.push(...people);
    for (const [index, from] of people.entries()) {
      if (!from.messages) continue;
      const of = { from, dueMs: 0, next: index * 7 };
      this.#sources.push({ ...of, kind: "pictures", intervalMs: PICTURE_MS, receivers: seers[index] ?? 0 });
      this.#sources.push({ ...of, kind: "sounds", intervalMs: SOUND_MS, receivers: hearers[index] ?? 0 });
    }
  }

  async #join(port: number, { shape, recording, count, name }: Room): Promise<LightPerson[]> {
    const people: LightPerson[] = [];
    const probe = {
      onPictures: (chunk: Uint8Array) => void this.delaysMs.pictures.push(...agesMs(chunk)),
      onSound: (chunk: Uint8Array) => void this.delaysMs.sounds.push(...agesMs(chunk)),
    };
    while (people.length < count) {
      const some = Array.from({ length: Math.min(JOIN_AT_ONCE, count - people.length) }, (_, i) => people.length + i);
      const joining = some.map((index) => {
        const isProbe = this.#people.length === 0 && count - 1 - index < PROBES;
        const sends = index < shape.senders ? recording : undefined;
        return LightPerson.join(port, { room: name, recording: sends, ...(isProbe ? probe : {}) });
      });
      people.push(...(await Promise.all(joining)));
    }
    return people;
  }

  #send(): void {
    const nowMs = performance.now();
    for (const source of this.#sources) {
      for (; source.dueMs <= nowMs; source.dueMs += source.intervalMs) {
        this.lateMs.push(performance.now() - source.dueMs);
        this.#sendOne(source);
      }
    }
  }

  #sendOne(source: Source): void {
    const all: readonly Message[] = source.from.messages?.[source.kind] ?? [];
    const message = all[source.next++ % all.length];
    const light = source.kind === "pictures" ? source.from.pictures : source.from.sound;
    if (!message || !light) return;
    light.socket.write(stampedCopy(message.frame, message.place));
    this.#expectedBytes += message.deliveredBytes * source.receivers;
    this.#deliveries += source.receivers;
  }
}
