// SPDX-License-Identifier: BSD-2-Clause
// The pages a person sees. No JavaScript: the scripted person reads them too.

import { text as bodyText } from 'node:stream/consumers';

export function text(value) {
	return String(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

export function page(title, body) {
	return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${text(title)}</title></head>
<body><h1>${text(title)}</h1>
${body}
</body></html>
`;
}

const cancelButton = '<button name="button" value="cancel">Cancel</button>';

function loginForm(message) {
	return page('Sign in', `<p>${text(message)}</p>
<form method="post">
<p><label>Login <input name="login" autocomplete="username" autofocus></label></p>
<p><label>Password <input name="password" type="password" autocomplete="current-password"></label></p>
<p><button name="button" value="login">Sign in</button>
${cancelButton}</p>
</form>`);
}

function accountForm(login) {
	return page('Choose an account', `<form method="post">
<p><input type="hidden" name="account" value="${text(login)}">
<button name="button" value="continue">Go on as ${text(login)}</button>
<button name="button" value="other">Another account</button>
${cancelButton}</p>
</form>`);
}

function consentForm({ client_id: client, scope }) {
	return page('Permission', `<p>${text(client)} asks for: ${text(scope)}</p>
<form method="post">
<p><input type="hidden" name="consent" value="${text(scope)}">
<button name="button" value="allow">Allow</button>
${cancelButton}</p>
</form>`);
}

function send(res, status, html) {
	res.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
	res.end(html);
}

const cancelled = { error: 'access_denied', error_description: 'the person cancelled' };

// Nobody is asked for consent on a page of its own, but where `prompt` says so.
function signedIn(sub, { prompt = '' }) {
	const asks = prompt.split(' ').includes('consent');

	return {
		login: { accountId: sub, amr: ['password'] },
		select_account: {},
		...(asks ? {} : { consent: {} }),
	};
}

// What a page is answered with: a result for oidc-provider, or the next page.
const presses = {
	cancel: () => ({ result: cancelled }),
	login: (form, { people, params }) => {
		const sub = people.signIn(form.get('login') ?? '', form.get('password') ?? '');

		return sub ? { result: signedIn(sub, params) }
			: { html: loginForm('Wrong login or password.') };
	},
	continue: () => ({ result: { select_account: {} } }),
	other: () => ({ html: loginForm('Sign in with another account.') }),
	allow: () => ({ result: { consent: {} } }),
};

// Each prompt's page; without one it is answered as it is.
const screens = {
	login: () => ({ html: loginForm('Sign in with your BeProduct account.') }),
	select_account: ({ people, session }) => {
		const login = session && people.loginOf(session.accountId);

		return { html: login ? accountForm(login) : screens.login().html };
	},
	consent: ({ prompt, params }) => (prompt.reasons.includes('consent_prompt')
		? { html: consentForm(params) } : { result: { consent: {} } }),
};

async function next(details, req) {
	if (req.method !== 'POST')
		return screens[details.prompt.name](details);
	const form = new URLSearchParams(await bodyText(req));
	return (presses[form.get('button')] ?? presses.login)(form, details);
}

// answers one request below ISSUER/login/
export async function answerLogin(provider, people, req, res) {
	try {
		const { prompt, params, session } = await provider.interactionDetails(req, res);
		const { html, result } = await next({ prompt, params, session, people }, req);

		if (html)
			return send(res, 200, html);
		return await provider.interactionFinished(req, res, result,
			{ mergeWithLastSubmission: !result.error });
	} catch (err) {
		return send(res, 400, page('Error', `<p>${text(err.error_description ?? err.message)}</p>`));
	}
}
