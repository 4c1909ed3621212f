import { expect, test, vi } from "vitest";
import { judgeVersion, PageVersion } from "./page-version.ts";

/** One tab: each `load` is a page of that version, with what the tab remembers; `reloads` counts over all. */
function tab(options: { remembers?: boolean } = {}) {
  const kept = new Map<string, string>();
  const reload = vi.fn();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const load = (own: string | undefined, server: string | undefined) =>
    new PageVersion({
      ...{ own, reload, ofServer: async () => server },
      storage: options.remembers === false ? undefined : storage,
    });
  return { load, reload };
}

const free = { isBusy: () => false };

test("judgeVersion leaves a page alone whose version, or whose server's, is not known", () => {
  expect(judgeVersion({ own: undefined, server: "2", hasReloaded: false })).toBe("same");
  expect(judgeVersion({ own: "1", server: undefined, hasReloaded: true })).toBe("same");
});

test("an old page is loaded again once, and then says that it was", async () => {
  const { load, reload } = tab();
  expect(await load("1", "2").check(free)).toBe("reload");
  expect(reload).toHaveBeenCalledTimes(1);
  const next = load("2", "2");
  expect(await next.check(free)).toBe("renewed");
  expect(next.news.value).toBe("renewed");
  expect(await load("2", "2").check(free)).toBe("same");
  expect(await load("2", "3").check(free)).toBe("reload"); // of the next update
  expect(reload).toHaveBeenCalledTimes(2);
});

test("a page that stays old is not loaded a second time, whatever the server says then", async () => {
  const { load, reload } = tab();
  await load("1", "2").check(free);
  for (const server of ["2", "3", "2", "4"]) {
    const page = load("1", server);
    expect(await page.check(free)).toBe("stuck");
    expect(page.news.value).toBe("stuck");
  }
  expect(reload).toHaveBeenCalledTimes(1);
});

test("a tab that remembers nothing is never loaded again by itself", async () => {
  const { load, reload } = tab({ remembers: false });
  expect(await load("1", "2").check(free)).toBe("stuck");
  const same = load("2", "2");
  await same.check(free);
  expect(same.news.value).toBeUndefined();
  expect(reload).not.toHaveBeenCalled();
});

test("nothing is loaded while somebody is in a meeting", async () => {
  const { load, reload } = tab();
  const page = load("1", "2");
  expect(await page.check({ isBusy: () => true })).toBe("reload");
  expect(reload).not.toHaveBeenCalled();
  page.reload();
  expect(await load("2", "2").check(free)).toBe("renewed");
});
