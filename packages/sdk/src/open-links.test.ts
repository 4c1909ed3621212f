import { expect, test } from "vitest";
import { OpenLinks } from "./open-links.ts";
import { FakeBroker } from "./testing/fake-broker.ts";

test("OpenLinks lets all connections that wait try now, and leaves the others alone", async () => {
  const broker = new FakeBroker();
  const links = new OpenLinks(broker.open);
  const [first, second, closed, steady] = ["bob", "bob.B", "bob.C", "bob.D"].map((clientId) =>
    links.open({ clientId }),
  );
  await Promise.all([first, second, closed, steady].map((link) => link?.connected()));
  for (const clientId of ["bob", "bob.B", "bob.C"]) broker.cut(clientId);
  await closed?.close();
  const told: string[] = [];
  if (steady) steady.onStateChange = ({ status }) => told.push(status);
  links.retryNow();
  await Promise.resolve();
  const states = [first, second, closed, steady].map((link) => link?.state.status);
  expect(states).toEqual(["connected", "connected", "closed", "connected"]);
  expect(told).toEqual([]);
});
