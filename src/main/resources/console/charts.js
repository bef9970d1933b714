'use strict';
// Draws each chart from the table below it, which remains readable without scripts.

(() => {
  const drawn = new Map();

  const numbers = table => {
    const rows = [...table.tBodies[0].rows];
    return [
      rows.map(row => Date.parse(row.cells[0].querySelector('time').dateTime) / 1000),
      rows.map(row => Number(row.cells[1].dataset.value)),
      rows.map(row => Number(row.cells[2].dataset.value)),
    ];
  };

  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const clock = stamp => new Date(stamp * 1000)
    .toLocaleTimeString(document.documentElement.lang, {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});

  function draw(place) {
    drawn.get(place)?.destroy();
    const table = document.getElementById(place.dataset.table);
    const axis = {
      stroke: colour('--soft'),
      grid: {stroke: colour('--line'), width: 1},
      ticks: {show: false},
      font: '12px ' + getComputedStyle(place).fontFamily,
    };
    const whole = value => value >= 10 || value === 0 ? Math.round(value).toLocaleString() : value.toFixed(1);
    drawn.set(place, new uPlot({
      width: Math.max(place.clientWidth - 16, 200),
      height: 200,
      legend: {show: false},
      cursor: {y: false, points: {size: 6}},
      scales: {y: {range: (_, low, high) => [0, Math.max(high * 1.1, 1)]}},
      axes: [
        {...axis, values: (_, stamps) => stamps.map(clock)},
        {...axis, size: 48, values: (_, values) => values.map(whole)},
      ],
      series: [
        {},
        {label: table.tHead.rows[0].cells[1].textContent, stroke: colour('--accent'), width: 1.75,
          fill: colour('--accent-soft'), points: {show: false}},
        {label: table.tHead.rows[0].cells[2].textContent, stroke: colour('--good'), width: 1.75, dash: [5, 4],
          points: {show: false}},
      ],
    }, numbers(table), place));
  }

  const drawAll = () => {
    for (const place of drawn.keys()) {
      if (!place.isConnected) {
        drawn.get(place).destroy();
        drawn.delete(place);
      }
    }
    document.querySelectorAll('.chart').forEach(draw);
  };

  drawAll();
  document.addEventListener('htmx:afterSwap', event => { if (event.target.id === 'charts') drawAll(); });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  let width = innerWidth;
  addEventListener('resize', () => { if (innerWidth !== width) { width = innerWidth; drawAll(); } });
})();
