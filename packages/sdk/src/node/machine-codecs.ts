import { type CodecBackend, MediaError } from "@mqtt-meet/media";
import { type NodePicture, openNodeBackend } from "@mqtt-meet/media/node";
import type { State, VideoCodec } from "@mqtt-meet/protocol";

/** What this machine encodes and decodes. */
export interface MachineCodecs {
  readonly backend: CodecBackend<NodePicture>;
  /** Best first. */
  readonly encodable: readonly VideoCodec[];
  readonly decodes: State["decodes"];
  /** Why there are none: presence and chat work without. */
  readonly error: MediaError | undefined;
  /** Resolves when no native work is left. */
  close(): Promise<void>;
}

/** Opens the codecs of this machine; none at all is no failure. */
export async function machineCodecs(): Promise<MachineCodecs> {
  try {
    const backend = await openNodeBackend();
    const [encodable, video] = await Promise.all([backend.encodableVideo(), backend.decodableVideo()]);
    const decodes: State["decodes"] = { video, audio: ["opus"] };
    return { backend, encodable, decodes, error: undefined, close: () => backend.close() };
  } catch (error) {
    if (!(error instanceof MediaError && error.code === "backend-missing")) throw error;
    const decodes: State["decodes"] = { video: [], audio: [] };
    return { backend: missingCodecs(error), encodable: [], decodes, error, close: async () => undefined };
  }
}

function missingCodecs(error: MediaError): CodecBackend<NodePicture> {
  const refuse = () => Promise.reject(error);
  return {
    encodableVideo: async () => [],
    decodableVideo: async () => [],
    openVideoEncoder: refuse,
    openVideoDecoder: refuse,
    openAudioEncoder: refuse,
    openAudioDecoder: refuse,
  };
}
