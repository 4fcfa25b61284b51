'use strict';
// Draws the map and answers pointer, keys and search. It reads #data (see data.rs) and loads nothing; names of tracks go into the page
// as text (textContent) alone.

const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId('data').textContent);
const n = data.paths.length;
const NOT_SURE = -1, UNKNOWN = -2, STEPS = 10000;

// Marks in a box from -1 to 1, for canvas and legend alike; the last two are of tracks without an answer.
const MARKS = [
  'M-.9 0A.9 .9 0 1 0 .9 0A.9 .9 0 1 0-.9 0Z',
  'M0-1.1L1.05 .8H-1.05Z',
  'M-.8-.8H.8V.8H-.8Z',
  'M0-1.15L1.15 0L0 1.15L-1.15 0Z',
  'M-.35-1H.35V-.35H1V.35H.35V1H-.35V.35H-1V-.35H-.35Z',
  'M-.9 0A.9 .9 0 1 0 .9 0A.9 .9 0 1 0-.9 0ZM-.5 0A.5 .5 0 1 1 .5 0A.5 .5 0 1 1-.5 0Z',
  'M-.4 0A.4 .4 0 1 0 .4 0A.4 .4 0 1 0-.4 0Z',
];
const shapes = MARKS.map((path) => new Path2D(path));
const dark = matchMedia('(prefers-color-scheme: dark)');
const property = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Like colours get unlike marks, and after the last colour hollow ones: fifty styles before one comes again.
const markOf = (code) => code === NOT_SURE ? 5 : code === UNKNOWN ? 6 : (code + Math.floor(code / 5)) % 5;
const isHollow = (code) => code >= 0 && Math.floor(code / data.palette.length) % 2 === 1;
const colorOf = (code) => code < 0 ? property('--soft') : data.palette[code % data.palette.length][dark.matches ? 1 : 0];

const state = { layout: 0, task: 0, current: -1, hovered: -1, only: new Set(), found: null, zoom: 1, x: STEPS / 2, y: STEPS / 2 };
const task = () => data.tasks[state.task];
const codeOf = (i) => task() ? task().answers[i] : 0;
const pathOf = (i) => data.folder + data.paths[i];
const nameOf = (i) => data.paths[i].replace(/^.*[/\\]/, '').replace(/\.[^.]{1,5}$/, '') || data.paths[i];
const labelOf = (one, code) => code === NOT_SURE ? 'not sure' : code === UNKNOWN ? 'no answer' : one.classes[code];
const isLit = (i) => (!state.found || state.found.has(i)) && (!state.only.size || state.only.has(codeOf(i)));

function answerOf(one, i) {
  const [code, confidence] = [one.answers[i], one.confidences[i]];
  return labelOf(one, code) + (confidence === null ? '' : ` ${(confidence / 100).toFixed(2)}`);
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function markSvg(code) {
  const [svg, path] = ['svg', 'path'].map((tag) => document.createElementNS('http://www.w3.org/2000/svg', tag));
  svg.setAttribute('class', 'mark');
  svg.setAttribute('viewBox', '-1.2 -1.2 2.4 2.4');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', MARKS[markOf(code)]);
  path.setAttribute('fill', isHollow(code) ? 'none' : colorOf(code));
  if (isHollow(code)) { path.setAttribute('stroke', colorOf(code)); path.setAttribute('stroke-width', 0.4); }
  svg.append(path);
  return svg;
}

// ---- The canvas

const canvas = byId('map'), context = canvas.getContext('2d');
// Drawn in an order that no folder or class has, so that none lies above another.
const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => (Math.imul(a, 2654435761) >>> 0) - (Math.imul(b, 2654435761) >>> 0));
let wide = 0, high = 0, waiting = false, stale = true;

// Steps across and down that the points of each layout take.
const spans = data.layouts.map(({ xy }) => [0, 1].map((axis) => {
  const ends = xy.reduce(([low, high], place, at) => at % 2 === axis ? [Math.min(low, place), Math.max(high, place)] : [low, high], [STEPS, 0]);
  return Math.max(ends[1] - ends[0], 1);
}));
const scale = () => Math.max(Math.min((wide - 40) / spans[state.layout][0], (high - 40) / spans[state.layout][1]), 1e-3) * state.zoom;
const radius = () => Math.min(Math.max(1.6, Math.min(Math.min(wide, high) / Math.max(3 * Math.sqrt(n), 80), 6)) * Math.pow(state.zoom, 0.4), 10);
const across = (i) => (data.layouts[state.layout].xy[2 * i] - state.x) * scale() + wide / 2;
const down = (i) => (data.layouts[state.layout].xy[2 * i + 1] - state.y) * scale() + high / 2;

