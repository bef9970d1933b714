'use strict';
// Progressive enhancement: every page works without this script.

// Sets the time-zone cookie, by which the server formats times; the login form is the first page to set it.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.split('; ').includes('ums_zone=' + zone)) {
  document.cookie = 'ums_zone=' + zone + '; path=/console; max-age=31536000; samesite=lax' +
    (location.protocol === 'https:' ? '; secure' : '');
}

// Hidden pages do not poll.
document.addEventListener('htmx:beforeRequest', event => {
  if (document.hidden) event.preventDefault();
});

// After a failed poll the figures are marked as stale.
const stale = shown => document.querySelectorAll('[data-stale]').forEach(notice => { notice.hidden = !shown; });
document.addEventListener('htmx:sendError', () => stale(true));
document.addEventListener('htmx:responseError', () => stale(true));
document.addEventListener('htmx:afterSwap', () => stale(false));

document.addEventListener('click', async event => {
  const copy = event.target.closest('[data-copy]');
  if (!copy) return;
  const text = document.getElementById(copy.dataset.copy).textContent;
  try {
    await navigator.clipboard.writeText(text);
    copy.textContent = copy.dataset.copied;
  } catch {
    getSelection().selectAllChildren(document.getElementById(copy.dataset.copy));
  }
});

// A checkbox that selects all rows of a list.
document.addEventListener('change', event => {
  const all = event.target.closest('[data-all]');
  if (!all) return;
  document.querySelectorAll('input[name="' + all.dataset.all + '"]').forEach(box => { box.checked = all.checked; });
});

document.querySelectorAll('[data-script]').forEach(element => { element.hidden = false; });
