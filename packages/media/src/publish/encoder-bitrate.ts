/** How much a bitrate has to change for an encoder to be told, as a part, and how long after it was told before. */
interface Steps {
  readonly change: number;
  readonly upMs: number;
  readonly downMs: number;
}

/** Encoders smooth smaller changes over anyway. */
const FINE: Steps = { change: 0.1, upMs: 1_000, downMs: 300 };

/**
 * Where each change costs a key frame, several times as large as other frames. Chromium's H.264 (OpenH264, as of 156) begins anew
 * at each call of `configure` when the pictures have another size than what it encodes, as the smaller layers of a camera do: 30 key frames
 * in 45 s on a line whose rate goes up and down.
 */
const COARSE: Steps = { change: 0.2, upMs: 5_000, downMs: 1_000 };

/** A key frame that nobody asked for so soon after a change came of it. */
const OF_CHANGE_MS = 500;

/** Decides which of many small changes of a bitrate an encoder is told. */
export class EncoderBitrate {
  #steps = FINE;
  #toldBps: number | undefined;
  #toldMs = Number.NEGATIVE_INFINITY;

  /** Whether to tell the encoder `bitrateBps`. `whole`: there will be none above it. */
  worthTelling(bitrateBps: number, { nowMs, whole }: { readonly nowMs: number; readonly whole: boolean }): boolean {
    const change = this.#toldBps === undefined ? Number.NEGATIVE_INFINITY : bitrateBps / this.#toldBps - 1;
    const enough = Math.abs(change) >= this.#steps.change || (whole && change !== 0);
    const intervalMs = change < 0 ? this.#steps.downMs : this.#steps.upMs;
    if (!enough || nowMs - this.#toldMs < intervalMs) return false;
    this.#toldBps = bitrateBps;
    this.#toldMs = nowMs;
    return true;
  }

  /** The encoder made a key frame that nobody had asked for. */
  keyFrameCame(nowMs: number): void {
    if (nowMs - this.#toldMs <= OF_CHANGE_MS) this.#steps = COARSE;
  }

  /** Another encoder is in use, or one for another size. */
  restart(): void {
    this.#steps = FINE;
  }
}
