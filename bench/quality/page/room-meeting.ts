import { type BrowserRoom, joinRoom } from "@mqtt-meet/sdk/browser";
import type { Sending } from "./contender.ts";
import type { MeetingStack } from "./meeting-part.ts";

/** Takes part in the meeting of `link` with a camera and a microphone. */
export async function joinInRoom(
  link: string,
  { picture, sound, codec, bitrateBps, fps }: Sending,
): Promise<MeetingStack> {
  const room = await joinRoom(link, { name: "Somebody" });
  await room.publishTrack(sound, { source: "microphone" });
  await room.publishTrack(picture, { source: "camera", codec, bitrateBps, frameRate: fps });
  return {
    watch: (others, addTile) => showAll(room, { others, addTile }),
    received: async () => {
      const incoming = [...room.statistics.peek().tracks.values()].filter(({ direction }) => direction === "in");
      const sum = (counter: string) => incoming.reduce((total, { counters }) => total + (counters[counter] ?? 0), 0);
      const pictures = incoming.filter(({ kind }) => kind === "video");
      const videoBytes = pictures.reduce((total, { counters }) => total + (counters["bytesReceived"] ?? 0), 0);
      return { videoBytes, totalSamples: sum("totalSamplesReceived") };
    },
  };
}

/** Resolves once so many others are shown. */
function showAll(
  room: BrowserRoom,
  { others, addTile }: { readonly others: number; readonly addTile: () => HTMLVideoElement },
): Promise<void> {
  const shown = new Set<string>();
  const show = (key: string) => {
    if (shown.has(key)) return;
    shown.add(key);
    const tile = addTile();
    tile.muted = true; // the room plays the sound
    room.attachVideo(key, tile);
  };
  return new Promise((resolve) => {
    room.participants.subscribe((participants) => {
      const pictures = participants.flatMap(({ tracks }) => tracks.filter(({ kind }) => kind === "video"));
      for (const { key } of pictures) show(key);
      if (shown.size >= others) resolve();
    });
  });
}
