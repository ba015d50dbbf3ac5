// SPDX-License-Identifier: BSD-2-Clause
// The tests' side: plain http on the loopback address, JSON in and out.

import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

import { setApi } from './api.mjs';
import { newKey } from './keys.mjs';

// how many refresh tokens each person has, by login: what was revoked or lost is none
function countTokens({ Adapter, people }) {
	const counts = {};

	for (const sub of Adapter.refreshable()) {
		const login = people.loginOf(sub) ?? sub;

		counts[login] = (counts[login] ?? 0) + 1;
	}
	return counts;
}

// world.rebuild() makes a new oidc-provider on the same store
function callsOf(world) {
	return {
		'GET /log': () => world.log.report(),
		'POST /reset': () => {
			world.log.clear();
			world.faults.clear();
			world.callback = {};
			world.shape = {};
			setApi(world, {});
			world.people.restore();
			world.Adapter.dropRefreshTokens();
			world.rebuild();
		},
		'GET /tokens': () => ({ refresh_tokens: countTokens(world) }),
		'POST /fault': (fault) => world.faults.add(fault),
		'POST /rotate': ({ alg }) => {
			world.key = newKey(alg);
			world.rebuild();
			return { kid: world.key.kid };
		},
		'POST /callback': (callback) => { world.callback = callback; },
		'POST /shape': (shape) => {
			world.shape = shape;
			world.rebuild();
		},
		'POST /api': (api) => setApi(world, api),
		'POST /people': (table) => {
			world.people.replace(table);
			world.rebuild();
		},
	};
}

async function answer(calls, req) {
	const call = calls[`${req.method} ${req.url}`];

	if (!call)
		return [404, { error: `no such call; known: ${Object.keys(calls).join(', ')}` }];
	try {
		const hasBody = (req.headers['content-length'] ?? '0') !== '0';
		return [200, call(hasBody ? await json(req) : {}) ?? { done: true }];
	} catch (err) {
		return [400, { error: err.message }];
	}
}

export function newControl(world) {
	const calls = callsOf(world);

	return createServer(async (req, res) => {
		const [status, body] = await answer(calls, req);

		res.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
		res.end(`${JSON.stringify(body)}\n`);
	});
}
