import { expect, test } from "vitest";
import { brokerChoice } from "./broker-option.ts";
import { UsageError } from "./usage-error.ts";

test("a gateway's broker has an address and, in it or in the environment, an account", () => {
  expect(brokerChoice({}, {})).toBeUndefined();
  expect(brokerChoice({ broker: "mqtt://b.example" }, {})).toEqual({ mode: "gateway", url: "mqtt://b.example" });
  expect(brokerChoice({ broker: "mqtts://me:se%40cret@b.example:8883/" }, {})).toEqual({
    ...{ mode: "gateway", url: "mqtts://b.example:8883", username: "me", password: "se@cret" },
  });
  const env = { MQTT_MEET_BROKER_USERNAME: "env", MQTT_MEET_BROKER_PASSWORD: "word" };
  expect(brokerChoice({ broker: "ws://b.example:8083/mqtt" }, env)).toEqual({
    ...{ mode: "gateway", url: "ws://b.example:8083/mqtt", username: "env", password: "word" },
  });
});

test("pages connect to WebSockets only", () => {
  expect(brokerChoice({ brokerDirect: "wss://b.example:8084/mqtt" }, {})).toEqual({
    ...{ mode: "direct", url: "wss://b.example:8084/mqtt" },
  });
  for (const brokerDirect of ["mqtt://b.example", "https://b.example/mqtt", "b.example", ""]) {
    expect(() => brokerChoice({ brokerDirect }, {}), brokerDirect).toThrow(
      "--broker-direct takes the broker's WebSocket",
    );
  }
});

test("what is no broker is said in one sentence that shows no password", () => {
  for (const broker of ["b.example:1883", "http://me:secret@b.example", "mqtt://", ""]) {
    expect(() => brokerChoice({ broker }, {}), broker).toThrow(
      /^--broker takes the address of a broker, for example \S+/,
    );
  }
  expect(() => brokerChoice({ broker: "mqtt://b.example/some/topic" }, {})).toThrow("not a topic");
  expect(() => brokerChoice({ broker: "mqtt://a", brokerDirect: "ws://b/mqtt" }, {})).toThrow("exclude each other");
  expect(() => brokerChoice({ broker: "mqtt://a" }, { MQTT_MEET_BROKER_PASSWORD: "x" })).toThrow(UsageError);
});
