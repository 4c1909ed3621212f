import { webSocketDials } from "@mqtt-meet/mqtt";
import { type CheckNetworkOptions, checkNetworkWith, type NetworkCheck } from "../network-check/check-network.ts";

/**
 * Measures the way to the broker of the meeting of `link`, without joining it, in about three seconds and with at most 0.75 MB up and
 * 1.5 MB down. Rejects with an SdkError, or the signal's reason.
 */
export function checkNetwork(link: string, options?: CheckNetworkOptions): Promise<NetworkCheck> {
  return checkNetworkWith(webSocketDials, link, options);
}
