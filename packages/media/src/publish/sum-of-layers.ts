import type { OutboundVideoStatistics } from "./outbound-video-statistics.ts";

const SUMMED = [
  ...([
    "framesSkippedEncoder",
    "framesSkippedConnection",
    "framesEncoded",
    "keyFramesEncoded",
    "framesDropped",
  ] as const),
  ...(["packetsSent", "bytesSent", "totalEncodeTime", "pliCount", "encoderErrors"] as const),
];

/**
 * What a track has sent, from what its layers have: what work and bits there were is added up, what is seen is that of
 * the layer `shown`.
 */
export function sumOfLayers(layers: readonly OutboundVideoStatistics[], shown: number): OutboundVideoStatistics {
  const [first] = layers;
  const main = layers[shown] ?? first;
  if (main === undefined) throw new RangeError("A track has at least one layer.");
  const sums = SUMMED.map((key) => [key, layers.reduce((sum, layer) => sum + layer[key], 0)] as const);
  return { ...main, ...Object.fromEntries(sums) };
}
