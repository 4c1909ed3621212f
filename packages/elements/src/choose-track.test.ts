import type { Participant, RemoteTrack } from "@mqtt-meet/sdk/browser";
import { expect, test } from "vitest";
import { chooseTrack } from "./choose-track.ts";

function person(peer: string, joinedAtMs: number, ...tracks: readonly (Partial<RemoteTrack> & { id: string })[]) {
  const whole = tracks.map(
    (track): RemoteTrack => ({
      ...{ key: `${peer}/${track.id}`, peer, kind: "video", source: "camera", muted: false, codec: "vp8" },
      ...{ channels: 0, widthPx: 640, heightPx: 360, frameRate: 30 },
      ...track,
    }),
  );
  const rest = { handAtMs: undefined, recording: false, wantsCaptions: false, status: "live", kind: "person" } as const;
  return { peer, name: `Name of ${peer}`, joinedAtMs, tracks: whole, ...rest } satisfies Participant;
}

const camera = { id: "camera" };
const screen = { id: "screen", source: "screen" } as const;
const voice = { id: "voice", kind: "audio", source: "microphone" } as const;
const choose = (people: readonly Participant[], wanted = {}, shown?: string) => chooseTrack(people, { wanted, shown });

test("chooseTrack takes who is there longest, and stays there", () => {
  const people = [person("b", 2, voice, camera), person("a", 1, camera)];
  expect(choose(people)).toBe("a/camera");
  expect(choose(people, {}, "b/camera")).toBe("b/camera");
  expect(choose(people, {}, "gone/camera")).toBe("a/camera");
});

test("chooseTrack prefers a shared screen, also to what is shown, and no picture that is switched off", () => {
  const people = [person("a", 1, camera), person("b", 2, { ...camera, muted: true }, screen)];
  expect(choose(people, {}, "a/camera")).toBe("b/screen");
  expect(choose(people, { participant: "b", source: "camera" })).toBeUndefined();
});

test("chooseTrack finds a participant by name or peer, and a source", () => {
  const people = [person("a", 1, camera, screen), person("b", 2, camera)];
  expect(choose(people, { participant: "Name of b" })).toBe("b/camera");
  expect(choose(people, { participant: "b" })).toBe("b/camera");
  expect(choose(people, { source: "camera" })).toBe("a/camera");
  expect(choose(people, { participant: "nobody" })).toBeUndefined();
  expect(choose([])).toBeUndefined();
});
