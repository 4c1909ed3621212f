import { opinionScore, PICTURE_ROBUSTNESS, SOUND_ROBUSTNESS, transmissionRating } from "./transmission-rating.ts";

/** What keeps a participant from coming through better. "my" is whoever looks. */
export type QualityLimit = "none" | "my-uplink" | "my-downlink" | "their-uplink" | "my-computer";

/** How somebody comes through to us, or, for ourselves, how we come through to the others. */
export interface ParticipantQuality {
  /** Mean opinion score as in ITU-T G.107: from 1, bad, to 4.5, as good as it gets. */
  readonly score: number;
  /** "good": hardly anybody minds. "fair": some do. "bad": nearly everybody does. */
  readonly level: "good" | "fair" | "bad";
  readonly limitedBy: QualityLimit;
}

/** The last seconds of a track that is received. Shares are from 0 to 1. */
export interface InboundFacts {
  readonly kind: "audio" | "video";
  readonly latencyMs: number;
  /** Of the time, with a picture that should have moved; of the sound, what was concealed. */
  readonly lostShare: number;
  /** Of what was numbered, what never came: with TCP on all ways, a broker has left it out for our sake. */
  readonly missingShare: number;
  /** Of what came, what was not shown. */
  readonly droppedShare: number;
  /** What it waited in queues, whosever they are. */
  readonly queueMs: number;
}

/** The last seconds of pictures that are sent. */
export interface OutboundFacts {
  /** Of the pictures of the camera, those that were not sent. */
  readonly skippedShare: number;
  /** How wide pictures are, of what they were when nothing limited them. */
  readonly sizeShare: number;
  readonly qualityLimitationReason: "none" | "cpu" | "bandwidth";
}

/** What holds for all tracks. */
export interface OwnFacts {
  /** What waits on our connection for the others' pictures. */
  readonly downlinkQueueMs: number;
  /** Of the time, this machine stood still. */
  readonly stalledShare: number;
}

/** Below the first some are dissatisfied, below the second nearly all (ITU-T G.107, Annex B). */
const GOOD_RATING = 70;
const FAIR_RATING = 50;
/** Above this nobody asks for a reason. */
const SATISFIED_RATING = 80;

/** More than jitter makes. */
const QUEUE_MS = 100;
/** A key frame that is missed costs less. */
const MISSING_SHARE = 0.02;
const DROPPED_SHARE = 0.1;
const STALLED_SHARE = 0.1;

/** A picture of half the width costs this much of the rating: seen, and nothing against one that stands still. */
const HALF_SIZE_COST = 15;

/** How somebody else comes through: as its worst track. Undefined without any. */
export function inboundQuality(tracks: readonly InboundFacts[], own: OwnFacts): ParticipantQuality | undefined {
  const rated = tracks.map((track) => ({ track, rating: ratingOf(track) }));
  const worst = rated.reduce<(typeof rated)[number] | undefined>(
    (a, b) => (a === undefined || b.rating < a.rating ? b : a),
    undefined,
  );
  return worst && qualityOf(worst.rating, limitOf(worst.track, own));
}

/** How we come through to the others, as far as it depends on us. Undefined without pictures that somebody watches. */
export function outboundQuality(tracks: readonly OutboundFacts[]): ParticipantQuality | undefined {
  const [first, ...others] = tracks.map((track) => ({ track, rating: sentRating(track) }));
  if (first === undefined) return undefined;
  const { track, rating } = others.reduce((a, b) => (b.rating < a.rating ? b : a), first);
  const limits = { none: "none", cpu: "my-computer", bandwidth: "my-uplink" } as const;
  return qualityOf(rating, limits[track.qualityLimitationReason]);
}

function ratingOf({ kind, latencyMs, lostShare }: InboundFacts): number {
  const robustness = kind === "audio" ? SOUND_ROBUSTNESS : PICTURE_ROBUSTNESS;
  return transmissionRating({ delayMs: latencyMs, lostPercent: 100 * lostShare, robustness });
}

/** What is skipped evenly makes a picture jerk, which is less than that it stands still. */
function sentRating({ skippedShare, sizeShare }: OutboundFacts): number {
  const jerks = transmissionRating({ delayMs: 0, lostPercent: 25 * skippedShare, robustness: PICTURE_ROBUSTNESS });
  return jerks - 2 * HALF_SIZE_COST * (1 - sizeShare);
}

/** A machine that stands still makes everything else look bad, too; then what is sure, and what is left. */
function limitOf(track: InboundFacts, { downlinkQueueMs, stalledShare }: OwnFacts): QualityLimit {
  if (stalledShare > STALLED_SHARE) return "my-computer";
  if (track.missingShare > MISSING_SHARE || downlinkQueueMs > QUEUE_MS) return "my-downlink";
  if (track.queueMs > QUEUE_MS) return "their-uplink";
  return track.droppedShare > DROPPED_SHARE ? "my-computer" : "their-uplink";
}

function qualityOf(rating: number, limit: QualityLimit): ParticipantQuality {
  const below = rating >= FAIR_RATING ? "fair" : "bad";
  return {
    score: opinionScore(rating),
    level: rating >= GOOD_RATING ? "good" : below,
    limitedBy: rating < SATISFIED_RATING ? limit : "none",
  };
}
