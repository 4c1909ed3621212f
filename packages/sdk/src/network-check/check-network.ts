import { epochNowMs } from "@mqtt-meet/media";
import { Connection, type ConnectionOptions } from "@mqtt-meet/mqtt";
import type { MeetingLink } from "@mqtt-meet/protocol";
import { readLink, roomEntry } from "../room-access.ts";
import { sdkErrorOf } from "../sdk-error-of.ts";
import { measureNetwork } from "./measure-network.ts";
import { type NetworkFigures, type NetworkForecast, networkForecast } from "./network-forecast.ts";

/** How a meeting will be from here. */
export interface NetworkCheck extends NetworkFigures {
  readonly forecast: NetworkForecast;
}

/** How {@link checkNetworkWith} is called off. */
export interface CheckNetworkOptions {
  readonly signal?: AbortSignal | undefined;
}

const SECRET_BYTES = 32;

/**
 * Measures the way to the broker of the meeting of `link`, without joining it: in a room of its own that nobody else knows, or, with an
 * invitation, as somebody in the room whom nobody sees. Rejects with an SdkError, or the signal's reason.
 */
export async function checkNetworkWith(
  dialOf: (urls: readonly [string, ...string[]]) => ConnectionOptions["dial"],
  link: string,
  { signal }: CheckNetworkOptions = {},
): Promise<NetworkCheck> {
  signal?.throwIfAborted();
  const access = await roomEntry(placeOf(readLink(link)), { signal });
  const { brokerUrls, username, password } = access;
  const dial = dialOf(brokerUrls);
  const common = { dial, username, password, now: epochNowMs, reconnect: false };
  try {
    const figures = await measureNetwork({
      ...{ access, signal, nowMs: epochNowMs },
      openLink: (options) => new Connection({ ...common, ...options }),
    });
    return { ...figures, forecast: networkForecast(figures) };
  } catch (error) {
    signal?.throwIfAborted();
    throw sdkErrorOf(error);
  }
}

/** Another room on the same broker has the same way to it. An invitation opens its own room only. */
function placeOf(link: MeetingLink): MeetingLink {
  if (link.invitation !== undefined) return link;
  const { site, brokers } = link;
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return { site, name: "check", secret, ...(brokers === undefined ? {} : { brokers }) };
}
