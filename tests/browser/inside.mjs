// inside.mjs: what is asked inside a page, as functions that are sent there as text: they use nothing
// but the page.

// Tags and attributes a report may have; all others came from its data.
const TAGS = 'a b bdi body caption code dd defs details div dl dt figure footer g h1 h2 h3 head ' +
	'header html i li line linearGradient link main meta nav p rect section small span stop strong style ' +
	'summary svg table tbody td th thead title tr ul';

// Elements that no report has, attributes that run something, links that lead elsewhere.
function strangers(tags) {
	const known = new Set(tags.split(' '));
	const found = [];
	for (const e of document.querySelectorAll('*')) {
		if (!known.has(e.localName))
			found.push(`<${e.localName}>`);
		for (const a of e.attributes)
			if (/^on|^style$|^src/.test(a.name) ||
			    (a.name === 'href' && !/^#|^data:,$/.test(a.value)))
				found.push(`${e.localName} ${a.name}=${a.value}`);
	}
	return found.slice(0, 5);
}

// Characters in the text that would not be seen or turn others round.
function hidden() {
	const text = document.body.textContent.replaceAll('\n', '');
	return [...new Set(text.match(/[\p{Cc}\p{Cf}\u2028\u2029]/gu) ?? [])]
		.map((c) => 'U+' + c.codePointAt(0).toString(16));
}

// How much wider than the window the page is; and what stands out that does not scroll by itself.
// (innerWidth is no measure: a phone makes it as wide as what stands out.)
function overflow(width) {
	const wide = document.documentElement.scrollWidth - width;
	const out = [...document.querySelectorAll('main *')].filter((e) =>
		!e.closest('.scroll, svg') && e.getBoundingClientRect().right > width + 1);
	return wide > 0 ? `${wide} px` : out.slice(0, 3).map((e) => `${e.localName}.${e.className}`).join();
}

// Texts whose contrast is below what WCAG 2 AA asks for.
function contrast() {
	const canvas = (c) => c.match(/[\d.]+/g).map(Number);
	const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
		.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = (e) => {
		for (; e; e = e.parentElement) {
			const c = canvas(getComputedStyle(e).backgroundColor);
			if (c.length < 4 || c[3] > 0)
				return c;
		}
		return [255, 255, 255];
	};
	const ratio = (a, b) => {
		const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
		return (x + 0.05) / (y + 0.05);
	};
	const bad = new Set();
	let seen = 0;
	for (const e of document.querySelectorAll('body *')) {
		const text = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim() !== '');
		if (!text || !e.checkVisibility() || e.closest('svg'))
			continue;
		seen++;
		const r = ratio(canvas(getComputedStyle(e).color), behind(e));
		if (!(r >= 4.5))
			bad.add(`${e.localName}.${e.className} ${r.toFixed(2)}`);
	}
	// Areas of bars: 3 to 1 beside the page.
	for (const e of document.querySelectorAll('.bar .c, .bar .f, .bar .v, .bar .x, .bar .p')) {
		seen++;
		const r = ratio(canvas(getComputedStyle(e).fill), behind(document.body));
		if (!(r >= 3))
			bad.add(`area ${e.getAttribute('class')} ${r.toFixed(2)}`);
	}
	return seen < 20 ? `only ${seen} texts` : [...bad].slice(0, 5).join();
}

// What a screen reader needs.
function readable() {
	const bad = [];
	const say = (what, e) => bad.push(`${what}: ${e.outerHTML.slice(0, 60)}`);
	let level = 0;
	for (const h of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
		const n = Number(h.localName[1]);
		if (n > level + 1 || (n === 1 && level > 0))
			say('heading out of order', h);
		level = n;
	}
	for (const name of ['header', 'nav', 'main', 'footer', 'h1'])
		if (document.querySelectorAll(name).length !== 1)
			bad.push(`not one ${name}`);
	for (const t of document.querySelectorAll('table')) {
		if (!t.caption?.textContent.trim())
			say('no caption', t);
		for (const th of t.querySelectorAll('th'))
			if (!th.scope)
				say('no scope', th);
		for (const row of t.tBodies[0].rows)
			if (row.cells.length !== t.tHead.rows[0].cells.length)
				say('cells', row);
	}
	for (const e of document.querySelectorAll('section, [role=region]')) {
		const label = document.getElementById(e.getAttribute('aria-labelledby'));
		if (!label?.textContent.trim())
			say('no label', e);
	}
	for (const e of document.querySelectorAll('svg'))
		if (e.getAttribute('aria-hidden') !== 'true' &&
		    !(e.getAttribute('role') === 'img' && e.getAttribute('aria-label')))
			say('no text for it', e);
	const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
	for (const id of ids.filter((x, i) => ids.indexOf(x) !== i))
		bad.push(`id ${id} twice`);
	for (const e of document.querySelectorAll('a'))
		if (!document.getElementById(e.getAttribute('href').slice(1)))
			say('leads nowhere', e);
	return bad.slice(0, 5).join('; ');
}

// What must be there for everything else to mean something.
function sound() {
	const styled = getComputedStyle(document.querySelector('.points, .two')).display;
	return {
		title: document.title,
		heading: document.querySelector('h1').textContent,
		styled: styled === 'grid' || styled === 'block',
		max: getComputedStyle(document.body).maxWidth,
		elements: document.querySelectorAll('*').length,
		policy: !!document.querySelector('meta[http-equiv=Content-Security-Policy]'),
	};
}

const call = (f, ...args) => `(${f})(${args.map((a) => JSON.stringify(a)).join()})`;

export const ask = {
	strangers: call(strangers, TAGS),
	hidden: call(hidden),
	overflow: (width) => call(overflow, width),
	contrast: call(contrast),
	readable: call(readable),
	sound: call(sound),
};
