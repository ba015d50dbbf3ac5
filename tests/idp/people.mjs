// SPDX-License-Identifier: BSD-2-Clause
// Who can sign in. A person is
//   { "password": "...", "sub": "...", "roles": [ ... ], "claims": { ... } }
// Roles become the claim `role` as BeProduct has it: absent for none, a string
// for one, an array for several. A claim is answered as it stands in the table,
// so that `role` or `email_verified` of any odd type can be had. For the public
// API, who has a claim `company` is a user of it, with an id of its own (`id`;
// without one the subject) and the same roles, active unless `active` is false.

import { readFileSync } from 'node:fs';

// These belong to scopes of their own; every other claim comes with `profile`.
const scoped = { email: ['email', 'email_verified'], roles: ['role'] };

export class People {
	#table = {};

	#file;

	constructor(file) {
		this.#file = file;
		this.restore();
	}

	restore() {
		this.replace(JSON.parse(readFileSync(this.#file, 'utf8')));
	}

	replace(table) {
		for (const [login, person] of Object.entries(table))
			if (typeof person.sub !== 'string' || typeof person.password !== 'string')
				throw new Error(`${login}: a person needs sub and password`);
		this.#table = table;
	}

	// gives the subject, or undefined where login or password do not fit
	signIn(login, password) {
		const person = Object.hasOwn(this.#table, login) ? this.#table[login] : undefined;

		return person?.password === password ? person.sub : undefined;
	}

	// gives who signs in as this subject, or undefined
	loginOf(sub) {
		return Object.keys(this.#table).find((login) => this.#table[login].sub === sub);
	}

	// gives the claims of UserInfo, or undefined where nobody has this subject
	claims(sub) {
		const person = Object.values(this.#table).find((p) => p.sub === sub);

		if (!person)
			return undefined;
		return { ...roleClaim(person.roles ?? []), ...person.claims, sub };
	}

	companyOf(sub) {
		return this.claims(sub)?.company;
	}

	// these give the user of the public API, or undefined
	userByEmail(company, email) {
		return this.#user(company, (p) => email
			&& p.claims.email?.toLowerCase() === email.toLowerCase());
	}

	userById(company, id) {
		return this.#user(company, (p) => String(idOf(p)) === id);
	}

	users(company) {
		return Object.entries(this.#table)
			.filter(([, p]) => p.claims?.company === company)
			.map(([login, person]) => userOf(login, person));
	}

	#user(company, isAsked) {
		const [login, person] = Object.entries(this.#table)
			.find(([, p]) => p.claims?.company === company && isAsked(p)) ?? [];

		return person && userOf(login, person);
	}

	// gives which claims each scope opens, for everybody in the table
	claimsOfScopes() {
		const names = new Set(Object.values(this.#table)
			.flatMap((p) => Object.keys(p.claims ?? {})));

		for (const name of [...scoped.email, ...scoped.roles, 'sub'])
			names.delete(name);
		return { ...scoped, profile: [...names] };
	}
}

function idOf({ id, sub }) {
	return id ?? sub;
}

function userOf(login, person) {
	const { claims, roles = [], active = true } = person;
	const [firstName, lastName] = (claims.name ?? '').split(' ');

	return {
		id: idOf(person),
		email: claims.email,
		username: login,
		firstName,
		lastName,
		title: '',
		accountType: 'User',
		...roleClaim(roles),
		registerdOn: '2020-02-20T10:00:00Z',
		active,
	};
}

function roleClaim(roles) {
	if (roles.length === 0)
		return {};
	return { role: roles.length === 1 ? roles[0] : roles };
}
