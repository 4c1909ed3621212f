import type { Classification } from "@mqtt-meet/broker";
import { FirstCopies, ProtocolError, parsePacket, TOPIC_PREFIX } from "@mqtt-meet/protocol";

/** As many topics with sound and pictures as 300 participants use at once; of the others a packet may pass twice. */
const MAX_TOPICS = 1_024;

/** Sound that is later than this has been concealed already. */
const AUDIO_MAX_AGE_MS = 300;
/** A picture that is later than this makes the meeting lag; the next key frame is soon enough. */
const VIDEO_MAX_AGE_MS = 500;
/** One that no other needs goes first: what it leaves free may spare the others. */
const DISCARDABLE_MAX_AGE_MS = 250;
/** A clock probe or a report that waited for longer says nothing. */
const REPORT_MAX_AGE_MS = 1000;

const REPEATED: Classification = { lane: "audio", repeated: true };
const UNREADABLE: Classification = { lane: "video-large", maxAgeMs: VIDEO_MAX_AGE_MS };
const AUDIO: Classification = { lane: "audio", maxAgeMs: AUDIO_MAX_AGE_MS };
const REPORT: Classification = { lane: "audio", maxAgeMs: REPORT_MAX_AGE_MS };

/** What of sound and pictures came already, over another connection of its sender (docs/protocol.md, P10). */
export class RepeatedMedia {
  /** The topics that were used last, the one used longest ago first. */
  readonly #topics = new Map<string, FirstCopies>();

  /** As {@link classifyMedia}; what came already need not go out again. To be called once for each message. */
  classify(topic: string, payload: Uint8Array): Classification | undefined {
    const classification = classifyMedia(topic, payload);
    const isMedia = classification !== undefined && classification !== REPORT && classification !== UNREADABLE;
    return isMedia && !this.#copies(topic).isFirst(payload) ? REPEATED : classification;
  }

  #copies(topic: string): FirstCopies {
    const copies = this.#topics.get(topic) ?? new FirstCopies();
    this.#topics.delete(topic);
    this.#topics.set(topic, copies);
    if (this.#topics.size > MAX_TOPICS) this.#forgetOldest();
    return copies;
  }

  #forgetOldest(): void {
    for (const topic of this.#topics.keys()) {
      this.#topics.delete(topic);
      return;
    }
  }
}

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
