export type {
  AudioDecoderPort,
  AudioEncoderPort,
  AudioEncoding,
  CodecBackend,
  EncodedFrame,
  Output,
  PcmBlock,
  Picture,
  VideoDecoderPort,
  VideoEncoderPort,
  VideoEncoding,
} from "./codec.ts";
export type { FrameOpener, FrameSealer, SealedFrameHeader } from "./e2ee/frame-cipher.ts";
export type { OpenContext, SealContext } from "./e2ee/key-context.ts";
export { type Candidate, type Epoch, KeyRing } from "./e2ee/key-ring.ts";
export { MediaCipher, type TrackTrouble } from "./e2ee/media-cipher.ts";
export { parseSframeHeader } from "./e2ee/sframe-header.ts";
export { epochNowMs } from "./epoch-clock.ts";
export { every } from "./every.ts";
export { handOut } from "./hand-out.ts";
export { LossyPace } from "./lossy-pace.ts";
export { MediaError } from "./media-error.ts";
export { AudioPublisher, type AudioPublisherOptions, type OutboundAudioStatistics } from "./publish/audio-publisher.ts";
export { chooseCodec } from "./publish/choose-codec.ts";
export type { TemporalLane } from "./publish/layer-sender.ts";
export { LayeredPublisher, type LayeredPublisherOptions, type LayerShape } from "./publish/layered-publisher.ts";
export type { OutboundVideoStatistics } from "./publish/outbound-video-statistics.ts";
export { type ControlledTrack, type ReceiversView, UplinkControl } from "./publish/uplink-control.ts";
export { VideoPublisher } from "./publish/video-publisher.ts";
export type { VideoPublisherOptions } from "./publish/video-publisher-options.ts";
export { levelDbov, loudness } from "./sound-level.ts";
export {
  AudioSubscriber,
  type AudioSubscriberOptions,
  type InboundAudioStatistics,
} from "./subscribe/audio-subscriber.ts";
export {
  chooseLayers,
  type LayerBudget,
  type LayerDemand,
  type OfferedLayer,
  type TakenLayer,
  wantedBudget,
} from "./subscribe/choose-layers.ts";
export { ClockedSink } from "./subscribe/clocked-sink.ts";
export { DecoderBudget } from "./subscribe/decoder-budget.ts";
export { DownlinkBudget } from "./subscribe/downlink-budget.ts";
export { FreezeDetector } from "./subscribe/freeze-detector.ts";
export type { InboundVideoStatistics, ReceptionProgress } from "./subscribe/inbound-video-statistics.ts";
export type { PcmSink } from "./subscribe/pcm-sink.ts";
export { PlayoutClock } from "./subscribe/playout-clock.ts";
export { QueueMeter } from "./subscribe/queue-meter.ts";
export { sumOfReceptions } from "./subscribe/sum-of-receptions.ts";
export { NO_SOUND, sumOfSounds } from "./subscribe/sum-of-sounds.ts";
export { VideoSubscriber } from "./subscribe/video-subscriber.ts";
export type { PictureInfo, VideoSubscriberOptions } from "./subscribe/video-subscriber-options.ts";
export { WireTraceRecorder, type WireTraceRecorderOptions } from "./trace/wire-trace-recorder.ts";
export type { MediaSender, MediaSource, MediaTap, SenderPath } from "./transport.ts";
