import type { Page } from "playwright";

/** Opens a meeting's link, gives a name and joins, as a person does. Resolves when the meeting shows. */
export async function joinMeeting(page: Page, { link, name }: { link: string; name: string }): Promise<void> {
  await page.goto(link, { timeout: 120_000 });
  await page.getByRole("textbox", { name: /name/i }).fill(name, { timeout: 120_000 });
  await page.getByRole("button", { name: /^join/i }).click({ timeout: 120_000 });
  await page.getByRole("button", { name: /leave/i }).waitFor({ timeout: 120_000 });
}
