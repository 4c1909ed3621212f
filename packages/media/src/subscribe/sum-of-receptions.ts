import type { InboundVideoStatistics } from "./inbound-video-statistics.ts";

const COUNTED = [
  ...(["packetsReceived", "bytesReceived", "packetsMalformed", "packetsUnencrypted", "pliCount"] as const),
  ...(["framesReceived", "framesDecoded", "keyFramesDecoded", "framesDropped", "framesRendered"] as const),
  ...(["framesLost", "framesUndecryptable", "totalDecodeTime", "decoderErrors"] as const),
  ...(["jitterBufferDelay", "jitterBufferEmittedCount", "jitterBufferTargetDelay"] as const),
];

/**
 * What a track has received when its layers were received one after the other: what was counted is added up, how it is now
 * is as in the newest. Freezes and pauses are those of the newest, too: one detector counts them for all layers.
 */
export function sumOfReceptions(
  before: InboundVideoStatistics | undefined,
  newest: InboundVideoStatistics,
): InboundVideoStatistics {
  if (before === undefined) return newest;
  const sums = COUNTED.map((key) => [key, before[key] + newest[key]] as const);
  return { ...newest, ...Object.fromEntries(sums) };
}
