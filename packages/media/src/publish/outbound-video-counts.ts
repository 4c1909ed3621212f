/** What a layer counts since its beginning; the rest of its statistics is known elsewhere. */
export function outboundVideoCounts() {
  return {
    framesCaptured: 0,
    framesPaced: 0,
    framesSkippedEncoder: 0,
    framesSkippedConnection: 0,
    framesEncoded: 0,
    keyFramesEncoded: 0,
    totalEncodeTime: 0,
    pliCount: 0,
    encoderErrors: 0,
  };
}
