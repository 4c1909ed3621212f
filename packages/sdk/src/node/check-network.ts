import { dialUrls } from "@mqtt-meet/mqtt/node";
import { type CheckNetworkOptions, checkNetworkWith, type NetworkCheck } from "../network-check/check-network.ts";

/** As `checkNetwork` in a browser. */
export function checkNetwork(link: string, options?: CheckNetworkOptions): Promise<NetworkCheck> {
  return checkNetworkWith(dialUrls, link, options);
}
