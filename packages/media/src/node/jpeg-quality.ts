/** The scale of libjpeg and of OpenCV, 1 to 100, as the quantiser of FFmpeg's encoder, 2 to 31: about the same picture. */
export function quantizerOf(quality: number): number {
  const scale = quality < 50 ? 50 / Math.max(quality, 1) : 2 - quality / 50;
  // The table of libjpeg is on average 17 times as coarse as FFmpeg's for one step of its quantiser.
  return Math.min(31, Math.max(2, Math.round(17 * scale)));
}

/** Where JPEG pictures under a bitrate begin: quality 80. */
const FIRST_QUANTIZER = 7;

/** Holds a stream of JPEG pictures to a bitrate by the quantiser of the next one. */
export class JpegRateControl {
  #quantizer = FIRST_QUANTIZER;
  #bytesPerFrame: number;
  readonly #frameRate: number;

  constructor(options: { readonly bitrateBps: number; readonly frameRate: number }) {
    this.#frameRate = options.frameRate;
    this.#bytesPerFrame = options.bitrateBps / 8 / options.frameRate;
  }

  /** For the next picture. */
  get quantizer(): number {
    return Math.round(this.#quantizer);
  }

  setBitrate(bitrateBps: number): void {
    this.#bytesPerFrame = bitrateBps / 8 / this.#frameRate;
  }

  /** Size falls about with the square root of the quantiser, so the correction is squared, and damped. */
  push(sizeBytes: number): void {
    const ratio = Math.min(2, Math.max(0.5, sizeBytes / this.#bytesPerFrame));
    this.#quantizer = Math.min(31, Math.max(2, this.#quantizer * ratio));
  }
}
