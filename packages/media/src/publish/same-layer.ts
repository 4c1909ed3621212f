import type { VideoLayer } from "@mqtt-meet/protocol";

const CHANGING = ["codec", "widthPx", "heightPx", "bitrateBps", "temporalLayers"] as const;

/** Whether the catalog says the same of both, as far as one layer changes. */
export function sameLayer(a: VideoLayer, b: VideoLayer): boolean {
  return CHANGING.every((key) => a[key] === b[key]);
}
