import { type ChatMessage, cleanChatText, MAX_POLL_OPTIONS, type PeerId, topicLevel } from "@mqtt-meet/protocol";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { ChatLine } from "./chat-log.ts";
import { readPolls } from "./read-polls.ts";
import type { Poll } from "./room.ts";
import { SdkError } from "./sdk-error.ts";

/** What a message of a poll has besides its number. */
export type PollEntry = { readonly text: string } & Pick<ChatMessage, "poll" | "vote" | "end">;

/** What polls need of the chat, which carries them. */
export interface RoomPollsOptions {
  readonly own: PeerId;
  readonly nameOf: (line: ChatLine) => string;
  /** Resolves when the broker has it. */
  readonly send: (entry: PollEntry) => Promise<void>;
}

/** Questions with answers to choose from: numbered, kept and sent again like what is written (M8). */
export class RoomPolls {
  readonly #options: RoomPollsOptions;
  readonly #polls = signal<readonly Poll[]>([]);
  readonly polls: ReadonlySignal<readonly Poll[]> = this.#polls;

  constructor(options: RoomPollsOptions) {
    this.#options = options;
  }

  /** The log has changed. */
  update(lines: readonly ChatLine[]): void {
    this.#polls.value = readPolls(lines, this.#options);
  }

  /** Rejects with a TypeError unless there are a question and two to ten different answers. */
  async ask(question: string, answers: readonly string[]): Promise<void> {
    const text = cleanChatText(question).trim();
    const options = answers.map((answer) => cleanChatText(answer).trim());
    if (text === "" || options.includes("")) throw new TypeError("A question and its answers are not empty.");
    const isMany = options.length >= 2 && options.length <= MAX_POLL_OPTIONS;
    if (!isMany || new Set(options).size < options.length) {
      throw new TypeError(`A question has 2 to ${MAX_POLL_OPTIONS} different answers.`);
    }
    await this.#options.send({ text, poll: { options } });
  }

  /** Takes the place of an earlier vote of ours. Rejects with an SdkError when the poll is closed. */
  async vote(id: string, choice: number): Promise<void> {
    const poll = this.#open(id);
    const option = poll.options[choice];
    if (option === undefined) throw new RangeError("There is no such answer.");
    const { by, level } = split(id);
    await this.#options.send({ text: option.text, vote: { by, id: level, choice } });
  }

  /** Only who asked can. The votes that we have are the result for everybody. */
  async close(id: string): Promise<void> {
    const poll = this.#open(id);
    if (!poll.own) throw new SdkError("not-authorized", "Only who asked can close a poll.");
    const votes = poll.options.map((option) => option.votes);
    await this.#options.send({ text: poll.question, end: { id: split(id).level, votes } });
  }

  #open(id: string): Poll {
    const poll = this.#polls.peek().find((known) => known.id === id);
    if (poll === undefined || poll.closed) throw new SdkError("poll-closed", "The poll is closed.");
    return poll;
  }
}

function split(id: string) {
  const [by = "", level = ""] = id.split("/");
  return { by: topicLevel(by), level: topicLevel(level) };
}
