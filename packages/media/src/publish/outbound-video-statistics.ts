/** What one layer has sent, under the names of webrtc-stats where they exist there. Times in seconds. */
export interface OutboundVideoStatistics {
  readonly codec: string;
  readonly frameWidth: number;
  readonly frameHeight: number;
  readonly targetBitrate: number;
  /** Pictures that came from the source. */
  readonly framesCaptured: number;
  /** Left out to keep the frame rate that was asked for. */
  readonly framesPaced: number;
  /** Skipped because the encoder was behind, or not open yet. */
  readonly framesSkippedEncoder: number;
  /** Skipped because the connection was behind, or there was none. */
  readonly framesSkippedConnection: number;
  readonly framesEncoded: number;
  readonly keyFramesEncoded: number;
  /** Encoded, but not sent. */
  readonly framesDropped: number;
  readonly framesSent: number;
  readonly packetsSent: number;
  readonly bytesSent: number;
  readonly totalEncodeTime: number;
  /** Requests for a key frame. */
  readonly pliCount: number;
  readonly encoderErrors: number;
  readonly qualityLimitationReason: "none" | "cpu" | "bandwidth";
}
