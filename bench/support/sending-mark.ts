/** Every marked message holds it, and its time of sending behind it, so that a reader finds it however the stream was cut. */
const MARK = Buffer.from("\u0001mqtt-meet-bench\u0002");
const STAMP_BYTES = 8;

/** What a mark takes of a message. */
export const MARK_BYTES = MARK.length + STAMP_BYTES;

/** Writes a mark at the beginning of `payload`, which is at least {@link MARK_BYTES} long; its time is set by {@link stampedCopy}. */
export function putMark(payload: Uint8Array): void {
  payload.set(MARK);
}

/** Where the time stands in a message with a mark. */
export function stampPlace(message: Buffer): number {
  return message.indexOf(MARK) + MARK.length;
}

/** A copy of `message` that is sent now. */
export function stampedCopy(message: Buffer, place: number): Buffer {
  const copy = Buffer.from(message);
  copy.writeDoubleBE(performance.now(), place);
  return copy;
}

/** How long ago the marked messages in a chunk were sent, in ms. A mark that lies across two chunks is left out. */
export function agesMs(chunk: Uint8Array): number[] {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
  const nowMs = performance.now();
  const ages: number[] = [];
  for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, at + MARK.length)) {
    if (at + MARK_BYTES <= bytes.length) ages.push(nowMs - bytes.readDoubleBE(at + MARK.length));
  }
  return ages;
}
