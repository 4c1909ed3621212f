import { type BrowserRoom, joinRoom } from "@mqtt-meet/sdk/browser";
import type { Contender, Sending } from "./contender.ts";

/** Two participants of one meeting: the track goes in at one and is displayed by the other, through the real server. */
export async function joinRooms({ track, codec, bitrateBps }: Sending, { link }: { link: string }): Promise<Contender> {
  const sender = await joinRoom(link, { name: "Sender" });
  const receiver = await joinRoom(link, { name: "Receiver" });
  const element = document.createElement("video");
  Object.assign(element, { autoplay: true, muted: true, playsInline: true });
  const key = await appears(receiver, async () => {
    // One size, as the peer connection sends: for the small element of this page a smaller one would do, which is no comparison.
    await sender.publishTrack(track, { source: "camera", codec, bitrateBps, frameRate: 30, simulcast: false });
  });
  const detach = receiver.attachVideo(key, element);
  return {
    element,
    describe: async () => `in ${describeTrack(receiver, key)}; out ${describeTrack(sender, key)}`,
    close: async () => {
      detach();
      await Promise.all([sender.leave(), receiver.leave()]);
      element.remove();
    },
  };
}

/** The key of the video track that somebody else has after `publish`. */
async function appears(room: BrowserRoom, publish: () => Promise<void>): Promise<string> {
  const found = new Promise<string>((resolve) => {
    const stop = room.participants.subscribe((participants) => {
      const track = participants.flatMap(({ tracks }) => tracks).find(({ kind }) => kind === "video");
      if (!track) return;
      resolve(track.key);
      queueMicrotask(() => stop());
    });
  });
  await publish();
  return await found;
}

function describeTrack(room: BrowserRoom, key: string): string {
  const track = room.statistics.value.tracks.get(key);
  if (!track) return "no statistics";
  const {
    widthPx,
    heightPx,
    codec,
    fps,
    kbps,
    jitterDelayMs,
    latencyMs,
    frames,
    dropped,
    limitedBy = "nothing",
  } = track;
  return (
    `${widthPx}x${heightPx} ${codec}, ${frames} frames, ${dropped} dropped, limited by ${limitedBy}, ${fps.toFixed(1)} fps, ${kbps.toFixed(0)} kbit/s, ` +
    `jitter delay ${jitterDelayMs.toFixed(1)} ms, own word on latency ${latencyMs?.p50.toFixed(1)}/${latencyMs?.p95.toFixed(1)} ms`
  );
}
