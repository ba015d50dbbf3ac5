// SPDX-License-Identifier: BSD-2-Clause
// The command line of the test provider. Secrets come from files, never from
// arguments: arguments can be read by every user of the machine.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

const known = {
	issuer: { type: 'string', default: 'https://id.beproduct.test/ids' },
	address: { type: 'string', default: '127.0.0.1' },
	port: { type: 'string' },
	'api-port': { type: 'string', default: '8443' },
	'control-port': { type: 'string', default: '8099' },
	cert: { type: 'string' },
	key: { type: 'string' },
	'secret-file': { type: 'string' },
	people: { type: 'string', default: here('people.json') },
	'client-id': { type: 'string', default: 'web-hosts' },
	'proof-key-client-id': { type: 'string', default: 'proof-key-hosts' },
	// may be given more than once
	'redirect-uri': {
		type: 'string',
		multiple: true,
		default: ['https://copy-this-address.invalid/', 'http://localhost:8765/callback'],
	},
	'signed-out-uri': { type: 'string', default: 'http://localhost:8765/signed-out' },
};

function portOf(text, name) {
	if (!/^\d{1,5}$/.test(text) || Number(text) > 65535)
		throw new Error(`--${name}: not a port`);
	return Number(text);
}

export function readOptions(argv) {
	const { values } = parseArgs({ args: argv, options: known });

	for (const name of ['cert', 'key', 'secret-file'])
		if (!values[name])
			throw new Error(`--${name} is required`);
	const issuer = new URL(values.issuer);
	if (issuer.protocol !== 'https:')
		throw new Error('--issuer: https only');
	return {
		issuer,
		address: values.address,
		port: portOf(values.port ?? (issuer.port || '443'), 'port'),
		apiPort: portOf(values['api-port'], 'api-port'),
		controlPort: portOf(values['control-port'], 'control-port'),
		certificate: { cert: values.cert, key: values.key },
		secret: readFileSync(values['secret-file'], 'utf8').replace(/\r?\n$/, ''),
		people: values.people,
		clientId: values['client-id'],
		proofKeyClientId: values['proof-key-client-id'],
		redirectUris: values['redirect-uri'],
		signedOutUri: values['signed-out-uri'],
	};
}