function refresh() {
  if (!waiting) requestAnimationFrame(draw);
  waiting = true;
}

function redraw() {
  stale = true;
  refresh();
}

// Small pictures of the marks, made once: a copy is much faster than a path.
let stamps = new Map(), stampsOf = '';
function stampOf(code, size, density) {
  const kind = [size, density, dark.matches].join();
  if (stampsOf !== kind) [stamps, stampsOf] = [new Map(), kind];
  if (!stamps.has(code)) {
    const side = Math.ceil((size * 1.25 + 1) * 2 * density);
    const stamp = make('canvas', { width: side, height: side }), pen = stamp.getContext('2d'), shape = shapes[markOf(code)];
    pen.translate(side / 2, side / 2);
    pen.scale(size * density, size * density);
    // A rim in the colour of the ground keeps neighbours apart.
    [pen.fillStyle, pen.strokeStyle, pen.lineWidth] = [colorOf(code), property('--band'), 1.2 / size];
    if (isHollow(code)) [pen.fillStyle, pen.strokeStyle, pen.lineWidth] = [property('--band'), colorOf(code), 0.5];
    if (code >= 0) pen.stroke(shape);
    pen.fill(shape);
    stamps.set(code, stamp);
  }
  return stamps.get(code);
}

// All tracks, kept as a picture: pointing at one draws nothing but its ring anew.
const scene = make('canvas');
function paint(density) {
  const pen = scene.getContext('2d'), lit = order.filter(isLit), { xy } = data.layouts[state.layout];
  [scene.width, scene.height] = [canvas.width, canvas.height];
  const factor = scale() * density, [left, top] = [canvas.width / 2 - state.x * factor, canvas.height / 2 - state.y * factor];
  // To whole pixels, which is several times as fast.
  const put = (i, picture) => {
    const x = Math.round(xy[2 * i] * factor + left - picture.width / 2), y = Math.round(xy[2 * i + 1] * factor + top - picture.width / 2);
    if (x > -picture.width && y > -picture.width && x < scene.width && y < scene.height) pen.drawImage(picture, x, y);
  };
  if (lit.length < n) {
    pen.globalAlpha = 0.13;
    for (const i of order) if (!isLit(i)) put(i, stampOf(codeOf(i), radius(), density));
    pen.globalAlpha = 1;
  }
  // A few that were searched for are to be seen at once.
  const size = radius() * (lit.length < n / 20 ? 1.7 : 1);
  for (const i of lit) if (codeOf(i) < 0) put(i, stampOf(codeOf(i), size, density));
  for (const i of lit) if (codeOf(i) >= 0) put(i, stampOf(codeOf(i), size, density));
}

function draw() {
  const density = devicePixelRatio || 1;
  if (stale) paint(density);
  [waiting, stale] = [false, false];
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(scene, 0, 0);
  context.scale(density, density);
  for (const [i, color] of [[state.hovered, '--soft'], [state.current, '--text']]) {
    if (i < 0) continue;
    const stamp = stampOf(codeOf(i), radius(), density), side = stamp.width / density;
    context.drawImage(stamp, across(i) - side / 2, down(i) - side / 2, side, side);
    context.strokeStyle = property(color);
    context.lineWidth = 2;
    context.beginPath();
    context.arc(across(i), down(i), radius() + 4, 0, 2 * Math.PI);
    context.stroke();
  }
}

function fit() {
  const density = devicePixelRatio || 1;
  [wide, high] = [canvas.clientWidth, canvas.clientHeight];
  if (!wide || !high) return; // not shown
  [canvas.width, canvas.height] = [Math.round(wide * density), Math.round(high * density)];
  stale = true;
  draw();
}

function zoomBy(factor, x = wide / 2, y = high / 2) {
  const before = scale();
  state.zoom = Math.min(Math.max(state.zoom * factor, 1), 60);
  const gained = 1 / before - 1 / scale();
  moveTo(state.x + (x - wide / 2) * gained, state.y + (y - high / 2) * gained);
}

function moveTo(x, y) {
  [state.x, state.y] = [x, y].map((place) => Math.min(Math.max(place, 0), STEPS));
  redraw();
}

function whole() {
  state.zoom = 1;
  moveTo(STEPS / 2, STEPS / 2);
}

// ---- Tracks

