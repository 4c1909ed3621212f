/** Between two versions of a sentence that grows: quick enough to follow, and about two messages a second at the most (M10). */
const INTERVAL_MS = 600;

/** What of the words that a recogniser gives is sent when: a sentence grows, and ends as what was understood at last. */
export class CaptionStream {
  #number = 1;
  #sent = "";
  #sentAtMs = Number.NEGATIVE_INFINITY;

  /** The caption to send now, if any. `isFinal`: the sentence is over. */
  hear(
    words: string,
    { isFinal, nowMs }: { readonly isFinal: boolean; readonly nowMs: number },
  ): { readonly number: number; readonly text: string } | undefined {
    const text = words.trim();
    const isNew = text !== "" && text !== this.#sent;
    const isDue = isFinal || nowMs - this.#sentAtMs >= INTERVAL_MS;
    const caption = isNew && isDue ? { number: this.#number, text } : undefined;
    if (caption !== undefined) {
      this.#sent = text;
      this.#sentAtMs = nowMs;
    }
    if (isFinal) {
      this.#number++;
      this.#sent = "";
    }
    return caption;
  }
}
