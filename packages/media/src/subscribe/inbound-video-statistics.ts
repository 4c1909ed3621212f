/** How far the reception of a layer has come. */
export type ReceptionProgress = Pick<
  InboundVideoStatistics,
  "bytesReceived" | "framesDecoded" | "frameWidth" | "frameHeight" | "decoderQueueMs"
>;

/** What one layer has received, under the names of webrtc-stats where they exist there. Times in seconds. */
export interface InboundVideoStatistics {
  /** Empty before the first key frame. */
  readonly codec: string;
  readonly frameWidth: number;
  readonly frameHeight: number;
  readonly packetsReceived: number;
  readonly bytesReceived: number;
  readonly packetsMalformed: number;
  /** Whole frames whose key never came, or that somebody changed, made up or sent again. */
  readonly framesUndecryptable: number;
  /** In an encrypted room: packets in the clear, which are dropped. */
  readonly packetsUnencrypted: number;
  readonly framesReceived: number;
  readonly framesDecoded: number;
  readonly keyFramesDecoded: number;
  /** Received and not shown. */
  readonly framesDropped: number;
  /** Shown. */
  readonly framesRendered: number;
  /** Numbers that never came. */
  readonly framesLost: number;
  readonly freezeCount: number;
  readonly totalFreezesDuration: number;
  readonly pauseCount: number;
  readonly totalPausesDuration: number;
  readonly totalDecodeTime: number;
  readonly jitterBufferDelay: number;
  readonly jitterBufferEmittedCount: number;
  readonly jitterBufferTargetDelay: number;
  /** Key frames asked for. */
  readonly pliCount: number;
  readonly decoderErrors: number;
  /** The delay of playout that arrival asks for now. */
  readonly playoutDelayMs: number;
  /** How much later than on an empty way frames arrive now, jitter left out: what waits in queues. */
  readonly queueDelayMs: number;
  /** How long the oldest of several frames has been inside the decoder: above zero, it is behind. */
  readonly decoderQueueMs: number;
  /** From capture to shown over the last seconds; null while unknown. */
  readonly latencyMs: { readonly p50: number; readonly p95: number } | null;
}
