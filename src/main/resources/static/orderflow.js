// Keys, times, live figures and charts. Every page works without this file.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const lang = document.documentElement.lang;

// Times in the reader's own zone; UTC stays in the title.
const clock = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' });
function ago(time) {
  const seconds = (time - Date.now()) / 1000;
  const [unit, size] = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]].find(([, n]) => Math.abs(seconds) >= n) ?? ['second', 1];
  return relative.format(Math.round(seconds / size), unit);
}
function localise(root = document) {
  $$('time[datetime]', root).forEach(time => {
    const at = new Date(time.dateTime);
    if (!isNaN(at)) time.textContent = 'ago' in time.dataset ? ago(at) : clock.format(at);
  });
}
localise();
document.addEventListener('htmx:afterSwap', event => localise(event.target));

// Live figures, by one stream; what is read out changes rarely.
const live = $('[data-live-source]');
if (live) {
  const number = new Intl.NumberFormat(lang, { maximumFractionDigits: 1 });
  const status = $('#live-status');
  let before, said = 0;
  const say = text => { if (Date.now() - said > 5000) { status.textContent = text; said = Date.now(); } };
  const span = s => s < 60 ? `${Math.round(s)} s` : s < 3600 ? `${Math.round(s / 60)} min` : `${Math.round(s / 3600)} h`;
  const stream = new EventSource(live.dataset.liveSource);
  stream.onmessage = event => {
    const now = JSON.parse(event.data);
    $$('[data-live]').forEach(e => { const v = now[e.dataset.live]; e.textContent = v == null ? '?' : number.format(v); });
    $$('[data-live-span]').forEach(e => { e.textContent = span(now[e.dataset.liveSpan] ?? 0); });
    const sight = now.status + JSON.stringify(now.parts) + now.deadLetters;
    if (before && before.sight !== sight) {
      document.body.dispatchEvent(new CustomEvent('needs-changed'));
      if (before.status !== now.status) say(now.status === 'UP' ? status.dataset.up : status.dataset.down);
      else if (now.deadLetters > before.dead) say(status.dataset.dead);
    }
    before = { sight, status: now.status, dead: now.deadLetters };
  };
  addEventListener('pagehide', () => stream.close());
}

// Charts are drawn from the table that says the same.
const chart = $('[data-chart]');
if (chart) {
  const rows = $$(`#${chart.dataset.chart} tbody tr`);
  const sheet = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/webjars/uplot/dist/uPlot.min.css' });
  const script = Object.assign(document.createElement('script'), { src: '/webjars/uplot/dist/uPlot.iife.min.js' });
  script.onload = () => {
    const probe = document.createElement('span');
    document.body.append(probe);
    const [line, bad, soft] = ['link', 'bad', 'soft'].map(name => { probe.style.color = `var(--${name})`; return getComputedStyle(probe).color; });
    probe.remove();
    const names = $$(`#${chart.dataset.chart} thead th`).map(th => th.textContent);
    const value = i => rows.map(row => Number(row.children[i].textContent));
    const hour = new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit' });
    const axis = { stroke: soft, grid: { stroke: soft, width: .2 }, ticks: { show: false } };
    const size = () => ({ width: chart.clientWidth, height: 170 });
    const plot = new uPlot({
      ...size(), padding: [8, 28, 0, 0], legend: { show: false }, cursor: { show: false },
      series: [{}, { label: names[1], stroke: line, width: 2, fill: line.replace('rgb(', 'rgba(').replace(')', ', .12)') }, { label: names[2], stroke: bad, width: 2, dash: [5, 4] }],
      axes: [{ ...axis, space: 70, values: (_, splits) => splits.map(s => hour.format(s * 1000)) }, { ...axis, size: 44 }],
    }, [rows.map(row => new Date($('time', row).dateTime) / 1000), value(1), value(2)], chart);
    addEventListener('resize', () => plot.setSize(size()));
  };
  document.head.append(sheet, script);
}

// Keys. A person can switch them off for good: ? shows how.
const keys = document.createElement('dialog');
function help() {
  const list = $$('[aria-keyshortcuts]').map(e => `${e.getAttribute('aria-keyshortcuts')}\t${e.getAttribute('aria-label') ?? e.textContent.trim()}`);
  keys.replaceChildren(Object.assign(document.createElement('pre'), { textContent: [...list, 'j k\t↓ ↑', '?'].join('\n') }));
  document.body.append(keys);
  keys.showModal();
}
let leader = 0;
addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select, dialog')) return;
  const rows = $$('[data-row] a').filter((a, i, all) => a.closest('tr').querySelector('a') === a);
  const at = rows.indexOf(document.activeElement);
  const key = event.key;
  if (key === '/') { $('#search')?.focus(); event.preventDefault(); }
  else if (Date.now() - leader < 1500) { leader = 0; $(`[aria-keyshortcuts="g ${CSS.escape(key)}"]`)?.click(); }
  else if (key === 'g') leader = Date.now();
  else if (key === 'j') rows[Math.min(at + 1, rows.length - 1)]?.focus();
  else if (key === 'k') rows[Math.max(at - 1, 0)]?.focus();
  else if (key === '?') help();
});

// A file dropped onto the form is the one that is sent.
$$('[data-drop]').forEach(form => {
  form.addEventListener('dragover', event => event.preventDefault());
  form.addEventListener('drop', event => { event.preventDefault(); $('[type=file]', form).files = event.dataTransfer.files; });
});

// What is wrong comes first.
$('#faults')?.focus();
