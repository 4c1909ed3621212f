import type { ChannelLayout } from "node-av/lib";

/** Order "native": the mask tells the speakers, 4 front centre, 3 front left and right. */
const NATIVE = 1 as unknown as ChannelLayout["order"];

/** Mono or stereo as FFmpeg names it. */
export function channelLayout(channels: number): ChannelLayout {
  return { nbChannels: channels, order: NATIVE, mask: channels === 1 ? 4n : 3n };
}
