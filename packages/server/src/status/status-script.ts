/** Brings new numbers into the status page. It is served as a file: the page's policy runs nothing else. */
export const STATUS_SCRIPT = `"use strict";
const EVERY_MS = 2000;
async function renew() {
  let isLost = true;
  try {
    const response = await fetch(location.href, { signal: AbortSignal.timeout(5000) });
    const next = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("live");
    if (response.ok && next) {
      document.getElementById("live").replaceChildren(...next.childNodes);
      isLost = false;
    }
  } catch {}
  document.getElementById("lost").hidden = !isLost;
  setTimeout(renew, EVERY_MS);
}
setTimeout(renew, EVERY_MS);
`;
