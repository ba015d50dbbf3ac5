// SPDX-License-Identifier: BSD-2-Clause
// The https sides: they count connections and requests, apply the faults that
// answer by themselves, and hand the rest to the login pages or oidc-provider,
// or to the public API.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { text as bodyText } from 'node:stream/consumers';

import { answerFault } from './answers.mjs';
import { answerApi } from './api.mjs';
import { collapsed } from './log.mjs';
import { answerLogin } from './pages.mjs';

// Node says officially only the address of the TCP socket below a TLS socket:
// hence its own private member.
const below = (socket) => socket._parent;

function watchConnections(server, { log }) {
	const found = new WeakMap();

	server.on('connection', (raw) => {
		const connection = log.connection();

		found.set(raw, { raw, connection });
		raw.on('error', () => {});
	});
	server.on('secureConnection', (socket) => {
		socket.found = found.get(below(socket));
		socket.found.connection.tls = socket.getProtocol();
	});
	server.on('tlsClientError', (err, socket) => socket.destroy());
}

// The plain code flow that BeProduct registers knows no proof key: a challenge is
// dropped, and a verifier without one is refused, unless it is the other client's.
function bend(url, proofKeyClientId) {
	const address = new URL(url, 'https://any');
	const query = address.searchParams;

	if (!address.pathname.endsWith('/connect/authorize'))
		return url;
	if (query.get('client_id') !== proofKeyClientId) {
		query.delete('code_challenge');
		query.delete('code_challenge_method');
	}
	return address.pathname + address.search;
}

// What only some grants are to meet needs the request's body before it is judged;
// oidc-provider then finds it here.
async function grantType(req, entry, { faults }) {
	if (!faults.tellGrants(entry.endpoint))
		return undefined;
	req.body = await bodyText(req);
	return new URLSearchParams(req.body).get('grant_type');
}

// endpoint: which one all of it is; none: the log tells by the path
function handler(world, answer, endpoint) {
	return async (req, res) => {
		const { prefix } = world;
		const { raw, connection } = req.socket.found;
		const entry = world.log.request(req, connection, prefix, endpoint);
		const one = world.faults.take(req, entry.endpoint, await grantType(req, entry, world));

		res.on('finish', () => { entry.status = res.statusCode; });
		if (one) {
			entry.fault = one.kinds.join('+');
			if (one.answersItself) {
				await answerFault(one, entry, req, res, raw);
				return;
			}
		}
		await answer(req, res, entry);
	};
}

// world.engine is read at each request: it is built anew when keys change
function answerIssuer(world) {
	return async (req, res) => {
		const { prefix } = world;

		req.url = collapsed(req.url);
		if (req.url.startsWith(`${prefix}/login/`)) {
			await answerLogin(world.engine.provider, world.people, req, res);
			return;
		}
		if (!req.url.startsWith(`${prefix}/`)) {
			res.writeHead(404).end();
			return;
		}
		// oidc-provider finds the prefix as the difference of these two
		req.originalUrl = bend(req.url, world.options.proofKeyClientId);
		req.url = req.originalUrl.slice(prefix.length);
		world.engine.answer(req, res);
	};
}

function newServer(world, answer) {
	const { cert, key } = world.options.certificate;
	const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (req, res) => {
		// a client may go away at any point of it
		answer(req, res).catch(() => res.destroy());
	});

	server.on('clientError', (err, socket) => socket.destroy());
	watchConnections(server, world);
	return server;
}

export function newFront(world) {
	return newServer(world, handler(world, answerIssuer(world)));
}

export function newApi(world) {
	return newServer(world, handler(world, answerApi(world), 'api'));
}
