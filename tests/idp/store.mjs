// SPDX-License-Identifier: BSD-2-Clause
// What oidc-provider keeps: in memory, until the process ends. It outlives the
// provider object, which is built anew when keys or people change.

const grantable = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);

export function newStore() {
	const rows = new Map();
	const sessions = new Map();
	const grants = new Map();

	return class Adapter {
		// gives whose refresh tokens could be used now, a subject for each token
		static refreshable() {
			const alive = (one) => one.exp > Date.now() / 1000 && rows.has(`Grant:${one.grantId}`);

			return [...rows].filter(([key, one]) => key.startsWith('RefreshToken:')
				&& !one.consumed && alive(one)).map(([, one]) => one.accountId);
		}

		static dropRefreshTokens() {
			[...rows.keys()].filter((key) => key.startsWith('RefreshToken:'))
				.forEach((key) => rows.delete(key));
		}

		constructor(model) {
			this.model = model;
		}

		key(id) {
			return `${this.model}:${id}`;
		}

		async upsert(id, payload) {
			rows.set(this.key(id), payload);
			if (this.model === 'Session')
				sessions.set(payload.uid, id);
			if (grantable.has(this.model) && payload.grantId) {
				const keys = grants.get(payload.grantId) ?? [];
				grants.set(payload.grantId, [...keys, this.key(id)]);
			}
		}

		async find(id) {
			return rows.get(this.key(id));
		}

		async findByUid(uid) {
			return this.find(sessions.get(uid));
		}

		async findByUserCode() {
			return undefined;
		}

		async consume(id) {
			rows.get(this.key(id)).consumed = Math.floor(Date.now() / 1000);
		}

		async destroy(id) {
			rows.delete(this.key(id));
		}

		async revokeByGrantId(grantId) {
			(grants.get(grantId) ?? []).forEach((key) => rows.delete(key));
			grants.delete(grantId);
		}
	};
}
