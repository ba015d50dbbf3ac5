// SPDX-License-Identifier: BSD-2-Clause
// Answers that are given in oidc-provider's place: a row a kind of fault.

import { text as bodyText } from 'node:stream/consumers';

function send(res, status, type, body, headers = {}) {
	res.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers });
	res.end(body);
}

const json = 'application/json';

function answerDrip(res, fault) {
	const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-drip: ';
	let sent = 0;
	let one = () => res.write(' ');

	if (fault.drip === 'header')
		one = () => res.socket.write(head[sent] ?? 'x');
	else
		res.writeHead(200, { 'content-type': json, 'content-length': 1000000 });
	const timer = setInterval(() => {
		one();
		sent += 1;
	}, 1000);
	one();
	sent += 1;
	res.on('close', () => clearInterval(timer));
}

function answerHuge(res) {
	const piece = Buffer.alloc(64 * 1024, 'a');
	const more = () => {
		while (!res.destroyed && res.write(piece));
	};

	res.writeHead(200, { 'content-type': json });
	res.write('{"huge":"');
	res.on('drain', more);
	more();
}

// A length is promised and not kept; or nothing at all comes, and a reset.
function answerClose(res, fault, raw) {
	if (fault.close !== 'body') {
		raw.resetAndDestroy();
		return;
	}
	res.writeHead(200, { 'content-type': json, 'content-length': 1000 });
	res.write('{"half":', () => res.socket.destroy());
}

// each is called with (response, fault, TCP socket below TLS)
export const answers = {
	status: (res, f) => send(res, f.status, f.type ?? 'text/plain', f.body ?? '', f.headers),
	error: (res, f) => send(
		res, f.status ?? 400, json,
		JSON.stringify({ error: f.error, error_description: f.error_description }), f.headers,
	),
	raw: (res, f) => send(res, f.status ?? 200, f.type ?? json, f.raw, f.headers),
	redirect: (res, f) => send(res, f.location_status ?? 302, 'text/plain', '', { location: f.redirect }),
	silent: () => {},
	drip: answerDrip,
	huge: answerHuge,
	close: answerClose,
};

// Reads the request first, as a server does, so that its parameters are logged.
export async function answerFault(one, entry, req, res, raw) {
	const body = req.body ?? await bodyText(req);

	if (req.method === 'POST')
		entry.noteParameters(Object.fromEntries(new URLSearchParams(body)), req.headers.authorization);
	answers[one.kinds[0]](res, one.fault, raw);
}
