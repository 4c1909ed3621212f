import type { Page } from "playwright";

/** A machine that others share may stand still for a minute. */
const PATIENT = { timeout: 120_000 };

/** Opens a meeting's link, gives a name and joins, as a person does. Resolves when the meeting shows. */
export async function joinMeeting(page: Page, { link, name }: { link: string; name: string }): Promise<void> {
  await page.goto(link, PATIENT);
  await page.getByRole("textbox", { name: /name/i }).fill(name, PATIENT);
  await page.getByRole("button", { name: /^join/i }).click(PATIENT);
  await page.getByRole("button", { name: /leave/i }).waitFor(PATIENT);
}
