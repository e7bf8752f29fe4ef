// png.mjs: how many colours a PNG of 8 bits a channel has, so that a blank picture is known.

import { inflateSync } from 'node:zlib';

function paeth(a, b, c) {
	const p = a + b - c;
	const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
	return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

// { width, height, colours: the number of different ones, most: the share of the most frequent one }
export function look(png) {
	const data = [];
	let width = 0, height = 0, channels = 0;
	for (let at = 8; at < png.length;) {
		const size = png.readUInt32BE(at);
		const type = png.toString('latin1', at + 4, at + 8);
		const body = png.subarray(at + 8, at + 8 + size);
		if (type === 'IHDR') {
			[width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
			channels = { 2: 3, 6: 4 }[body[9]];
			if (body[8] !== 8 || body[12] !== 0 || !channels)
				throw new Error('a PNG of another form');
		}
		if (type === 'IDAT')
			data.push(body);
		at += size + 12;
	}
	const raw = inflateSync(Buffer.concat(data));
	const stride = width * channels;
	const count = new Map();
	let before = new Uint8Array(stride);
	for (let y = 0; y < height; y++) {
		const filter = raw[y * (stride + 1)];
		const line = raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1));
		for (let x = 0; x < stride; x++) {
			const a = x < channels ? 0 : line[x - channels];
			const c = x < channels ? 0 : before[x - channels];
			const b = before[x];
			line[x] += [0, a, b, (a + b) >> 1, paeth(a, b, c)][filter];
		}
		for (let x = 0; x < stride; x += channels) {
			const colour = line[x] << 16 | line[x + 1] << 8 | line[x + 2];
			count.set(colour, (count.get(colour) ?? 0) + 1);
		}
		before = line;
	}
	return { width, height, colours: count.size, most: Math.max(...count.values()) / (width * height) };
}