function at(x, y, reach) {
  let [best, least] = [-1, reach * reach];
  for (let i = 0; i < n; i++) {
    const distance = (across(i) - x) ** 2 + (down(i) - y) ** 2;
    if (distance < least && isLit(i)) [best, least] = [i, distance];
  }
  return best;
}

// The track that way from the current one: near, and not much aside.
function towards(dx, dy) {
  if (state.current < 0) return at(wide / 2, high / 2, Infinity);
  const [x, y] = [across(state.current), down(state.current)];
  let [best, least] = [-1, Infinity];
  for (let i = 0; i < n; i++) {
    const [right, below] = [across(i) - x, down(i) - y];
    const along = right * dx + below * dy, aside = Math.abs(right * dy - below * dx);
    if (along <= 0 || !isLit(i)) continue;
    const cost = along + (aside > along ? 6 : 2) * aside;
    if (cost < least) [best, least] = [i, cost];
  }
  return best;
}

function say(text) {
  byId('said').textContent = text;
}

function select(i) {
  state.current = i;
  showTrack();
  refresh();
  if (i < 0) return;
  say([nameOf(i), ...data.tasks.map((one) => `${one.name}: ${answerOf(one, i)}`)].join(', '));
  const [x, y] = [across(i), down(i)];
  if (x < 20 || y < 20 || x > wide - 20 || y > high - 20) moveTo(data.layouts[state.layout].xy[2 * i], data.layouts[state.layout].xy[2 * i + 1]);
}

async function copy(i) {
  try {
    await navigator.clipboard.writeText(pathOf(i));
    say('Path copied');
  } catch {
    // The browser keeps the clipboard to itself: the path is marked, to be copied by hand.
    getSelection().selectAllChildren(byId('path'));
    say('The browser does not let this page copy: the path is marked, copy it from there');
  }
  byId('copied').textContent = byId('said').textContent;
}

function trackRow(i, number = '') {
  const row = make('button', { type: 'button', class: 'row', title: pathOf(i) }, markSvg(codeOf(i)), make('bdi', { class: 'name' }, nameOf(i)));
  if (number) row.append(make('span', { class: 'number' }, number));
  row.addEventListener('click', () => select(i));
  return make('li', {}, row);
}

function showTrack() {
  const i = state.current, panel = byId('track');
  if (i < 0) return panel.replaceChildren(make('p', { class: 'by' }, 'None yet: point at one, or search.'));
  const facts = make('dl');
  for (const one of data.tasks) {
    const answer = make('dd', {}, answerOf(one, i));
    if (one.reasons[i]) answer.append(make('small', {}, one.reasons[i]));
    facts.append(make('dt', {}, one.name), answer);
  }
  const button = make('button', { type: 'button' }, 'Copy the path');
  button.addEventListener('click', () => copy(i));
  panel.replaceChildren(make('h3', { class: 'name' }, nameOf(i)), facts, make('code', { class: 'path', id: 'path' }, pathOf(i)), button, ' ', make('small', { id: 'copied' }));
  const near = make('ul');
  for (let at = 0; at < data.near[i].length; at += 2) near.append(trackRow(data.near[i][at], (data.near[i][at + 1] / 1000).toFixed(3)));
  if (near.children.length) panel.append(make('div', { class: 'near' }, make('p', {}, 'Nearest, by the cosine of the embeddings'), near));
}

// ---- Search, legend and choices

const plain = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const texts = data.paths.map((path, i) => plain([path, ...data.tasks.map((one) => labelOf(one, one.answers[i]))].join('\n')));
const MOST_SHOWN = 30;

function search() {
  const words = plain(byId('search').value).split(/\s+/).filter(Boolean);
  const found = texts.map((_, i) => i).filter((i) => words.every((word) => texts[i].includes(word)));
  state.found = words.length ? new Set(found) : null;
  byId('count').textContent = words.length ? `${found.length} of ${n}` : '';
  byId('results-part').hidden = !words.length;
  byId('results').replaceChildren(...found.slice(0, MOST_SHOWN).map((i) => trackRow(i)));
  if (found.length > MOST_SHOWN) byId('results').append(make('li', { class: 'by' }, `and ${found.length - MOST_SHOWN} more, on the map`));
  redraw();
  return found;
}

