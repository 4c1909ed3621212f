/** How long ago a picture may have been skipped for its reason to count as what limits now. */
const WINDOW_MS = 2_000;

/** What keeps a layer from being better, from the pictures that were skipped lately. */
export class LimitReason {
  #cpuMs = Number.NEGATIVE_INFINITY;
  #bandwidthMs = Number.NEGATIVE_INFINITY;

  /** A picture was skipped. */
  observe(reason: "cpu" | "bandwidth", nowMs: number): void {
    if (reason === "cpu") this.#cpuMs = nowMs;
    else this.#bandwidthMs = nowMs;
  }

  /** The name of webrtc-stats; the network first, because it holds the encoder up too. */
  at(nowMs: number): "none" | "cpu" | "bandwidth" {
    if (nowMs - this.#bandwidthMs < WINDOW_MS) return "bandwidth";
    return nowMs - this.#cpuMs < WINDOW_MS ? "cpu" : "none";
  }
}
