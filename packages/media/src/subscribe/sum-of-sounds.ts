import type { InboundAudioStatistics } from "./audio-subscriber.ts";

const COUNTED = [
  ...(["packetsReceived", "bytesReceived", "packetsMalformed", "packetsUnencrypted", "packetsLost"] as const),
  ...(["framesUndecryptable", "totalSamplesReceived", "concealedSamples", "concealmentEvents"] as const),
  "silentSamples" as const,
  ...(["insertedSamplesForDeceleration", "removedSamplesForAcceleration", "decoderErrors"] as const),
  ...(["jitterBufferDelay", "jitterBufferEmittedCount", "jitterBufferTargetDelay"] as const),
];

/** A sound track of which nothing was received yet. */
export const NO_SOUND: InboundAudioStatistics = {
  codec: "opus",
  packetsReceived: 0,
  bytesReceived: 0,
  packetsMalformed: 0,
  framesUndecryptable: 0,
  packetsUnencrypted: 0,
  packetsLost: 0,
  totalSamplesReceived: 0,
  concealedSamples: 0,
  silentSamples: 0,
  concealmentEvents: 0,
  insertedSamplesForDeceleration: 0,
  removedSamplesForAcceleration: 0,
  jitterBufferDelay: 0,
  jitterBufferEmittedCount: 0,
  jitterBufferTargetDelay: 0,
  decoderErrors: 0,
  playoutDelayMs: 0,
  latencyMs: null,
};

/** What a sound track that was received now and then has received: what was counted is added up, how it is now is as in the newest. */
export function sumOfSounds(before: InboundAudioStatistics, newest: InboundAudioStatistics): InboundAudioStatistics {
  const sums = COUNTED.map((key) => [key, before[key] + newest[key]] as const);
  return { ...newest, ...Object.fromEntries(sums) };
}
