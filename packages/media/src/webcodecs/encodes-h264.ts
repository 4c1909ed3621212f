import { isFirefox } from "../is-firefox.ts";
import { videoEncoderConfig } from "./web-video-encoder.ts";

/** A picture of this size takes an encoder a millisecond or two. */
const PROOF = {
  widthPx: 64,
  heightPx: 64,
  frameRate: 30,
  bitrateBps: 100_000,
  codec: "h264",
  content: "motion",
} as const;

/** A live encoder keeps no more. */
const KEPT_PICTURES = 4;
/** What does not come within this does not come, on whatever machine. */
const MAX_PROOF_MS = 2_000;

/**
 * Whether an H.264 encoder delivers pictures as they come. Firefox says that it has one, also in real time, and where that is
 * x264 it keeps dozens of pictures back, so that the first comes after seconds or never. Others are believed: the proof takes
 * some of the time before the first picture.
 */
export async function encodesH264(userAgent: string): Promise<boolean> {
  if (!isFirefox(userAgent)) return true;
  let encoder: VideoEncoder | undefined;
  try {
    return await new Promise<boolean>((resolve) => {
      setTimeout(resolve, MAX_PROOF_MS, false);
      encoder = new VideoEncoder({ output: () => resolve(true), error: () => resolve(false) });
      encoder.configure(videoEncoderConfig(PROOF));
      for (let i = 0; i <= KEPT_PICTURES; i++) encodeBlack(encoder, i);
    });
  } catch {
    return false;
  } finally {
    if (encoder?.state === "configured") encoder.close();
  }
}

function encodeBlack(encoder: VideoEncoder, index: number): void {
  const { widthPx: codedWidth, heightPx: codedHeight, frameRate } = PROOF;
  const luma = codedWidth * codedHeight;
  const black = new Uint8Array((luma * 3) / 2).fill(128, luma);
  const timestamp = Math.round((1e6 * index) / frameRate);
  const frame = new VideoFrame(black, { format: "I420", codedWidth, codedHeight, timestamp });
  encoder.encode(frame, { keyFrame: index === 0 });
  frame.close();
}