function showLegend() {
  byId('legend-part').hidden = !task();
  if (!task()) return;
  byId('legend-name').textContent = task().name;
  const counts = new Map();
  task().answers.forEach((code) => counts.set(code, (counts.get(code) || 0) + 1));
  const codes = [...task().classes.keys(), NOT_SURE, UNKNOWN].filter((code) => counts.has(code));
  byId('legend').replaceChildren(...codes.map((code) => {
    const button = make('button', { type: 'button', class: 'row', 'aria-pressed': state.only.has(code) },
      markSvg(code), make('bdi', { class: 'name' }, labelOf(task(), code)), make('span', { class: 'number' }, counts.get(code)));
    button.addEventListener('click', () => {
      if (!state.only.delete(code)) state.only.add(code);
      button.setAttribute('aria-pressed', state.only.has(code));
      redraw();
    });
    return make('li', {}, button);
  }));
}

function showAll() {
  showLegend();
  showTrack();
  search();
}

byId('controls').addEventListener('submit', (event) => event.preventDefault());
byId('controls').addEventListener('change', ({ target }) => {
  if (target.name === 'layout') { state.layout = Number(target.value); whole(); }
  if (target.name === 'task') { state.task = Number(target.value); state.only.clear(); showAll(); }
});
byId('search').addEventListener('input', search);
byId('search').addEventListener('keydown', (event) => {
  if (event.key === 'Enter') {
    const [first] = search();
    if (first !== undefined) { select(first); canvas.focus(); }
  }
});
byId('closer').addEventListener('click', () => zoomBy(1.5));
byId('farther').addEventListener('click', () => zoomBy(1 / 1.5));
byId('whole').addEventListener('click', whole);

// ---- Keys and pointer

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
canvas.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { key } = event;
  if (ARROWS[key]) {
    const next = towards(...ARROWS[key]);
    if (next >= 0) select(next); else say('No track that way');
  } else if (key === 'Enter' && state.current >= 0) copy(state.current);
  else if (key === '+' || key === '=') zoomBy(1.5);
  else if (key === '-') zoomBy(1 / 1.5);
  else if (key === '0') whole();
  else if (key === 'Escape') select(-1);
  else return;
  event.preventDefault();
});

function hover(i, x = 0, y = 0) {
  const tip = byId('tip');
  tip.hidden = i < 0;
  if (i >= 0) {
    tip.replaceChildren(make('bdi', { class: 'name' }, nameOf(i)));
    if (task()) tip.append(make('small', {}, answerOf(task(), i)));
    const [right, below] = [x + 14 + tip.offsetWidth > wide, y + 14 + tip.offsetHeight > high];
    tip.style.transform = `translate(${right ? Math.max(x - 10 - tip.offsetWidth, 0) : x + 14}px, ${below ? y - 10 - tip.offsetHeight : y + 14}px)`;
  }
  if (i !== state.hovered) { state.hovered = i; refresh(); }
}

const held = new Map();
const spread = () => { const [a, b] = [...held.values()]; return Math.hypot(a.x - b.x, a.y - b.y); };
let moved = 0;
canvas.addEventListener('pointerdown', (event) => {
  if (event.button) return;
  canvas.setPointerCapture(event.pointerId);
  held.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
  moved = 0;
});
canvas.addEventListener('pointermove', (event) => {
  const [x, y, last] = [event.offsetX, event.offsetY, held.get(event.pointerId)];
  if (!last) return hover(at(x, y, 12), x, y);
  const before = held.size === 2 ? spread() : 0;
  held.set(event.pointerId, { x, y });
  moved += Math.hypot(x - last.x, y - last.y);
  if (moved < 5) return;
  hover(-1);
  canvas.classList.add('dragged');
  if (before) zoomBy(spread() / before, ...['x', 'y'].map((axis) => [...held.values()].reduce((sum, point) => sum + point[axis], 0) / 2));
  moveTo(state.x - (x - last.x) / scale() / held.size, state.y - (y - last.y) / scale() / held.size);
});
canvas.addEventListener('pointerup', (event) => {
  if (held.delete(event.pointerId) && moved < 5) select(at(event.offsetX, event.offsetY, event.pointerType === 'mouse' ? 12 : 24));
  canvas.classList.remove('dragged');
});
canvas.addEventListener('pointercancel', (event) => held.delete(event.pointerId));
canvas.addEventListener('pointerleave', () => hover(-1));
canvas.addEventListener('wheel', (event) => {
  if (event.deltaY > 0 && state.zoom === 1) return; // nothing is farther: the page scrolls
  event.preventDefault();
  zoomBy(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), event.offsetX, event.offsetY);
}, { passive: false });

dark.addEventListener('change', () => { showAll(); redraw(); });
new ResizeObserver(fit).observe(canvas);
showAll();
fit();
