import { cleanName, encodeState, type ParticipantKind, type State } from "@mqtt-meet/protocol";

/** What a participant says of itself. */
export interface OwnStateOptions {
  readonly name: string;
  readonly kind: ParticipantKind;
  readonly joinedAtMs: number;
  readonly decodes: State["decodes"];
  /** The number of our last chat message. */
  readonly lastChat: () => number;
  /** In an encrypted room: our keys and epoch. A will, which must stay small, has none. */
  readonly encryption?: (() => Pick<State, "keys" | "epoch">) | undefined;
  /** Who is host, as far as it concerns us. A will has none of it, either. */
  readonly host?: () => State["host"];
}

/** Who we are, as the others are told: counted by incarnation at each CONNECT, by heartbeat at each repetition. */
export class OwnState {
  readonly #options: OwnStateOptions;
  #name: string;
  #incarnation: number;
  #heartbeat = 0;
  #handAtMs: number | undefined;
  #recording = false;
  #captions = false;

  constructor(options: OwnStateOptions) {
    this.#options = options;
    this.#name = checkedName(options.name);
    this.#incarnation = Math.floor(options.joinedAtMs);
  }

  get name(): string {
    return this.#name;
  }

  get incarnation(): number {
    return this.#incarnation;
  }

  /** The number of the last state that was said. */
  get heartbeat(): number {
    return this.#heartbeat;
  }

  /** Throws a TypeError when nothing visible is left of `name`. */
  rename(name: string): void {
    this.#name = checkedName(name);
  }

  /** `handAtMs`: since when our hand is up; undefined takes it down. What is left out stays. */
  update(changes: {
    readonly handAtMs?: number | undefined;
    readonly recording?: boolean;
    readonly captions?: boolean;
  }): void {
    if ("handAtMs" in changes) this.#handAtMs = changes.handAtMs;
    this.#recording = changes.recording ?? this.#recording;
    this.#captions = changes.captions ?? this.#captions;
  }

  /** What is said when the connection that is made now is lost. */
  nextWill(): Uint8Array<ArrayBuffer> {
    this.#incarnation++;
    return this.#encode("gone", {});
  }

  /** One more sign of life. */
  nextHeartbeat(): Uint8Array {
    this.#heartbeat++;
    return this.#encode("here");
  }

  /** The last state. */
  goodbye(): Uint8Array {
    this.#heartbeat++;
    return this.#encode("gone");
  }

  #more(): Pick<State, "keys" | "epoch" | "host"> {
    const host = this.#options.host?.();
    return { ...this.#options.encryption?.(), ...(host && { host }) };
  }

  #encode(status: State["status"], more = this.#more()): Uint8Array<ArrayBuffer> {
    const { kind, joinedAtMs, decodes, lastChat } = this.#options;
    return encodeState({
      v: 1,
      name: this.#name,
      kind,
      joinedAtMs,
      incarnation: this.#incarnation,
      status,
      decodes,
      heartbeat: this.#heartbeat,
      chat: lastChat(),
      ...more,
      ...(this.#handAtMs === undefined ? {} : { hand: true, handAtMs: this.#handAtMs }),
      ...(this.#recording ? { recording: true } : {}),
      ...(this.#captions ? { captions: true } : {}),
    });
  }
}

function checkedName(name: string): string {
  const clean = cleanName(name);
  if (clean === "") throw new TypeError("A name has at least one visible character.");
  return clean;
}
