import { MediaError } from "@mqtt-meet/media";
import { SdkError } from "@mqtt-meet/sdk";
import { expect, test, vi } from "vitest";
import { WorkerClient } from "./worker-client.ts";
import type { FromWorker, ToWorker } from "./worker-messages.ts";

/** A worker that answers when the test says so. */
class FakeWorker {
  onmessage: ((event: { data: FromWorker }) => void) | null = null;
  onerror: ((event: { message: string; preventDefault(): void }) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  readonly posted: ToWorker[] = [];
  terminated = false;

  postMessage(message: ToWorker): void {
    this.posted.push(message);
  }

  terminate(): void {
    this.terminated = true;
  }
}

function open() {
  const worker = new FakeWorker();
  const events = { onChange: vi.fn(), onEnded: vi.fn(), onMoved: vi.fn(), onStanding: vi.fn(), onCrash: vi.fn() };
  const client = new WorkerClient(worker as unknown as Worker, events);
  return { worker, events, client, say: (data: FromWorker) => worker.onmessage?.({ data }) };
}

test("WorkerClient matches answers to calls, whatever their order", async () => {
  const { client, say, worker } = open();
  const first = client.call("sendMessage", { text: "a" });
  const second = client.call("unpublish", { id: "camera" });
  expect(worker.posted).toHaveLength(2);
  say({ type: "answer", id: 2, result: "two" });
  say({ type: "answer", id: 1, result: "one" });
  expect(await Promise.all([first, second])).toEqual(["one", "two"]);
});

test("WorkerClient gives errors their class and code back", async () => {
  const { client, say } = open();
  const calls = [1, 2, 3].map(() => client.call("sendMessage", { text: "a" }));
  say({ type: "refusal", id: 1, error: { kind: "sdk", code: "message-too-long", message: "Too long." } });
  say({ type: "refusal", id: 2, error: { kind: "media", code: "encoder-failed", message: "Broken." } });
  say({ type: "refusal", id: 3, error: { kind: "type", message: "Empty." } });
  const [sdk, media, type] = await Promise.all(calls.map((call) => call.catch((error) => error)));
  expect(sdk).toBeInstanceOf(SdkError);
  expect(sdk).toMatchObject({ code: "message-too-long", message: "Too long." });
  expect(media).toBeInstanceOf(MediaError);
  expect(type).toBeInstanceOf(TypeError);
});

test("WorkerClient ends every call when the worker crashes, and says it once", async () => {
  const { client, worker, events } = open();
  const waiting = client.call("sendMessage", { text: "a" });
  worker.onerror?.({ message: "boom", preventDefault: () => undefined });
  worker.onmessageerror?.();
  await expect(waiting).rejects.toMatchObject({ code: "worker-failed" });
  await expect(client.call("leave", {})).rejects.toMatchObject({ code: "worker-failed" });
  expect(events.onCrash).toHaveBeenCalledTimes(1);
  expect(worker.terminated).toBe(true);
  const posted = worker.posted.length;
  client.post({ type: "set-name", name: "late" });
  expect(worker.posted).toHaveLength(posted);
});
