import type { VideoCodec } from "@mqtt-meet/protocol";

/**
 * The first of `encodable` (best first) that every receiver decodes, JPEG last. Receivers that decode no video have no
 * say. Where no codec suits everybody, the one that suits most; undefined when nothing can be encoded.
 */
export function chooseCodec(facts: {
  readonly encodable: readonly VideoCodec[];
  /** What each receiver decodes. */
  readonly receivers: readonly (readonly VideoCodec[])[];
}): VideoCodec | undefined {
  const receivers = facts.receivers.filter((decodable) => decodable.length > 0);
  const candidates: VideoCodec[] = facts.encodable.filter((codec) => codec !== "jpeg");
  if (facts.encodable.includes("jpeg")) candidates.push("jpeg");
  let best: VideoCodec | undefined;
  let bestCount = -1;
  for (const codec of candidates) {
    const count = receivers.filter((decodable) => decodable.includes(codec)).length;
    if (count > bestCount) [best, bestCount] = [codec, count];
  }
  return best;
}
