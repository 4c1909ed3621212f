import type { CameraTopicProblem } from "./camera-topic.ts";

/** What a page may reach. */
export interface PageReach {
  /** The page's own address. */
  readonly site: string;
  /** The site's broker and those that its owner allows. */
  readonly brokers: readonly string[];
}

/** Why a page cannot open `brokerUrl`; undefined when it can. Browsers do not tell, so it is found out before they refuse. */
export function cameraAccess(
  brokerUrl: string,
  { site, brokers }: PageReach,
): Extract<CameraTopicProblem, "mixed-content" | "other-broker"> | undefined {
  const url = new URL(brokerUrl);
  const isMixed = new URL(site).protocol === "https:" && url.protocol === "ws:";
  if (isMixed && !isThisMachine(url.hostname)) return "mixed-content";
  const allowed = brokers.map((broker) => new URL(broker).origin);
  return allowed.includes(url.origin) ? undefined : "other-broker";
}

/** Browsers trust this machine without encryption. */
function isThisMachine(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}
