import { expect, test } from "vitest";
import { brokerChoice, cameraBrokers } from "./broker-option.ts";
import { UsageError } from "./usage-error.ts";

test("a gateway's broker has an address and, in it or in the environment, an account", () => {
  expect(brokerChoice({}, {})).toBeUndefined();
  expect(brokerChoice({ broker: ["mqtt://b.example"] }, {})).toEqual({ mode: "gateway", urls: ["mqtt://b.example"] });
  expect(brokerChoice({ broker: ["mqtts://me:se%40cret@b.example:8883/"] }, {})).toEqual({
    ...{ mode: "gateway", urls: ["mqtts://b.example:8883"], username: "me", password: "se@cret" },
  });
  const env = { MQTT_MEET_BROKER_USERNAME: "env", MQTT_MEET_BROKER_PASSWORD: "word" };
  expect(brokerChoice({ broker: ["ws://b.example:8083/mqtt"] }, env)).toEqual({
    ...{ mode: "gateway", urls: ["ws://b.example:8083/mqtt"], username: "env", password: "word" },
  });
});

test("pages connect to WebSockets only", () => {
  expect(brokerChoice({ brokerDirect: ["wss://b.example:8084/mqtt"] }, {})).toEqual({
    ...{ mode: "direct", urls: ["wss://b.example:8084/mqtt"] },
  });
  for (const brokerDirect of ["mqtt://b.example", "https://b.example/mqtt", "b.example", ""]) {
    expect(() => brokerChoice({ brokerDirect: [brokerDirect] }, {}), brokerDirect).toThrow(
      "--broker-direct takes the broker's WebSocket",
    );
  }
});

test("what is no broker is said in one sentence that shows no password", () => {
  for (const broker of ["b.example:1883", "http://me:secret@b.example", "mqtt://", ""]) {
    expect(() => brokerChoice({ broker: [broker] }, {}), broker).toThrow(
      /^--broker takes the address of a broker, for example \S+/,
    );
  }
  expect(() => brokerChoice({ broker: ["mqtt://b.example/some/topic"] }, {})).toThrow("not a topic");
  expect(() => brokerChoice({ broker: ["mqtt://a"], brokerDirect: ["ws://b/mqtt"] }, {})).toThrow("exclude each other");
  expect(() => brokerChoice({ broker: ["mqtt://a"] }, { MQTT_MEET_BROKER_PASSWORD: "x" })).toThrow(UsageError);
});

test("the nodes of a cluster are several addresses with one account", () => {
  const nodes = ["mqtt://me:word@a.example", "mqtt://b.example:1884", "ws://me:word@c.example/mqtt"];
  expect(brokerChoice({ broker: nodes }, {})).toEqual({
    ...{ mode: "gateway", urls: ["mqtt://a.example", "mqtt://b.example:1884", "ws://c.example/mqtt"] },
    ...{ username: "me", password: "word" },
  });
  const env = { MQTT_MEET_BROKER_USERNAME: "env", MQTT_MEET_BROKER_PASSWORD: "word" };
  expect(brokerChoice({ brokerDirect: ["wss://a.example/mqtt", "wss://b.example/mqtt"] }, env)).toEqual({
    ...{ mode: "direct", urls: ["wss://a.example/mqtt", "wss://b.example/mqtt"], username: "env", password: "word" },
  });
  const strangers = ["mqtt://me:word@a.example", "mqtt://you:word@b.example"];
  expect(() => brokerChoice({ broker: strangers }, {})).toThrow("different accounts");
  expect(() => brokerChoice({ broker: ["mqtt://a.example", "b.example"] }, {})).toThrow("--broker takes the address");
  const many = Array.from({ length: 9 }, (_, index) => `mqtt://b${index}.example`);
  expect(() => brokerChoice({ broker: many }, {})).toThrow("at most 8");
});

test("cameraBrokers: WebSockets without an account, which every page would be told", () => {
  expect(cameraBrokers()).toEqual([]);
  expect(cameraBrokers(["wss://b.example:8084/mqtt"])).toEqual(["wss://b.example:8084/mqtt"]);
  expect(() => cameraBrokers(["mqtt://b.example"])).toThrow("--camera-broker takes a broker's WebSocket");
  expect(() => cameraBrokers(["wss://me:word@b.example/mqtt"])).toThrow("no account");
  expect(() => cameraBrokers(Array.from({ length: 9 }, () => "wss://b.example"))).toThrow(UsageError);
});
