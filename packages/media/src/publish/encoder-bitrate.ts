/** Encoders smooth smaller changes over anyway, and some pay each with a key frame. */
const MIN_CHANGE = 0.1;
const MIN_INTERVAL_UP_MS = 1_000;
const MIN_INTERVAL_DOWN_MS = 300;

/** Decides which of many small changes of a bitrate an encoder is told. */
export class EncoderBitrate {
  #toldBps: number | undefined;
  #toldMs = Number.NEGATIVE_INFINITY;

  /** Whether to tell the encoder `bitrateBps`. `whole`: there will be none above it. */
  worthTelling(bitrateBps: number, { nowMs, whole }: { readonly nowMs: number; readonly whole: boolean }): boolean {
    const change = this.#toldBps === undefined ? Number.NEGATIVE_INFINITY : bitrateBps / this.#toldBps - 1;
    const enough = Math.abs(change) >= MIN_CHANGE || (whole && change !== 0);
    const intervalMs = change < 0 ? MIN_INTERVAL_DOWN_MS : MIN_INTERVAL_UP_MS;
    if (!enough || nowMs - this.#toldMs < intervalMs) return false;
    this.#toldBps = bitrateBps;
    this.#toldMs = nowMs;
    return true;
  }
}
