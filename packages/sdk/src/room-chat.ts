import {
  type ChatMessage as ChatLine,
  cleanChatText,
  encodeBase64Url,
  MAX_CHAT_CHARACTERS,
  type PeerId,
  type Request,
  type RoomMessage,
  topicLevel,
} from "@mqtt-meet/protocol";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import { ChatLog, type ChatLine as ShownLine } from "./chat-log.ts";
import { type Offer, RoomFiles } from "./files/room-files.ts";
import { OwnMessages } from "./own-messages.ts";
import { isPollLine } from "./read-polls.ts";
import type { ChatMessage } from "./room.ts";
import { type PollEntry, RoomPolls } from "./room-polls.ts";
import { SdkError } from "./sdk-error.ts";
import { sdkErrorOf } from "./sdk-error-of.ts";

/** Everything we sent is asked for once by whoever joins; more often within this time only by whoever means harm. */
const MIN_ANSWER_INTERVAL_MS = 200;

const MAX_ANSWERED = 300;

/** What the chat needs of its room. */
export interface RoomChatOptions {
  readonly own: PeerId;
  readonly ownName: () => string;
  readonly nameOf: (peer: PeerId) => string | undefined;
  /** Resolves when the broker has it. */
  readonly post: (message: RoomMessage) => Promise<void>;
  /** Resolves when the broker has it, or cannot. */
  readonly request: (peer: PeerId, request: Request) => Promise<void>;
  readonly nowMs: () => number;
}

/** The chat: what is shown, what we said, and who still lacks or owes something. */
export class RoomChat {
  readonly #options: RoomChatOptions;
  readonly #own = new OwnMessages();
  readonly #log = new ChatLog();
  readonly #names = new WeakMap<ShownLine, string>();
  readonly #messages = signal<readonly ChatMessage[]>([]);
  /** The numbers of our own messages that the broker does not have. */
  readonly #pending = new Set<number>();
  readonly #answeredMs = new Map<PeerId, number>();
  #shown: readonly ShownLine[] = [];
  #unnamed = false;
  readonly messages: ReadonlySignal<readonly ChatMessage[]> = this.#messages;
  readonly polls: RoomPolls;
  readonly files: RoomFiles;

  constructor(options: RoomChatOptions) {
    this.#options = options;
    const nameOf = (line: ShownLine) => this.#nameOf(line);
    this.polls = new RoomPolls({ own: options.own, nameOf, send: (entry) => this.#post(entry) });
    this.files = new RoomFiles({
      own: options.own,
      send: (entry) => this.#post(entry),
      offerOf: (message) => this.#offerOf(message),
      request: options.request,
      nowMs: options.nowMs,
    });
  }

  /** The number of our last message. */
  get last(): number {
    return this.#own.last;
  }

  /** Shows the message at once; resolves when the broker has it. */
  async send(text: string): Promise<void> {
    const clean = cleanChatText(text);
    if (clean === "") throw new TypeError("A message has at least one visible character.");
    if (clean.length > MAX_CHAT_CHARACTERS) {
      throw new SdkError("message-too-long", `A message has at most ${MAX_CHAT_CHARACTERS} characters.`);
    }
    await this.#post({ text: clean }).catch((error: unknown) => {
      throw sdkErrorOf(error);
    });
  }

