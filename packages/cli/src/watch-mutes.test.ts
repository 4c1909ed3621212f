import { PassThrough } from "node:stream";
import {
  type LocalTrack,
  type MutedKind,
  mutedKindOf,
  type Room,
  type RoomDoorState,
  SdkError,
} from "@mqtt-meet/sdk/node";
import { signal } from "@preact/signals-core";
import { expect, test } from "vitest";
import { Reporter } from "./reporter.ts";
import { watchMutes } from "./watch-mutes.ts";

const RULES = { locked: false, waitingRoom: false, muted: [], mutedPeers: new Map() };
const doorOf = (...ownMuted: MutedKind[]): RoomDoorState => ({ enforced: true, rules: RULES, ownMuted, waiting: [] });

/** A room with a camera and a microphone that the test mutes, and what is told of it. */
function watched(options: { readonly json: boolean }) {
  const door = signal(doorOf());
  const trackOf = (kind: "audio" | "video", source: "camera" | "microphone") => {
    const muted = signal(false);
    const setMuted = (value: boolean) => {
      const isForbidden = door.value.ownMuted.includes(mutedKindOf({ kind, source }));
      if (!value && isForbidden) throw new SdkError("muted-by-host", "No.");
      muted.value = value;
    };
    return { kind, source, muted, setMuted } as unknown as LocalTrack;
  };
  const tracks = [trackOf("video", "camera"), trackOf("audio", "microphone")];
  const room = { door, localTracks: signal(tracks) } as unknown as Room;
  const [out, err] = [new PassThrough(), new PassThrough()];
  const io = { stdout: out, stderr: err } as unknown as { stdout: NodeJS.WriteStream; stderr: NodeJS.WriteStream };
  const reporter = new Reporter({ io, json: options.json, live: false, verb: "sent", nowMs: () => 7 });
  watchMutes(room, reporter, { signal: new AbortController().signal });
  const mute = (...kinds: MutedKind[]) => {
    door.value = doorOf(...kinds);
    for (const track of tracks) if (kinds.includes(mutedKindOf(track))) track.setMuted(true);
  };
  return { mute, muted: () => tracks.map((track) => track.muted.value), out, err };
}

test("whoever publishes is told what a host mutes, and publishes again once they may", () => {
  const { mute, muted, err, out } = watched({ json: false });
  expect(err.read()).toBeNull();
  mute("screen");
  expect(err.read()).toBeNull(); // none is published
  mute("microphone", "camera");
  expect(String(err.read())).toBe("A host has muted your sound and picture.\n");
  expect(muted()).toEqual([true, true]);
  mute("camera");
  expect(String(err.read())).toBe("A host lets your sound be sent again.\n");
  expect(muted()).toEqual([true, false]);
  mute();
  expect(String(err.read())).toBe("A host lets your picture be sent again.\n");
  expect(muted()).toEqual([false, false]);
  expect(out.read()).toBeNull();
});

test("programs get a line of JSON with what is muted now", () => {
  const { mute, out, err } = watched({ json: true });
  mute("camera");
  mute();
  expect(String(out.read())).toBe('{"t":7,"muted":["camera"]}\n{"t":7,"muted":[]}\n');
  expect(String(err.read())).toContain("A host has muted your picture.");
});
