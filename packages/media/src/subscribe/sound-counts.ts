/** What happened to the sound, in samples per channel under the names of webrtc-stats. */
export interface SoundCounts {
  totalSamplesReceived: number;
  concealedSamples: number;
  silentSamples: number;
  concealmentEvents: number;
  insertedSamplesForDeceleration: number;
  removedSamplesForAcceleration: number;
  jitterBufferDelay: number;
  jitterBufferTargetDelay: number;
  jitterBufferEmittedCount: number;
}

/** All at 0. */
export function newSoundCounts(): SoundCounts {
  return {
    totalSamplesReceived: 0,
    concealedSamples: 0,
    silentSamples: 0,
    concealmentEvents: 0,
    insertedSamplesForDeceleration: 0,
    removedSamplesForAcceleration: 0,
    jitterBufferDelay: 0,
    jitterBufferTargetDelay: 0,
    jitterBufferEmittedCount: 0,
  };
}
