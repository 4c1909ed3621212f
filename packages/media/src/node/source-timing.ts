import type { MediaClock } from "./media-clock.ts";
import { LiveTimeline, MediaPacing } from "./media-pacing.ts";

/** Behind by more than this, a picture is not worth showing any more when the next one is there. */
const MAX_PICTURE_LATE_MS = 100;

/** When a frame leaves its source, and the capture time it carries. Shared by the tracks of one source. */
export interface SourceTiming {
  /** Waits until the frame of this media time is due. "late": so far behind that a picture is better left out. */
  wait(mediaUs: number): Promise<"due" | "late">;
  /** Microseconds since the Unix epoch. Asked after {@link wait}. */
  stampUs(mediaUs: number): number;
}

/** A file: it runs as fast as it was recorded, and was captured when it is due. */
export function fileTiming(clock: MediaClock, signal: AbortSignal): SourceTiming {
  const pacing = new MediaPacing();
  return {
    async wait(mediaUs) {
      const aheadMs = pacing.dueMs(mediaUs, clock.nowMs()) - clock.nowMs();
      if (aheadMs < -MAX_PICTURE_LATE_MS) return "late";
      if (aheadMs > 0) await clock.sleep(aheadMs, { signal });
      return "due";
    },
    stampUs: (mediaUs) => Math.round(pacing.dueMs(mediaUs, clock.nowMs()) * 1000),
  };
}

/** A device or stream: its frames are due when they come. */
export function liveTiming(clock: MediaClock): SourceTiming {
  const timeline = new LiveTimeline();
  return {
    wait: async () => "due",
    stampUs: (mediaUs) => timeline.stampUs(mediaUs, Math.round(clock.nowMs() * 1000)),
  };
}
