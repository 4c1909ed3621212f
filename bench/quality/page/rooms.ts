import { type BrowserRoom, joinRoom, type PreparedRoom, prepareRoom, type RemoteTrack } from "@mqtt-meet/sdk/browser";
import type { Sending, Viewing } from "./contender.ts";

/** Puts a camera and a microphone into the meeting of `link`. */
export async function publishInRoom(
  link: string,
  { picture, sound, codec, bitrateBps, fps }: Sending,
): Promise<() => string> {
  const room = await joinRoom(link, { name: "Sender" });
  await room.publishTrack(sound, { source: "microphone" });
  const track = await room.publishTrack(picture, { source: "camera", codec, bitrateBps, frameRate: fps });
  return () => JSON.stringify(room.statistics.peek().tracks.get(track.key) ?? "no statistics");
}

/** What our page does while somebody looks at its lobby. */
export function lobbyOfRoom(link: string): PreparedRoom {
  return prepareRoom(link);
}

/** Joins the meeting of `link`, out of its lobby or without one, and shows its camera on `element`. */
export async function watchRoom(
  link: string,
  { element, lobby }: { readonly element: HTMLVideoElement; readonly lobby: PreparedRoom | undefined },
): Promise<Viewing> {
  const room = await (lobby ? lobby.join({ name: "Receiver" }) : joinRoom(link, { name: "Receiver" }));
  const key = (await appears(room, "video")).key;
  room.attachVideo(key, element);
  return {
    sound: heard(room),
    counts: async () => {
      const tracks = room.statistics.peek().tracks;
      const picture = tracks.get(key);
      const sound = [...tracks.values()].find(({ kind, direction }) => kind === "audio" && direction === "in");
      return {
        videoBytes: picture?.counters["bytesReceived"] ?? 0,
        totalSamples: sound?.counters["totalSamplesReceived"] ?? 0,
        concealedSamples: sound?.counters["concealedSamples"] ?? 0,
        widthPx: picture?.widthPx ?? 0,
        heightPx: picture?.heightPx ?? 0,
        queueMs: picture?.counters["queueDelayMs"] ?? Number.NaN,
        about: JSON.stringify({ picture, sound }),
      };
    },
  };
}

async function heard(room: BrowserRoom): Promise<MediaStreamTrack> {
  const capture = await room.captureAudio();
  if (capture === undefined) throw new Error("This page has no loudspeaker.");
  return capture.track;
}

async function appears(room: BrowserRoom, kind: RemoteTrack["kind"]): Promise<RemoteTrack> {
  return await new Promise((resolve) => {
    const stop = room.participants.subscribe((participants) => {
      const track = participants.flatMap(({ tracks }) => tracks).find((other) => other.kind === kind);
      if (track === undefined) return;
      resolve(track);
      queueMicrotask(() => stop());
    });
  });
}
