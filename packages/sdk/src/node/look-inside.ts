import { dialUrls } from "@mqtt-meet/mqtt/node";
import { type LookInsideOptions, lookInsideWith } from "../look-inside.ts";

/**
 * Tells who is in the room of `link` without joining it, until the signal is aborted, and then resolves. Those inside do not
 * see that somebody looks. Rejects with an SdkError where the room cannot be found.
 */
export function lookInside(link: string, options: LookInsideOptions): Promise<void> {
  return lookInsideWith(dialUrls, link, options);
}
