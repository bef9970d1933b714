'use strict';
// What makes the pages livelier. Every page works without it.

// The server writes times in the viewer's zone once it knows it; the log-in form is where it learns it first.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.split('; ').includes('ums_zone=' + zone)) {
  document.cookie = 'ums_zone=' + zone + '; path=/console; max-age=31536000; samesite=lax' +
    (location.protocol === 'https:' ? '; secure' : '');
}

// Nobody looks: nothing is asked.
document.addEventListener('htmx:beforeRequest', event => {
  if (document.hidden) event.preventDefault();
});

// The server could not be asked: what is shown is old, and says so.
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

// One box for all of a list.
document.addEventListener('change', event => {
  const all = event.target.closest('[data-all]');
  if (!all) return;
  document.querySelectorAll('input[name="' + all.dataset.all + '"]').forEach(box => { box.checked = all.checked; });
});

document.querySelectorAll('[data-script]').forEach(element => { element.hidden = false; });
