import type { PcmBlock } from "@mqtt-meet/media";
import type { AudioSource, NodePicture, VideoSource } from "@mqtt-meet/media/node";
import type { LocalTrack, Room, TrackSource, VideoOptions } from "@mqtt-meet/sdk";

/** A meeting in Node. */
export interface NodeRoom extends Room {
  /** Takes the pictures of `source` until the track is unpublished; the caller closes the source afterwards. */
  publishVideo(source: VideoSource, options: VideoOptions): Promise<LocalTrack>;
  /** Takes the sound of `source` until the track is unpublished; the caller closes the source afterwards. */
  publishAudio(source: AudioSource, options: { readonly source: TrackSource }): Promise<LocalTrack>;
  /**
   * Receives the video track `key` (`peer/id`) until the returned function is called; the track need not exist yet.
   * `onPicture` is called when a picture is due, takes it over and closes it. Of what is offered in several sizes, the smallest
   * that fills `size` is received, in pixels; the largest when it is left out.
   */
  watchVideo(
    key: string,
    onPicture: (picture: NodePicture) => void,
    options?: { readonly size?: { readonly widthPx: number; readonly heightPx: number } },
  ): () => void;
  /**
   * Receives one sound track, or the sound of everybody, until the returned function is called. The `timestampUs` of what
   * is handed on is when it plays, on the epoch clock of this process: pauses of speech are not sent and leave a gap.
   */
  watchAudio(key: string, onBlock: (block: PcmBlock, key: string) => void): () => void;
}
