import { expect, test } from "vitest";
import { invitationMail } from "./invitation-mail.ts";

test("invitationMail keeps a link whole, with its secret, and any other sign", () => {
  const link = "https://meet.example/r/tea%20%26%20cake?broker=wss://b/mqtt#1.x-_y";
  const mail = invitationMail({ subject: "Tea & cake?", body: `Come:\n${link}` });
  const query = new URL(mail).searchParams;
  expect(mail.startsWith("mailto:?subject=Tea%20%26%20cake%3F&body=")).toBe(true);
  expect(query.get("body")).toBe(`Come:\r\n${link}`);
  expect(mail).not.toMatch(/[#\s]/);
});
