// SPDX-License-Identifier: BSD-2-Clause
// BeProduct's public API, on an origin of its own: the users of a company, for
// who has an access token of one of them with one of the API's scopes.

const scopes = ['BeProductPublicApi'];
const json = 'application/json';

// Documents show it wrapped, the SDKs read it bare.
const shapes = {
	wrapped: (users) => `{"kind":"User","data":${users}}`,
	array: (users) => users,
	object: (users) => users,
};

function refuse(res, status, error) {
	res.writeHead(status, error ? { 'www-authenticate': `Bearer error="${error}"` } : {});
	res.end();
}

async function tokenOf(world, req) {
	const [, text] = /^Bearer (\S+)$/.exec(req.headers.authorization ?? '') ?? [];
	const token = text && await world.engine.provider.AccessToken.find(text);

	return token?.isValid ? token : undefined;
}

// How users are asked for: each gives one of the company, a list of them, or undefined.
const questions = {
	GetByEmail: ({ people }, company, rest, query) => (rest === undefined
		? people.userByEmail(company, query.get('email')) : undefined),
	GetById: ({ people }, company, rest) => (rest === undefined
		? undefined : people.userById(company, decodeURIComponent(rest))),
	List: ({ people }, company, rest) => (rest === undefined ? people.users(company) : undefined),
};

function answerUsers(world, req, res, entry, users) {
	const ctx = { req, body: users, type: json };

	try {
		world.faults.rewrite(ctx, world.key);
	} catch (err) {
		entry.fault_error = err.message;
		refuse(res, 500);
		return;
	}
	const text = typeof ctx.body === 'string' ? ctx.body : JSON.stringify(ctx.body);
	const isBare = Array.isArray(users) || world.api.shape === 'object';

	res.writeHead(200, { 'content-type': json });
	res.end(shapes[world.api.shape](isBare ? text : `[${text}]`));
}

// gives what answers a request for the API, once it is logged and has no fault
export function answerApi(world) {
	return async (req, res, entry) => {
		const { pathname, searchParams } = new URL(req.url, 'https://any');
		const [, company, how, rest] = /^\/api\/([^/]+)\/Users\/([^/]+)(?:\/([^/]+))?$/.exec(pathname) ?? [];

		entry.noteParameters(Object.fromEntries(searchParams), req.headers.authorization);
		if (!Object.hasOwn(questions, how ?? '') || req.method !== 'GET') {
			refuse(res, 404);
			return;
		}
		const token = await tokenOf(world, req);
		if (!token) {
			refuse(res, 401, 'invalid_token');
			return;
		}
		if (!token.scope.split(' ').some((one) => scopes.includes(one))) {
			refuse(res, 403, 'insufficient_scope');
			return;
		}
		if (world.people.companyOf(token.accountId) !== company) {
			refuse(res, 403);
			return;
		}
		const users = questions[how](world, company, rest, searchParams);
		if (users)
			answerUsers(world, req, res, entry, users);
		else
			refuse(res, 404);
	};
}

export function setApi(world, { shape = 'wrapped' }) {
	if (!shapes[shape])
		throw new Error(`shape: one of ${Object.keys(shapes).join(', ')}`);
	world.api = { shape };
}
