// SPDX-License-Identifier: BSD-2-Clause
// The signing keys, and what can be signed with them. An IdentityServer signs
// with the key of a certificate and names it by the certificate's thumbprint:
// so each RSA key comes with a small certificate of its own (x5c, and kid = x5t).

import {
	createHash, createHmac, generateKeyPairSync, randomBytes, sign,
} from 'node:crypto';

const b64 = (data) => Buffer.from(data).toString('base64url');

// --- as much DER as one certificate needs ---

function der(tag, ...parts) {
	const body = Buffer.concat(parts);
	let length = [body.length];

	if (body.length > 255)
		length = [0x82, body.length >> 8, body.length & 255];
	else if (body.length > 127)
		length = [0x81, body.length];
	return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...parts) => der(0x30, ...parts);
const oid = (hex) => der(0x06, Buffer.from(hex, 'hex'));
const utcTime = (text) => der(0x17, Buffer.from(text));
const bitString = (data) => der(0x03, Buffer.from([0]), data);
const sha256WithRsa = sequence(oid('2a864886f70d01010b'), der(0x05));

function nameOf(text) {
	return sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(text)))));
}

function selfSigned(publicKey, privateKey) {
	const serial = Buffer.concat([Buffer.from([0x40]), randomBytes(8)]);
	const name = nameOf('test provider signing');
	const body = sequence(
		der(0xa0, der(0x02, Buffer.from([2]))),
		der(0x02, serial),
		sha256WithRsa,
		name,
		sequence(utcTime('200101000000Z'), utcTime('491231000000Z')),
		name,
		publicKey.export({ type: 'spki', format: 'der' }),
	);

	return sequence(body, sha256WithRsa, bitString(sign('sha256', body, privateKey)));
}

// --- keys ---

function newRsaKey() {
	const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	const certificate = selfSigned(publicKey, privateKey);

	return {
		alg: 'RS256',
		publicKey,
		privateKey,
		kid: b64(createHash('sha1').update(certificate).digest()),
		x5c: [certificate.toString('base64')],
	};
}

const ownMakers = {
	RS256: newRsaKey,
	ES256: () => ({
		alg: 'ES256',
		...generateKeyPairSync('ec', { namedCurve: 'P-256' }),
		kid: b64(randomBytes(20)),
	}),
};

export function newKey(alg = 'RS256') {
	if (!ownMakers[alg])
		throw new Error(`no key for ${alg}`);
	return ownMakers[alg]();
}

// gives the key as oidc-provider wants it; without `alg`, so that the JWKS has none
export function asJwk(key) {
	const { kid, x5c } = key;

	return {
		...key.privateKey.export({ format: 'jwk' }), kid, ...(x5c && { x5c }), use: 'sig',
	};
}

// --- what a key set may hold, beside the provider's own key or in its place ---

function pairOf(type, options) {
	const { publicKey, privateKey } = generateKeyPairSync(type, options);

	return { publicKey, privateKey, jwk: publicKey.export({ format: 'jwk' }) };
}

const makers = {
	rsa: () => pairOf('rsa', { modulusLength: 2048 }),
	'rsa of 1024 bits': () => pairOf('rsa', { modulusLength: 1024 }),
	ec: () => pairOf('ec', { namedCurve: 'P-256' }),
	ed25519: () => pairOf('ed25519'),
	// nothing signs with these
	akp: () => ({ jwk: { kty: 'AKP', alg: 'ML-DSA-44', pub: b64(randomBytes(1312)) } }),
	oct: () => ({ jwk: { kty: 'oct', k: b64(randomBytes(32)) } }),
	unheard: () => ({ jwk: { kty: 'unheard', of: ['nobody'] } }),
};
const made = new Map();

// gives the one of this name, made once, or undefined
export function keyNamed(name) {
	if (makers[name] && !made.has(name))
		made.set(name, makers[name]());
	return made.get(name);
}

function zeroInFront(spelt) {
	return b64(Buffer.concat([Buffer.from([0]), Buffer.from(spelt, 'base64url')]));
}

const ofOwn = {
	own: (own) => own,
	'own, a zero octet in front of n': (own) => ({ ...own, n: zeroInFront(own.n) }),
	'rsa under the kid of own': (own) => ({ ...keyNamed('rsa').jwk, kid: own.kid }),
};

// own: the provider's, as it publishes it; gives a JWK, or undefined
export function published(name, own) {
	const jwk = keyNamed(name)?.jwk;

	return ofOwn[name]?.(own) ?? (jwk && { kid: `of ${name}`, ...jwk });
}

const signers = {
	RS256: (input, key) => sign('sha256', input, key.privateKey),
	RS512: (input, key) => sign('sha512', input, key.privateKey),
	ES256: (input, key) => sign('sha256', input,
		{ key: key.privateKey, dsaEncoding: 'ieee-p1363' }),
	none: () => Buffer.alloc(0),
	// The classic confusion: the public key, which everybody has, as the MAC's key.
	HS256: (input, key) => createHmac('sha256', key.publicKey.export({ type: 'spki', format: 'pem' }))
		.update(input).digest(),
};

// header and payload are texts: some tests need what JSON.stringify never writes
export function signTexts(header, payload, alg, key) {
	const input = `${b64(header)}.${b64(payload)}`;

	if (!signers[alg])
		throw new Error(`cannot sign with ${alg}`);
	return `${input}.${b64(signers[alg](Buffer.from(input), key))}`;
}

export function signJwt(payload, key) {
	return signTexts(
		JSON.stringify({ typ: 'JWT', alg: key.alg, x5t: key.kid, kid: key.kid }),
		JSON.stringify(payload),
		key.alg,
		key,
	);
}
