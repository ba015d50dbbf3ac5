// SPDX-License-Identifier: BSD-2-Clause
// Faults that a test asks for. One that answers by itself (answers.mjs) keeps the
// request from oidc-provider; one that rewrites lets it work, and changes what
// it answered with 200.

import { answers } from './answers.mjs';
import {
	keyNamed, newKey, published, signJwt, signTexts,
} from './keys.mjs';

const faulty = ['discovery', 'jwks', 'token', 'userinfo', 'revocation', 'api'];
const rewriters = ['patch', 'edit', 'idtoken', 'keys', 'reverse', 'jwt'];
const others = ['endpoint', 'grant_type', 'count', 'type', 'body', 'headers', 'error_description', 'location_status'];

// JSON merge-patch (RFC 7396)
export function mergePatch(target, patch) {
	if (patch === null || typeof patch !== 'object' || Array.isArray(patch))
		return patch;
	const result = target && typeof target === 'object' && !Array.isArray(target) ? { ...target } : {};
	for (const [name, value] of Object.entries(patch)) {
		if (value === null)
			delete result[name];
		else
			result[name] = mergePatch(result[name], value);
	}
	return result;
}

// JSON's members have no order (RFC 8259 4); elements of arrays do.
function reversed(value) {
	if (Array.isArray(value))
		return value.map(reversed);
	if (value === null || typeof value !== 'object')
		return value;
	return Object.fromEntries(Object.entries(value).reverse()
		.map(([name, one]) => [name, reversed(one)]));
}

// list: names that keys.mjs has, or pairs of a name and a merge-patch
function keySet(own, list) {
	return list.map((one) => {
		const [name, patch] = [one].flat();
		const jwk = published(name, own);

		if (!jwk)
			throw new Error(`fault: no key named ${name}`);
		return mergePatch(jwk, patch ?? {});
	});
}

// A test whose text is not there would test nothing: so that is an error.
export function edited(text, edit) {
	if (!edit)
		return text;
	if (!text.includes(edit.find))
		throw new Error(`fault: nothing to edit: ${edit.find}`);
	return text.replace(edit.find, () => edit.put);
}

let otherKey;

function signingKey(name, key) {
	if (name === undefined)
		return key;
	if (name === 'other') {
		if (otherKey?.alg !== key.alg)
			otherKey = newKey(key.alg);
		return otherKey;
	}
	const named = keyNamed(name);
	if (!named?.privateKey)
		throw new Error(`fault: no key named ${name}`);
	return named;
}

function resigned(jwt, change, key) {
	const [header, payload] = jwt.split('.').slice(0, 2)
		.map((part) => JSON.parse(Buffer.from(part, 'base64url')));
	const alg = change.alg ?? key.alg;
	const ordered = change.reverse ? reversed : (value) => value;
	const text = (value, patch) => JSON.stringify(ordered(mergePatch(value, patch ?? {})));

	return signTexts(
		text({ ...header, alg }, change.header),
		edited(text(payload, change.payload), change.payload_edit),
		alg,
		signingKey(change.key, key),
	);
}

function kindsOf(fault) {
	// `status` stands beside `error` and `raw` too; alone it is a kind of its own
	const kinds = Object.keys(fault).filter((name) => !others.includes(name));
	const main = kinds.filter((name) => name !== 'status');

	return main.length ? main : kinds;
}

function checked(fault) {
	const kinds = kindsOf(fault);
	const rewriting = kinds.filter((kind) => rewriters.includes(kind));

	if (!faulty.includes(fault.endpoint))
		throw new Error(`endpoint: one of ${faulty.join(', ')}`);
	if (fault.grant_type !== undefined && fault.endpoint !== 'token')
		throw new Error('grant_type: of the token endpoint alone');
	for (const kind of kinds)
		if (!answers[kind] && !rewriters.includes(kind))
			throw new Error(`no fault named ${kind}`);
	if (kinds.length === 0 || (kinds.length > 1 && rewriting.length !== kinds.length))
		throw new Error(`one fault, or several of ${rewriters.join(', ')}`);
	return { fault, kinds, answersItself: rewriting.length === 0, left: fault.count ?? Infinity };
}

export class Faults {
	#set = [];

	#ofRequest = new WeakMap();

	clear() {
		this.#set = [];
	}

	add(fault) {
		this.#set.push(checked(fault));
	}

	// is there one for which a request's grant_type counts?
	tellGrants(endpoint) {
		return this.#set.some(({ fault }) => fault.endpoint === endpoint && fault.grant_type);
	}

	// gives the fault of this request, or undefined; it counts as used from here
	take(subject, endpoint, grantType) {
		for (const one of this.#set) {
			if (one.fault.endpoint !== endpoint || one.left <= 0
				|| (one.fault.grant_type ?? grantType) !== grantType)
				continue;
			one.left -= 1;
			this.#ofRequest.set(subject, one);
			return one;
		}
		return undefined;
	}

	// key: the provider's own at this moment
	rewrite(ctx, key) {
		const one = this.#ofRequest.get(ctx.req);

		if (!one)
			return;
		const {
			idtoken, keys, patch, edit, reverse, jwt,
		} = one.fault;
		let { body } = ctx;
		if (idtoken)
			body = { ...body, id_token: resigned(body.id_token, idtoken, key) };
		if (keys)
			body = { ...body, keys: keySet(body.keys[0], keys) };
		if (patch)
			body = mergePatch(body, patch);
		if (reverse)
			body = reversed(body);
		const type = jwt ? 'application/jwt' : one.fault.type ?? ctx.type;
		ctx.body = jwt ? signJwt(body, key) : edited(JSON.stringify(body), edit);
		ctx.type = type;
	}
}
