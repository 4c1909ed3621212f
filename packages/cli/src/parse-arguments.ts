import { InvalidArgumentError } from "commander";

/** `1280x720`. */
export interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** No encoder takes more. */
const MAX_SIDE_PX = 8_192;

/** Reads `WIDTHxHEIGHT`; odd numbers become even, as video wants them. */
export function parseSize(text: string): PictureSize {
  const match = /^(\d{1,5})x(\d{1,5})$/i.exec(text);
  const widthPx = Number(match?.[1]) & ~1;
  const heightPx = Number(match?.[2]) & ~1;
  const fits = widthPx >= 16 && heightPx >= 16 && widthPx <= MAX_SIDE_PX && heightPx <= MAX_SIDE_PX;
  if (!match || !fits) throw new InvalidArgumentError("A size is WIDTHxHEIGHT, for example 1280x720.");
  return { widthPx, heightPx };
}

/** Reads bits per second: `1500k`, `1.5M` or `1500000`. */
export function parseBitrate(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([kM]?)$/.exec(text);
  const factors = { k: 1_000, M: 1_000_000, "": 1 };
  const bps = Math.round(Number(match?.[1]) * factors[(match?.[2] ?? "") as keyof typeof factors]);
  if (!match || bps < 10_000 || bps > 200_000_000) {
    throw new InvalidArgumentError("A bitrate is between 10k and 200M, for example 1500k.");
  }
  return bps;
}

/** Makes a reader of numbers within limits. */
export function numberBetween(low: number, high: number, options: { readonly integer?: boolean } = {}) {
  return (text: string): number => {
    const value = Number(text);
    const fits = text.trim() !== "" && value >= low && value <= high && (!options.integer || Number.isInteger(value));
    if (!fits) throw new InvalidArgumentError(`It is a number from ${low} to ${high}.`);
    return value;
  };
}
