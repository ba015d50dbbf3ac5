// SPDX-License-Identifier: BSD-2-Clause
// What the https side saw, for the tests to ask about. No secret, code, token,
// state or cookie ever enters it: of parameters, the names alone.

const endpoints = {
	'/.well-known/openid-configuration': 'discovery',
	'/.well-known/jwks': 'jwks',
	'/connect/authorize': 'authorize',
	'/connect/token': 'token',
	'/connect/userinfo': 'userinfo',
	'/connect/endsession': 'endsession',
	'/connect/revocation': 'revocation',
	'/connect/introspect': 'introspect',
};

// As many servers have it: several slashes are one.
export function collapsed(url) {
	const [path, ...query] = url.split('?');

	return [path.replace(/\/+/g, '/'), ...query].join('?');
}

// these values are the same for everybody
const plainValues = ['grant_type', 'token_type_hint', 'redirect_uri', 'client_id', 'scope', 'response_type',
	'prompt', 'max_age', 'acr_values', 'code_challenge_method'];

function authMethod(given, authorization) {
	if (authorization)
		return /^(basic|bearer) /i.exec(authorization)?.[1].toLowerCase() ?? 'other';
	return 'client_secret' in given ? 'post' : 'none';
}

class Entry {
	constructor(fields) {
		Object.assign(this, fields);
	}

	noteParameters(given, authorization) {
		this.parameters = Object.keys(given).sort();
		for (const name of plainValues)
			if (name in given)
				this[name] = given[name];
		this.auth = authMethod(given, authorization);
	}
}

export class Log {
	#connections = [];

	#requests = [];

	#entries = new WeakMap();

	#lastConnection = 0;

	#lastRequest = 0;

	clear() {
		this.#connections = [];
		this.#requests = [];
	}

	connection() {
		this.#lastConnection += 1;
		const connection = {
			id: this.#lastConnection, at: Date.now(), tls: null, requests: 0,
		};
		this.#connections.push(connection);
		return connection;
	}

	request(req, connection, prefix, endpoint) {
		const [path] = req.url.split('?');
		const one = collapsed(path);
		const below = one.startsWith(prefix) ? one.slice(prefix.length) : '';

		connection.requests += 1;
		this.#lastRequest += 1;
		const entry = new Entry({
			id: this.#lastRequest,
			connection: connection.id,
			at: Date.now(),
			method: req.method,
			// what follows here is the secret of one browser's sign-in
			path: path.replace(/\/(login|authorize)\/.*/, '/$1/*'),
			endpoint: endpoint ?? endpoints[below] ?? null,
			user_agent: req.headers['user-agent'] ?? null,
			status: null,
		});
		this.#requests.push(entry);
		this.#entries.set(req, entry);
		return entry;
	}

	entryOf(req) {
		return this.#entries.get(req);
	}

	report() {
		return { connections: this.#connections, requests: this.#requests };
	}
}
