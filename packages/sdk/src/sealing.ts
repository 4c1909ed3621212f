import type { MediaCipher, MediaSender } from "@mqtt-meet/media";

/** The same connection, on which nothing is sent in the clear when there is a cipher. */
export function sealing(link: MediaSender, cipher: MediaCipher | undefined): MediaSender {
  if (cipher === undefined) return link;
  return {
    send: (topic, payload) => link.send(topic, payload),
    congested: (nowMs) => link.congested(nowMs),
    oldestAgeMs: (nowMs) => link.oldestAgeMs?.(nowMs) ?? 0,
    ...(link.path === undefined ? {} : { path: () => link.path?.() }),
    sendsCopies: () => link.sendsCopies?.() ?? false,
    sealer: (topic) => cipher.sealer(topic),
  };
}
