// SPDX-License-Identifier: BSD-2-Clause
// The test provider: oidc-provider in the shape of BeProduct, with faults on demand.
// Says on stdout, in one line, that it is ready and where; ends on SIGTERM.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';

import { setApi } from './api.mjs';
import { newControl } from './control.mjs';
import { newEngine } from './engine.mjs';
import { Faults } from './faults.mjs';
import { newApi, newFront } from './front.mjs';
import { newKey } from './keys.mjs';
import { Log } from './log.mjs';
import { readOptions } from './options.mjs';
import { People } from './people.mjs';
import { shaping } from './shape.mjs';
import { newStore } from './store.mjs';

function newWorld(options) {
	const world = {
		options,
		people: new People(options.people),
		key: newKey(),
		log: new Log(),
		faults: new Faults(),
		callback: {},
		shape: {},
		get issuer() { return this.shape.issuer ?? options.issuer.href; },
		// in front of each path; OIDC Discovery 4: a slash at the issuer's end goes
		get prefix() { return new URL(this.issuer).pathname.replace(/\/$/, ''); },
		// these three outlive a rebuild, so that sign-ins under way go on
		Adapter: newStore(),
		cookieKey: randomBytes(32).toString('hex'),
		handedOut: new Map(),
	};

	setApi(world, {});
	world.rebuild = () => { world.engine = newEngine(world, shaping(world)); };
	return world;
}

async function listen(server, port, address) {
	server.listen(port, address);
	await once(server, 'listening');
	return server.address().port;
}

async function main() {
	const world = newWorld(readOptions(process.argv.slice(2)));
	const { options } = world;
	const front = newFront(world);
	const control = newControl(world);

	process.on('SIGTERM', () => process.exit(0));
	const port = await listen(front, options.port, options.address);
	// --port 0: the port is part of the issuer's name, and known only now
	if (options.port === 0)
		options.issuer.port = String(port);
	world.rebuild();
	const apiPort = await listen(newApi(world), options.apiPort, options.address);
	const controlPort = await listen(control, options.controlPort, '127.0.0.1');
	console.log(JSON.stringify({
		ready: true,
		issuer: options.issuer.href,
		port,
		api: `https://${options.issuer.hostname}:${apiPort}`,
		control_port: controlPort,
	}));
}

main().catch((err) => {
	console.error(`provider: ${err.message}`);
	process.exit(1);
});
