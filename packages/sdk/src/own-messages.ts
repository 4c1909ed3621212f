import type { ChatMessage } from "@mqtt-meet/protocol";

/** What a sender keeps for those who missed it or come later. */
export const MAX_KEPT_MESSAGES = 500;
/** Well below the largest request, and small enough for sound to slip between. */
const MAX_BATCH_BYTES = 16 * 1024;
/** What a message takes besides its text, as JSON. */
const ENVELOPE_BYTES = 160;

/** The chat messages that we sent, numbered from 1, kept to be sent again. */
export class OwnMessages {
  #kept: readonly ChatMessage[] = [];
  #last = 0;

  /** The number of the last message; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** The oldest number that can still be sent again. */
  get oldest(): number {
    return this.#kept[0]?.number ?? this.#last + 1;
  }

  add(message: Omit<ChatMessage, "number">): ChatMessage {
    this.#last++;
    const numbered: ChatMessage = { ...message, number: this.#last } as ChatMessage;
    this.#kept = [...this.#kept, numbered].slice(-MAX_KEPT_MESSAGES);
    return numbered;
  }

  /** What is kept of the numbers `from` to `to` (both included), in batches that fit into one request. */
  batches(from: number, to: number = this.#last): readonly (readonly ChatMessage[])[] {
    const batches: ChatMessage[][] = [];
    let room = 0;
    for (const message of this.#kept) {
      if (message.number < from || message.number > to) continue;
      const sizeBytes =
        ENVELOPE_BYTES +
        3 * JSON.stringify([message.text, message.poll, message.vote, message.end, message.file]).length;
      let batch = batches.at(-1);
      if (batch === undefined || sizeBytes > room) {
        batch = [];
        batches.push(batch);
        room = MAX_BATCH_BYTES;
      }
      batch.push(message);
      room -= sizeBytes;
    }
    return batches;
  }
}
