import type { VideoCodec } from "@mqtt-meet/protocol";
import { MediaError } from "../media-error.ts";

/** Size and rate decide the level a decoder must have. */
export interface PictureRate {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameRate: number;
}

/** One row: largest picture, largest rate per second, the level as the codec string has it. */
type Level = readonly [pictureSize: number, rate: number, level: string];

/** In macroblocks of 16 × 16 (H.264, table A-1). */
const H264_LEVELS: readonly Level[] = [
  [396, 11_880, "14"],
  [792, 19_800, "15"],
  [1_620, 40_500, "1E"],
  [3_600, 108_000, "1F"],
  [5_120, 216_000, "20"],
  [8_192, 245_760, "28"],
  [8_704, 522_240, "2A"],
  [22_080, 589_824, "32"],
  [36_864, 983_040, "33"],
  [36_864, 2_073_600, "34"],
];

/** In luma samples (VP9 levels). */
const VP9_LEVELS: readonly Level[] = [
  [122_880, 4_608_000, "20"],
  [245_760, 9_216_000, "21"],
  [552_960, 20_736_000, "30"],
  [983_040, 36_864_000, "31"],
  [2_228_224, 83_558_400, "40"],
  [2_228_224, 160_432_128, "41"],
  [8_912_896, 311_951_360, "50"],
  [8_912_896, 588_251_136, "51"],
];

/** In luma samples (AV1, annex A.3); the number is `seq_level_idx`. */
const AV1_LEVELS: readonly Level[] = [
  [147_456, 4_423_680, "00"],
  [278_784, 8_363_520, "01"],
  [665_856, 19_975_680, "04"],
  [1_065_024, 31_950_720, "05"],
  [2_359_296, 70_778_880, "08"],
  [2_359_296, 141_557_760, "09"],
  [8_912_896, 267_386_880, "12"],
  [8_912_896, 534_773_760, "13"],
];

/** The WebCodecs codec string of what our encoders make: baseline H.264, profile 0 of VP9 and AV1. */
export function codecString(codec: VideoCodec, rate: PictureRate): string {
  switch (codec) {
    case "vp8":
    case "jpeg":
      return codec;
    case "h264":
      return `avc1.42C0${h264Level(rate)}`;
    case "vp9":
      return `vp09.00.${lowestLevel(VP9_LEVELS, rate.widthPx * rate.heightPx, rate.frameRate)}.08`;
    case "av1":
      return `av01.0.${lowestLevel(AV1_LEVELS, rate.widthPx * rate.heightPx, rate.frameRate)}M.08`;
  }
}

/** The level of H.264 in hexadecimal, ten times its number: "1F" is 3.1. */
export function h264Level(rate: PictureRate): string {
  const macroblocks = Math.ceil(rate.widthPx / 16) * Math.ceil(rate.heightPx / 16);
  return lowestLevel(H264_LEVELS, macroblocks, rate.frameRate);
}

/** Which family a codec string names. Throws "codec-unsupported" for a foreign one. */
export function videoCodecOf(codec: string): VideoCodec {
  if (codec === "vp8" || codec === "jpeg") return codec;
  if (codec.startsWith("avc1") || codec.startsWith("avc3") || codec === "h264") return "h264";
  if (codec.startsWith("vp09") || codec === "vp9") return "vp9";
  if (codec.startsWith("av01") || codec === "av1") return "av1";
  throw new MediaError("codec-unsupported", `The video codec ${JSON.stringify(codec)} is not known here.`);
}

function lowestLevel(levels: readonly Level[], size: number, frameRate: number): string {
  const fits = levels.find(([largest, rate]) => size <= largest && size * frameRate <= rate);
  return (fits ?? levels.at(-1))?.[2] ?? "";
}
