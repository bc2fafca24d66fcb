/**
 * Fetches the parts that change every two seconds and replaces those that did, so that neither place, focus nor what was
 * opened is lost. Without it the page is whole all the same, as it was when it was loaded.
 */
export const SCRIPT = `
(() => {
  const from = document.body.dataset.parts, lost = document.getElementById('lost');
  const shown = new Map(), EVERY = 2000;
  let failures = 0, timer;
  const all = (root) => [...root.querySelectorAll('[data-part]')];
  for (const part of all(document)) shown.set(part.id, part.outerHTML);
  const put = (part) => {
    const old = document.getElementById(part.id);
    if (!old || shown.get(part.id) === part.outerHTML) return;
    shown.set(part.id, part.outerHTML);
    const focus = document.activeElement && old.contains(document.activeElement) ? document.activeElement.id : '';
    for (const open of old.querySelectorAll('details[open]')) {
      const same = part.querySelector('#' + CSS.escape(open.id));
      if (same) same.open = true;
    }
    old.className = part.className;
    old.replaceChildren(...part.childNodes);
    if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  };
  const look = async () => {
    clearTimeout(timer);
    if (!document.hidden) {
      try {
        const answer = await fetch(from, { signal: AbortSignal.timeout(5000) });
        if (answer.status === 401) return location.reload();
        if (!answer.ok) throw new Error(String(answer.status));
        const fresh = document.createElement('template');
        fresh.innerHTML = await answer.text();
        all(fresh.content).forEach(put);
        failures = 0;
      } catch {
        failures += 1;
      }
      lost.hidden = failures < 2;
    }
    timer = setTimeout(look, EVERY);
  };
  document.addEventListener('visibilitychange', () => document.hidden || look());
  timer = setTimeout(look, EVERY);
})();
`
