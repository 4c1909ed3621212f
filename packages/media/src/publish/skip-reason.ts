import type { MediaSender } from "../transport.ts";

/** With more inside, the encoder is behind, and another picture would only come later. */
const MAX_PENDING_FRAMES = 2;

/**
 * A picture behind others that wait longer, for the encoder or for the connection, had better not be encoded. In frame
 * intervals.
 */
const MAX_QUEUE_INTERVALS = 1.5;

/** The encoder that a picture would go to; `pendingFrames` is undefined while none is open. */
interface Encoder {
  readonly pendingFrames: number | undefined;
  oldestAgeMs(nowMs: number): number;
}

/** What keeps the next picture from being encoded, if anything does. */
export function skipReason(
  encoder: Encoder,
  way: { readonly sender: MediaSender; readonly paused: boolean; readonly frameRate: number; readonly nowMs: number },
): "cpu" | "bandwidth" | undefined {
  const { sender, paused, frameRate, nowMs } = way;
  if (paused) return "bandwidth";
  const maxAgeMs = (MAX_QUEUE_INTERVALS * 1000) / frameRate;
  const pending = encoder.pendingFrames;
  if (pending === undefined || pending > MAX_PENDING_FRAMES || encoder.oldestAgeMs(nowMs) > maxAgeMs) return "cpu";
  const behind = sender.oldestAgeMs ? sender.oldestAgeMs(nowMs) > maxAgeMs : sender.congested(nowMs);
  return behind ? "bandwidth" : undefined;
}
