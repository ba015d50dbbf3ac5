// SPDX-License-Identifier: BSD-2-Clause
// Koa middleware around oidc-provider's own: the shapes of IdentityServer that
// no configuration gives, then the rewriting faults of this request.

import { randomBytes } from 'node:crypto';

import { edited } from './faults.mjs';

// nothing here is secret: the names of parameters, and what names no person
function noteParameters(ctx, entry) {
	const given = ctx.method === 'POST' ? ctx.oidc?.body : ctx.query;

	if (entry && given)
		entry.noteParameters(given, ctx.get('authorization'));
}

const shapers = {
	discovery(ctx, { callback }) {
		// listed, as by BeProduct, although this client may use neither
		ctx.body.code_challenge_methods_supported = ['plain', 'S256'];
		if (callback.iss_promised)
			ctx.body.authorization_response_iss_parameter_supported = true;
		else
			delete ctx.body.authorization_response_iss_parameter_supported;
	},
	jwks(ctx) {
		ctx.type = 'application/json';
		for (const key of ctx.body.keys)
			key.x5t = key.kid;
	},
	token(ctx, { shape }) {
		// what was granted is what was asked for (RFC 6749 5.1)
		delete ctx.body.scope;
		if (shape.refreshed_id_token === false && ctx.oidc.body.grant_type === 'refresh_token')
			delete ctx.body.id_token;
	},
};

function sessionState() {
	return `${randomBytes(32).toString('base64url')}.${randomBytes(16).toString('hex')}`;
}

// The address the browser is sent to: IdentityServer adds session_state, and no iss.
function shapeCallback(ctx, redirectUris, callback) {
	const location = ctx.response.get('location');

	if (!redirectUris.some((uri) => location.startsWith(`${uri}?`)))
		return;
	const address = new URL(location);
	address.searchParams.delete('iss');
	if (callback.error !== undefined) {
		address.searchParams.delete('code');
		address.searchParams.set('error', callback.error);
	}
	if (address.searchParams.has('code'))
		address.searchParams.set('session_state', sessionState());
	if (callback.iss !== undefined)
		address.searchParams.set('iss', callback.iss);
	ctx.set('location', edited(address.href, callback.edit));
}

// world: options, callback, shape, log, faults, key (read at each request: it changes)
export function shaping(world) {
	return async (ctx, next) => {
		await next();
		const entry = world.log.entryOf(ctx.req);
		const isObject = ctx.status === 200 && ctx.body && typeof ctx.body === 'object';

		noteParameters(ctx, entry);
		shapeCallback(ctx, world.options.redirectUris, world.callback);
		if (!isObject)
			return;
		shapers[entry.endpoint]?.(ctx, world);
		try {
			world.faults.rewrite(ctx, world.key);
		} catch (err) {
			// the fault itself was wrong: never let the good answer pass for it
			entry.fault_error = err.message;
			ctx.status = 500;
			ctx.body = err.message;
		}
	};
}
