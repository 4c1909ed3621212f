import { afterEach, expect, test } from "vitest";
import { PictureOutputs } from "./picture-outputs.ts";
import type { ToWorker } from "./worker-messages.ts";

afterEach(() => {
  document.body.replaceChildren();
});

/** What the worker is told: "show 1 p/camera connected", "hide 1 close". */
function open() {
  const told: string[] = [];
  const post = (message: ToWorker) => {
    if (message.type === "show") {
      told.push(`show ${message.output} ${message.key}${message.connection ? " connected" : ""}`);
    } else if (message.type === "hide") told.push(`hide ${message.output}${message.close ? " close" : ""}`);
  };
  return { told, outputs: new PictureOutputs({ post, workerMakesTracks: false }) };
}

function element<Name extends "canvas" | "video">(name: Name): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  document.body.append(made);
  return made;
}

test("PictureOutputs hands a canvas to the worker once, and shows on it again after it was detached", () => {
  const { told, outputs } = open();
  const canvas = element("canvas");
  const detach = outputs.attach("p/camera", canvas);
  detach();
  detach();
  outputs.attach("p/screen", canvas)();
  outputs.attach("p/camera", canvas);
  expect(told).toEqual(["show 1 p/camera connected", "hide 1", "show 1 p/screen", "hide 1", "show 1 p/camera"]);
});

test("PictureOutputs gives a video element a new output each time", () => {
  const { told, outputs } = open();
  const video = element("video");
  outputs.attach("p/camera", video)();
  expect(video.srcObject).toBeNull();
  outputs.attach("p/camera", video);
  expect(video.srcObject).toBeInstanceOf(MediaStream);
  expect(told).toEqual(["show 1 p/camera connected", "hide 1 close", "show 2 p/camera connected"]);
});

test("PictureOutputs: what is shown last on an element stays, also when the earlier one is detached later", () => {
  const { told, outputs } = open();
  const video = element("video");
  const detachOld = outputs.attach("p/camera", video);
  outputs.attach("p/screen", video);
  const shown = video.srcObject;
  detachOld();
  expect(video.srcObject).toBe(shown);
  expect(told).toEqual(["show 1 p/camera connected", "hide 1 close", "show 2 p/screen connected"]);
});

test("PictureOutputs hides everything when it is closed", () => {
  const { told, outputs } = open();
  outputs.attach("p/camera", element("video"));
  outputs.attach("q/camera", element("canvas"));
  outputs.close();
  expect(told.slice(2)).toEqual(["hide 1 close", "hide 2"]);
});
