import type { Classification } from "@mqtt-meet/broker";
import { ProtocolError, parsePacket, TOPIC_PREFIX } from "@mqtt-meet/protocol";

/** Sound that is later than this has been concealed already. */
const AUDIO_MAX_AGE_MS = 300;
/** A picture that is later than this makes the meeting lag; the next key frame is soon enough. */
const VIDEO_MAX_AGE_MS = 500;
/** One that no other needs goes first: what it leaves free may spare the others. */
const DISCARDABLE_MAX_AGE_MS = 250;
/** A clock probe or a report that waited for longer says nothing. */
const REPORT_MAX_AGE_MS = 1000;

const UNREADABLE: Classification = { lane: "video-large", maxAgeMs: VIDEO_MAX_AGE_MS };
const AUDIO: Classification = { lane: "audio", maxAgeMs: AUDIO_MAX_AGE_MS };
const REPORT: Classification = { lane: "audio", maxAgeMs: REPORT_MAX_AGE_MS };

/** Tells the broker what a message of QoS 0 is, so that a slow receiver loses pictures before it loses sound. */
export function classifyMedia(topic: string, payload: Uint8Array): Classification | undefined {
  if (!topic.startsWith(`${TOPIC_PREFIX}/`)) return undefined;
  const [, , , , kind, , layer] = topic.split("/");
  if (kind === "a") return AUDIO;
  return kind === "v" ? classifyVideo(topic, payload, layer === "0") : REPORT;
}

/** All temporal layers of a layer are one stream: the upper ones need the lower ones. */
function classifyVideo(topic: string, payload: Uint8Array, isSmall: boolean): Classification {
  try {
    const { header } = parsePacket(payload);
    return {
      lane: isSmall ? "video-small" : "video-large",
      maxAgeMs: header.discardable ? DISCARDABLE_MAX_AGE_MS : VIDEO_MAX_AGE_MS,
      stream: topic.slice(0, topic.lastIndexOf("/")),
      ...(header.discardable ? {} : { keyFrame: header.keyFrame && header.fragment === 0 }),
    };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return UNREADABLE;
  }
}
