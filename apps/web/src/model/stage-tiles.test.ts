import type { Participant, RemoteTrack } from "@mqtt-meet/sdk";
import { expect, test } from "vitest";
import { onlookers, stageTiles } from "./stage-tiles.ts";

function track(source: RemoteTrack["source"], muted = false): RemoteTrack {
  const kind = source === "microphone" || source === "screen-audio" ? "audio" : "video";
  const size = { widthPx: 640, heightPx: 360, frameRate: 30, channels: 1 };
  return { key: `p/${source}`, peer: "p", id: source, kind, source, muted, codec: "vp8", ...size };
}

function person(tracks: RemoteTrack[], part: Partial<Participant> = {}): Participant {
  return {
    peer: "p",
    name: "Ada",
    kind: "person",
    joinedAtMs: 0,
    status: "live",
    handAtMs: undefined,
    recording: false,
    wantsCaptions: false,
    tracks,
    ...part,
  };
}

test("stageTiles shows a person with picture and voice", () => {
  expect(stageTiles([person([track("camera"), track("microphone")])])).toMatchObject([
    { id: "p", kind: "person", video: { key: "p/camera" }, microphone: "on", trouble: undefined },
  ]);
});

test("stageTiles keeps the place of a person whose camera is off", () => {
  expect(stageTiles([person([track("camera", true), track("microphone", true)])])).toMatchObject([
    { id: "p", video: undefined, microphone: "muted" },
  ]);
  expect(stageTiles([person([])])).toMatchObject([{ id: "p", video: undefined, microphone: "muted" }]);
});

test("stageTiles gives a shared screen a tile of its own", () => {
  const tiles = stageTiles([person([track("camera"), track("microphone"), track("screen"), track("screen-audio")])]);
  expect(tiles.map((tile) => [tile.id, tile.kind])).toEqual([
    ["p", "person"],
    ["p/screen", "screen"],
  ]);
});

test("stageTiles expects no microphone of a camera, and shows one that only has a screen once", () => {
  expect(stageTiles([person([track("file")], { kind: "camera" })])).toMatchObject([
    { kind: "camera", microphone: undefined },
  ]);
  expect(stageTiles([person([track("screen")], { kind: "camera" })]).map((tile) => tile.kind)).toEqual(["screen"]);
});

test("onlookers take no place until they send something", () => {
  const viewer = person([], { kind: "viewer" });
  expect(stageTiles([viewer])).toEqual([]);
  expect(onlookers([viewer, person([])])).toEqual([viewer]);
  expect(stageTiles([person([track("camera")], { kind: "viewer" })])).toHaveLength(1);
});
