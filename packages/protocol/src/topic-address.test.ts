import { expect, test } from "vitest";
import { splitTopicAddress } from "./topic-address.ts";

test.each([
  ["mqtt://host:1883/some/topic", "mqtt://host:1883", "some/topic"],
  ["MQTTS://user:pass%40@host/a%20b", "MQTTS://user:pass%40@host", "a b"],
  ["ws://host/some/topic", "ws://host/mqtt", "some/topic"],
  ["wss://host:8084/path#some/topic", "wss://host:8084/path", "some/topic"],
  ["wss://host#topic", "wss://host", "topic"],
  ["mqtt://host//leading", "mqtt://host", "/leading"],
  ["mqtt://host", "mqtt://host", ""],
  ["ws://host/100%", "ws://host/mqtt", "100%"],
])("splitTopicAddress takes %s apart (V5)", (text, brokerUrl, topic) => {
  expect(splitTopicAddress(text)).toEqual({ brokerUrl, topic });
});

test.each(["", "some/topic", "https://host/r/name", "rtsp://camera/1", "mqtt:host"])(
  "splitTopicAddress knows no topic in %j (V5)",
  (text) => {
    expect(splitTopicAddress(text)).toBeUndefined();
  },
);
