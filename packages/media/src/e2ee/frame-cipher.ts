/** The header of a frame as far as it is authenticated. */
export interface SealedFrameHeader {
  readonly keyFrame: boolean;
  readonly discardable: boolean;
  readonly number: number;
  readonly timestampUs: number;
}

/** Encrypts the frames of one topic. */
export interface FrameSealer {
  /**
   * False when there is no key that this frame may use; `onSealed` is not called then. Otherwise it is called once, in
   * the order of the calls, and with undefined when the frame is lost.
   */
  seal(header: SealedFrameHeader, body: Uint8Array, onSealed: (sealed: Uint8Array | undefined) => void): boolean;
}

/** Decrypts the frames of one subscription. */
export interface FrameOpener {
  /** `onOpened` is called once or never, with undefined when the frame is not authentic. It keeps the frames' order. */
  open(
    topic: string,
    frame: SealedFrameHeader & { readonly body: Uint8Array },
    onOpened: (body: Uint8Array | undefined) => void,
  ): void;
  /** Something came on `topic` that is not encrypted. */
  refuse(topic: string): void;
}