  async #post(entry: PollEntry & Partial<Pick<ChatLine, "id" | "file">>): Promise<void> {
    const { own, post, nowMs } = this.#options;
    const id = topicLevel(encodeBase64Url(crypto.getRandomValues(new Uint8Array(12))));
    const line = this.#own.add({ id, sentAtMs: Math.floor(nowMs()), ...entry });
    this.#log.write(own, line, nowMs());
    this.#pending.add(line.number);
    this.#publish();
    await post({ type: "chat", ...line });
    this.#pending.delete(line.number);
    this.#publish({ force: true });
  }

  receive(from: PeerId, message: ChatLine): void {
    this.#log.receive(from, message, { nowMs: this.#options.nowMs(), again: false });
    this.#publish();
  }

  /** Messages that we asked for, or that were said before we came. */
  receiveAgain(from: PeerId, { messages, oldest }: Extract<Request, { type: "chat-again" }>): void {
    const nowMs = this.#options.nowMs();
    if (oldest !== undefined) this.#log.skipTo(from, oldest, nowMs);
    for (const message of messages) this.#log.receive(from, message, { nowMs, again: true });
    this.#publish();
  }

  /** `from` said in its state what the number of its last message is. */
  sent(from: PeerId, latest: number): void {
    this.#log.sent(from, latest, this.#options.nowMs());
    this.#publish();
  }

  /** Sends `to` what it has not seen of us. */
  answer(to: PeerId, missing: { readonly from: number; readonly to?: number }): void {
    const nowMs = this.#options.nowMs();
    if (nowMs - (this.#answeredMs.get(to) ?? Number.NEGATIVE_INFINITY) < MIN_ANSWER_INTERVAL_MS) return;
    if (this.#answeredMs.size >= MAX_ANSWERED) this.#answeredMs.clear();
    this.#answeredMs.set(to, nowMs);
    const { oldest } = this.#own;
    for (const messages of this.#own.batches(missing.from, missing.to)) {
      void this.#options.request(to, { type: "chat-again", oldest, messages });
    }
  }

  /** The number of the last message seen of everybody, for `hello`. */
  lastSeen(): Record<PeerId, number> {
    return this.#log.lastSeen();
  }

  /** Our connection is new. */
  restart(): void {
    this.#log.restart(this.#options.nowMs());
    this.files.restart();
  }

  /** `peer` is gone. */
  end(peer: PeerId, reason: "left" | "lost"): void {
    this.#answeredMs.delete(peer);
    this.files.end(peer);
    this.#log.end(peer, { nowMs: this.#options.nowMs(), reason });
    this.#publish();
  }

  /** Asks for what is missing, of the chat and of files; to be called a few times a second while connected. */
  check(reachable: (peer: PeerId) => boolean): void {
    for (const { peer, from, to } of this.#log.check(this.#options.nowMs(), reachable)) {
      void this.#options.request(peer, { type: "chat-missing", from, to });
    }
    this.files.check(reachable);
    this.#publish();
  }

  /** Names became known. */
  rename(): void {
    if (this.#unnamed) this.#publish({ force: true });
  }

  #publish({ force = false } = {}): void {
    if (this.#log.lines === this.#shown && !force) return;
    this.#shown = this.#log.lines;
    this.#unnamed = false;
    const lastNumbers = new Map<PeerId, number>();
    const lines = this.#shown.flatMap((line) => {
      const { from, message } = line;
      const missing = message.number - (lastNumbers.get(from) ?? message.number - 1) - 1;
      lastNumbers.set(from, message.number);
      if (isPollLine(line)) return [];
      return [{ ...this.#message(line), ...(missing > 0 && { missingBefore: missing }) }];
    });
    this.#messages.value = lines;
    if (this.#shown.some(isPollLine)) this.polls.update(this.#shown);
  }

  #message(line: ShownLine): ChatMessage {
    const { from, message } = line;
    const own = from === this.#options.own;
    const name = this.#nameOf(line);
    const { sentAtMs, text, file } = message;
    const offered = file === undefined ? {} : { file: { name: file.name, sizeBytes: file.sizeBytes } };
    const pending = own && this.#pending.has(message.number) ? ({ pending: true } as const) : {};
    return { id: `${from}/${message.number}`, from, name, own, sentAtMs, text, ...pending, ...offered };
  }

  #offerOf(message: string): Offer | undefined {
    const line = this.#shown.find(({ from, message: { number } }) => `${from}/${number}` === message);
    const file = line?.message.file;
    return line && file && { from: line.from, id: line.message.id, file };
  }

  #nameOf(line: ShownLine): string {
    const { own, ownName, nameOf } = this.#options;
    const name = this.#names.get(line) ?? (line.from === own ? ownName() : nameOf(line.from));
    if (name === undefined) this.#unnamed = true;
    else this.#names.set(line, name);
    return name ?? "";
  }
}
