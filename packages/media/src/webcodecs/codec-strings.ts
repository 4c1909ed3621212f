import type { VideoCodec } from "@mqtt-meet/protocol";

/** How much a level of a codec allows. */
interface Level {
  readonly name: string;
  readonly pixels: number;
  readonly pixelsPerS: number;
}

/** Macroblocks of 16 × 16 pixels. */
const MACROBLOCK = 256;

/** H.264, table A-1: levels 3.0 to 5.1; baseline profile. */
const H264_LEVELS: readonly Level[] = [
  { name: "1E", pixels: 1_620 * MACROBLOCK, pixelsPerS: 40_500 * MACROBLOCK },
  { name: "1F", pixels: 3_600 * MACROBLOCK, pixelsPerS: 108_000 * MACROBLOCK },
  { name: "20", pixels: 5_120 * MACROBLOCK, pixelsPerS: 216_000 * MACROBLOCK },
  { name: "28", pixels: 8_192 * MACROBLOCK, pixelsPerS: 245_760 * MACROBLOCK },
  { name: "2A", pixels: 8_704 * MACROBLOCK, pixelsPerS: 522_240 * MACROBLOCK },
  { name: "32", pixels: 22_080 * MACROBLOCK, pixelsPerS: 589_824 * MACROBLOCK },
  { name: "33", pixels: 36_864 * MACROBLOCK, pixelsPerS: 983_040 * MACROBLOCK },
];

const VP9_LEVELS: readonly Level[] = [
  { name: "21", pixels: 245_760, pixelsPerS: 9_216_000 },
  { name: "30", pixels: 552_960, pixelsPerS: 20_736_000 },
  { name: "31", pixels: 983_040, pixelsPerS: 36_864_000 },
  { name: "40", pixels: 2_228_224, pixelsPerS: 83_558_400 },
  { name: "41", pixels: 2_228_224, pixelsPerS: 160_432_128 },
  { name: "50", pixels: 8_912_896, pixelsPerS: 311_951_360 },
  { name: "51", pixels: 8_912_896, pixelsPerS: 588_251_136 },
];

const AV1_LEVELS: readonly Level[] = [
  { name: "01", pixels: 278_784, pixelsPerS: 8_363_520 },
  { name: "04", pixels: 665_856, pixelsPerS: 19_975_680 },
  { name: "05", pixels: 1_065_024, pixelsPerS: 31_950_720 },
  { name: "08", pixels: 2_359_296, pixelsPerS: 70_778_880 },
  { name: "09", pixels: 2_359_296, pixelsPerS: 141_557_760 },
  { name: "12", pixels: 8_912_896, pixelsPerS: 267_386_880 },
  { name: "13", pixels: 8_912_896, pixelsPerS: 534_773_760 },
];

/** What is encoded. */
export interface PictureFormat {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameRate: number;
}

/** The WebCodecs codec string for pictures of `format`, with the lowest level that allows them. */
export function codecString(codec: VideoCodec, format: PictureFormat): string {
  switch (codec) {
    case "h264":
      return `avc1.42E0${levelFor(H264_LEVELS, format)}`;
    case "vp9":
      return `vp09.00.${levelFor(VP9_LEVELS, format)}.08`;
    case "av1":
      return `av01.0.${levelFor(AV1_LEVELS, format)}M.08`;
    case "vp8":
    case "jpeg":
      return codec;
  }
}

function levelFor(levels: readonly Level[], { widthPx, heightPx, frameRate }: PictureFormat): string {
  const side = 16;
  const pixels = Math.ceil(widthPx / side) * Math.ceil(heightPx / side) * side * side;
  const level = levels.find((candidate) => pixels <= candidate.pixels && pixels * frameRate <= candidate.pixelsPerS);
  return (level ?? levels.at(-1))?.name ?? "";
}
