import type { MutedKind } from "@mqtt-meet/sdk";
import { expect, test, vi } from "vitest";
import { WindowTrack } from "./window-track.ts";
import type { WorkerClient } from "./worker-client.ts";

/** A camera that is published, and what a host forbids. */
function camera() {
  const ownMuted: MutedKind[] = [];
  const post = vi.fn();
  const device = Object.assign(new EventTarget(), { kind: "video", readyState: "live" });
  const made = { id: "camera", source: "camera", capture: { close: () => undefined } } as const;
  const track = new WindowTrack(
    { ...made, track: device as unknown as MediaStreamTrack },
    {
      ...{ peer: "ada", client: { post } as unknown as WorkerClient, onUnpublish: () => undefined },
      ...{ abilities: { readsTracks: true, makesTracks: true }, ownMuted: () => ownMuted },
    },
  );
  return { track, ownMuted, post };
}

test("a track of the window that a host has muted stays muted, and the worker is asked for nothing", () => {
  const { track, ownMuted, post } = camera();
  track.setMuted(true);
  ownMuted.push("microphone");
  track.setMuted(false);
  track.setMuted(true);
  ownMuted.push("camera");
  post.mockClear();
  expect(() => track.setMuted(false)).toThrow(expect.objectContaining({ code: "muted-by-host" }));
  expect(track.muted.value).toBe(true);
  expect(post).not.toHaveBeenCalled();
  ownMuted.length = 0;
  expect(track.muted.value).toBe(true);
  track.setMuted(false);
  expect(post).toHaveBeenCalledWith({ type: "set-muted", id: "camera", muted: false });
});
