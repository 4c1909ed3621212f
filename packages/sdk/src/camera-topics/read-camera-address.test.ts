import { expect, test } from "vitest";
import { cameraAccess } from "./camera-access.ts";
import { readCameraAddress } from "./read-camera-address.ts";

test.each([
  ["some/topic", { brokerUrl: undefined, topic: "some/topic", account: undefined, name: "some/topic" }],
  [" yard cam ", { brokerUrl: undefined, topic: "yard cam", account: undefined, name: "yard cam" }],
  [
    "ws://host:8080/some/topic",
    { brokerUrl: "ws://host:8080/mqtt", topic: "some/topic", account: undefined, name: "ws://host:8080/some/topic" },
  ],
  [
    "wss://me:se%20cret@host/path#a%20b",
    {
      brokerUrl: "wss://host/path",
      topic: "a b",
      account: { username: "me", password: "se cret" },
      name: "wss://host/path#a%20b",
    },
  ],
])("readCameraAddress reads %j, and keeps no account in what is shown (V5)", (text, address) => {
  expect(readCameraAddress(text)).toEqual({ ok: true, address });
});

test.each([
  ["", "topic-missing"],
  ["   ", "topic-missing"],
  ["ws://host", "topic-missing"],
  ["wss://host/", "topic-missing"],
  ["cameras/#", "topic-malformed"],
  ["ws://host/cameras/+", "topic-malformed"],
  ["mm/1/room/peer/v/camera/0/0", "topic-reserved"],
  ["$SYS/broker", "topic-reserved"],
  ["mqtt://host:1883/some/topic", "no-web-socket"],
  ["rtsp://camera/stream", "no-web-socket"],
  ["https://host/r/name#1.abc", "no-web-socket"],
  ["ws://ho st/topic", "address-malformed"],
  ["ws:///topic", "address-malformed"],
])("readCameraAddress says of %j: %s", (text, problem) => {
  expect(readCameraAddress(text)).toEqual({ ok: false, problem });
});

const brokers = ["wss://meet.example/mqtt", "wss://plant.example:8084/mqtt"];

test.each([
  ["https://meet.example", "wss://meet.example/mqtt", undefined],
  ["https://meet.example/site", "wss://meet.example/other", undefined],
  ["https://meet.example", "wss://plant.example:8084/mqtt", undefined],
  ["https://meet.example", "wss://plant.example/mqtt", "other-broker"],
  ["https://meet.example", "wss://elsewhere.example/mqtt", "other-broker"],
  ["https://meet.example", "ws://meet.example/mqtt", "mixed-content"],
  ["https://meet.example", "ws://localhost:9001/mqtt", "other-broker"],
  ["http://localhost:8080", "ws://10.0.0.7/mqtt", "other-broker"],
])("cameraAccess: a page of %s and the broker %s: %s", (site, brokerUrl, problem) => {
  expect(cameraAccess(brokerUrl, { site, brokers })).toBe(problem);
});
