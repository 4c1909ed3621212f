import { newPeer } from "@mqtt-meet/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { agreed, fakeTimers, joinEncrypted, pass, SECRET } from "../testing/encrypted-rooms.ts";
import { FakePicture } from "../testing/fake-backend.ts";
import { FakeBroker } from "../testing/fake-broker.ts";
import { type FakeRoom, openFakeRoom } from "../testing/fake-room.ts";
import { newEncryptionKeys } from "./encryption-keys.ts";

/** From opening the room; on a LAN the packets' own way comes to next to nothing. */
const SOON_S = 0.2;
const size = { widthPx: 640, heightPx: 360, frameRate: 50 };

const rooms: FakeRoom[] = [];

beforeEach(fakeTimers);

afterEach(async () => {
  const leaving = Promise.all(rooms.splice(0).map((core) => core.leave()));
  await pass(1.2);
  await leaving;
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("who joins sees the first picture within 200 ms, whenever the last key frame was sent (E7, E8, R2)", async () => {
  const broker = new FakeBroker();
  const ada = await joinEncrypted(broker, "Ada");
  const bob = await joinEncrypted(broker, "Bob");
  rooms.push(ada, bob);
  await pass(5, () => agreed(ada, bob));
  const camera = ada.publishVideo({ source: "camera", ...size });
  const film = (condition: boolean) => {
    camera.push(new FakePicture(Date.now() * 1000));
    return condition;
  };
  let seen = 0;
  bob.watchVideo(`${ada.peer}/camera`, (picture) => {
    seen++;
    picture.close();
  });
  expect(await pass(5, () => film(seen > 0))).toBe(true);
  for (const laterS of [0.06, 0.2, 0.44, 1.3]) {
    await pass(laterS, () => film(false));
    const [{ peer }, keys] = await Promise.all([newPeer(), newEncryptionKeys(SECRET)]);
    const cem = openFakeRoom(broker, "Cem", { encrypted: { peer, keys } });
    rooms.push(cem);
    let first = 0;
    cem.watchVideo(`${ada.peer}/camera`, (picture) => {
      first++;
      picture.close();
    });
    expect(await pass(SOON_S, () => film(first > 0)), `${laterS} s later`).toBe(true);
  }
});
